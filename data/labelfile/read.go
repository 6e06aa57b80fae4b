package labelfile

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"prep/data"

	"golang.org/x/text/unicode/norm"
)

// ErrNoLabels is why a file is none of labels: prose, a picture, an empty table.
var ErrNoLabels = errors.New("no labels in it")

// Bounds on what is taken in from outside.
const (
	maxMarks  = 4 << 20 // of a file
	maxFaults = 100     // told one by one; the others are counted
	headBytes = 64 << 10
)

// input is a file to be read.
type input struct {
	name string // in lower case, without folders
	raw  []byte
	head string // the beginning of the text, "" of what is no text
	src  Source
	opts Options

	enc   decoding
	notes []string // on how the text was decoded
}

// text returns the whole file as text.
func (in *input) text() string { return in.enc.text(in.raw) }

// hasExtension says whether the file's name ends in one of the endings, which
// are given in lower case.
func (in *input) hasExtension(endings ...string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(in.name, e) })
}

// Read reads a label file of any format; its content says which, its name helps.
// The source is the recording that it lies beside. An error says in plain words
// why the file holds no labels and wraps ErrNoLabels when that is all that is
// wrong with it; parts that cannot be read are Faults of the Reading.
func Read(name string, content []byte, src Source, o Options) (Reading, error) {
	in, err := open(name, content, src, o)
	if err != nil {
		return Reading{}, err
	}
	f := recognize(in)
	if f == nil {
		return Reading{}, fmt.Errorf("%w: it is of no known format", ErrNoLabels)
	}
	out := &reading{Reading: Reading{Format: f.name}}
	if !f.binary {
		out.Notes = in.notes
	}
	if err := f.read(in, out); err != nil {
		return Reading{}, err
	}
	if len(out.Marks) == 0 && len(out.Faults) == 0 {
		return Reading{}, fmt.Errorf("%w: %s", ErrNoLabels, strings.Join(append(out.Notes, "it is empty")[:max(1, len(out.Notes))], "; "))
	}
	return out.Reading, nil
}

// Readable says whether Read would find a label in a file; of formats of lines
// it reads the beginning alone.
func Readable(name string, content []byte) bool {
	if len(content) > headBytes {
		in, err := open(name, content, Source{}, Options{})
		if err != nil {
			return false
		}
		if f := recognize(in); f == nil || f.lines {
			content = content[:max(1, bytes.LastIndexByte(content[:headBytes], '\n'))]
		}
	}
	r, err := Read(name, content, Source{}, Options{})
	return err == nil && len(r.Marks) > 0
}

// open decodes the head of a file.
func open(name string, content []byte, src Source, o Options) (*input, error) {
	in := &input{name: strings.ToLower(filepath.Base(filepath.FromSlash(name))), raw: content, src: src, opts: o}
	var err error
	if in.enc, in.notes, err = decodingOf(content, o.Encoding); err != nil {
		return nil, err
	}
	in.head = in.enc.text(content[:min(len(content), headBytes)])
	return in, nil
}

// recognize returns the format of a file, nil where none knows it.
func recognize(in *input) *format {
	for i, f := range formats {
		if f.recognizes != nil && (f.binary || in.enc.isText) && f.recognizes(in) {
			return &formats[i]
		}
	}
	return nil
}

// reading is a Reading while it comes into being.
type reading struct {
	Reading
	more int // faults that are only counted
}

// addMark takes in a mark with its class and its file's name cleaned, or tells
// why it is none: its times are no times, or it ends before it begins. It
// returns false when the file holds more marks than any recording has.
func (r *reading) addMark(m Mark) bool {
	if len(r.Marks) >= maxMarks {
		r.addFault(m.Line, fmt.Errorf("more than %d labels; the rest is left out", maxMarks))
		return false
	}
	if err := timesOf(m); err != nil {
		r.addFault(m.Line, err)
		return true
	}
	if m.End == m.Onset {
		m.End = 0 // a point
	}
	m.Class, m.File, m.Who = cleanName(m.Class), cleanName(m.File), cleanName(m.Who)
	if len(m.Who) > data.MaxName {
		r.addFault(m.Line, fmt.Errorf("who said it has %d bytes; %d are allowed", len(m.Who), data.MaxName))
		return true
	}
	r.Marks = append(r.Marks, m)
	return true
}

// addFault takes in a fault; after many they are only counted.
func (r *reading) addFault(line int, err error) {
	if len(r.Faults) < maxFaults {
		r.Faults = append(r.Faults, Fault{line, err.Error()})
		return
	}
	r.more++
	r.Faults[maxFaults-1].Reason = fmt.Sprintf("this and %d more parts after it cannot be read", r.more)
}

// note adds a sentence on what was decided.
func (r *reading) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// timesOf returns an error when a mark's times cannot be those of a sound.
func timesOf(m Mark) error {
	switch {
	case math.IsNaN(m.Onset) || math.IsNaN(m.End) || m.Onset < 0 || m.End < 0 || m.Onset > 1e9 || m.End > 1e9:
		return fmt.Errorf("%g s to %g s lies outside any recording", m.Onset, m.End)
	case m.End != 0 && m.End < m.Onset:
		return fmt.Errorf("it ends at %g s, before it begins at %g s", m.End, m.Onset)
	}
	return nil
}

// cleanName returns a class or a person's name in NFC, without control
// characters and without space around it.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if data.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return norm.NFC.String(strings.TrimSpace(s))
}
