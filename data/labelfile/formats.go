package labelfile

import (
	"io"
	"slices"
)

// format is a kind of label file. Each has a file of its own here with its
// reader and its writer, and a line in tables or markup.
type format struct {
	name string
	// extension is that of the files written, by which a reader of the folder
	// knows them beside the recordings; of a file for all recordings it is the
	// whole name.
	extension string
	// binary is true of a format that is no text: it gets no text, only bytes.
	binary bool
	// recognizes looks at a file's name and head, cheaply. It may be wrong of a
	// file that is none: then read says so.
	recognizes func(in *input) bool
	// lines is true of a format whose beginning can be read alone.
	lines bool
	// read takes the labels into out; an error says that the file is not of this
	// format, or that no part of it can be read. Classes and names of files need
	// not be cleaned, nor marks be checked: out.addMark does both. It may set
	// out.Format to a kind of its own.
	read func(in *input, out *reading) error
	// write writes the labels of one recording, writeAll those of all; one of
	// them or, where a format cannot be written, neither is set.
	write    func(w io.Writer, r Recording) error
	writeAll func(w io.Writer, all []Recording) error
	// also is a further file for all recordings, which the other needs.
	also *companion
}

// companion is a file beside one for all recordings.
type companion struct {
	name  string
	write func(w io.Writer, all []Recording) error
}

// formats are all kinds of label files: a file is of the first that recognizes
// it. The tables come last, for they take any lines with times in them.
var formats = slices.Concat(markup, tables)

// Formats returns the names of the formats that labels can be written in, sorted.
func Formats() (names []string) {
	for _, f := range formats {
		if f.write != nil || f.writeAll != nil {
			names = append(names, f.name)
		}
	}
	slices.Sort(names)
	return names
}

// formatNamed returns the format of this name, nil where there is none that can
// be written.
func formatNamed(name string) *format {
	for i, f := range formats {
		if f.name == name && (f.write != nil || f.writeAll != nil) {
			return &formats[i]
		}
	}
	return nil
}
