// Package labelfile reads and writes the label files of other programs: one file
// a format, its reader and its writer side by side.
//
// A reader decides once a file what its columns, tiers and units are, says what
// it decided, and never guesses in silence: what it does not understand it
// leaves out and names. A file in which nothing is a label is no label file.
package labelfile

import "prep/data"

// Mark is what a label file says about a moment or a stretch of a recording.
type Mark struct {
	// Line is where in the file it says so, counted from 1: a line of text, or
	// the number of the element in its list.
	Line int
	// Onset and End are seconds from the recording's first sample; End is 0
	// where the file gives none.
	Onset, End float64
	// Class is the file's word for it, in NFC, without space around it; "" where
	// it has none.
	Class string
	// Whole says that the class is that of the whole recording; Onset and End
	// are 0.
	Whole bool
	// File names the recording that it is about, as the file does; "" where the
	// file is about one recording alone and does not name it.
	File string
	// Who is the person or the model that said so, "" where the file does not
	// tell; Model is true of a model.
	Who   string
	Model bool
}

// Fault is a part of a file that could not be read.
type Fault struct {
	Line   int // as of a Mark
	Reason string
}

// Reading is what a reader made of a file.
type Reading struct {
	Format string // one of the Formats
	// Marks are the labels, in the order of the file.
	Marks []Mark
	// Faults are what could not be read; the marks are whole where there are none.
	Faults []Fault
	// Notes are sentences on what was decided and what was left out: "the class
	// is in the column "sound"", "left out: the tier "phrase" (3 intervals)".
	Notes []string
}

// Options say what a file does not. The zero value leaves all to the reader.
type Options struct {
	// Columns names, or numbers from 1, the columns of tables.
	Columns Columns `yaml:"columns" json:"columns,omitzero"`
	// Tier names the tier of files that have several; all others are left out.
	Tier string `yaml:"tier" json:"tier,omitempty"`
	// Unit is that of the times of tables: s, ms or samples (of Rate).
	Unit string `yaml:"unit" json:"unit,omitempty"`
	// Encoding is that of text: a name of the WHATWG encoding standard, such as
	// "windows-1251" or "shift_jis".
	Encoding string `yaml:"encoding" json:"encoding,omitempty"`
	// Notes are the classes of MIDI notes, besides those of General MIDI.
	Notes map[int]string `yaml:"notes" json:"notes,omitempty"`
}

// Columns are the columns of a table, each by its name in the header or by its
// number from 1; "" is left to the reader.
type Columns struct {
	Onset    string `yaml:"onset" json:"onset,omitempty"`
	End      string `yaml:"end" json:"end,omitempty"`
	Duration string `yaml:"duration" json:"duration,omitempty"`
	Class    string `yaml:"class" json:"class,omitempty"`
	File     string `yaml:"file" json:"file,omitempty"`
	Who      string `yaml:"who" json:"who,omitempty"`
}

// Source is what a reader knows of the recording that a file lies beside; the
// zero value is nothing, as for a table of many recordings.
type Source struct {
	Rate data.Rate // of the source file, for times that are counted in samples
	// Seconds is the recording's length, 0 where it is not known.
	Seconds float64
}

// Recording is one recording with its labels, for a writer.
type Recording struct {
	data.Recording
	// Marks are by onset; none ends after the next begins where a format has no
	// room for that.
	Marks []Mark
	// ByPeople says that people have named all of them.
	ByPeople bool
	// Audio is where the recording's audio lies, as seen from the folder that the
	// set lies in, with forward slashes, for formats that name it:
	// "set/audio/0123456789abcdef.wav".
	Audio string
}
