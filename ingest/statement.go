package ingest

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"prep/data"
	"prep/data/labelfile"
)

// Statements: what a label file says, which is in seconds and in its own words,
// becomes labels, which are in samples and in the classes of the set.

// statement is what one label file says of a recording.
type statement struct {
	name    string             // the file's, for reports
	labels  map[int]data.Label // by onset
	class   string             // of the whole recording, "" where it says none
	whole   bool               // all of the file could be read
	dropped int                // labels of classes that the set is not to have
	skips   []data.Skip        // what of the file says nothing
	notes   []string           // what was decided in reading it
	err     error              // why it holds no labels
}

// maxLabelFile bounds a label file: a label a millisecond for an hour is 100 MB,
// one every 20 ms for ten hours 40 MB.
const maxLabelFile = 64 << 20

// statement reads a label file about a recording. What of it could not be read
// is reported under name.
func (c Config) statement(path, name string, r data.Recording) *statement {
	s := &statement{name: name}
	b, err := labelfile.Load(path, maxLabelFile)
	if err != nil {
		s.err = err
		s.skip(name, reason(err))
		return s
	}
	src := labelfile.Source{Rate: r.SourceRate, Seconds: float64(r.Samples) / float64(r.Rate)}
	read, err := labelfile.Read(filepath.Base(path), b, src, c.Labelling.Options())
	if s.err = err; err != nil {
		if !errors.Is(err, labelfile.ErrNoLabels) {
			s.skip(name, reason(err))
		}
		return s
	}
	s.notes = read.Notes
	s.report(read.Faults, len(read.Marks))
	s.whole = len(read.Faults) == 0
	s.place(c, read.Marks, r)
	return s
}

func (s *statement) skip(item, why string) {
	s.skips = append(s.skips, data.Skip{Item: oneLine(item), Reason: oneLine(why)})
}

// maxFaults is how many lines of one file are reported one by one.
const maxFaults = 5

// report says which parts of the file could not be read.
func (s *statement) report(faults []labelfile.Fault, marks int) {
	if marks == 0 && len(faults) > 0 {
		s.skip(s.name, fmt.Sprintf("no labels in it; line %d: %s", faults[0].Line, faults[0].Reason))
		return
	}
	for i, f := range faults {
		if i == maxFaults {
			s.skip(s.name, fmt.Sprintf("%d more lines that are no labels", len(faults)-i))
			return
		}
		s.skip(fmt.Sprintf("%s:%d", s.name, f.Line), f.Reason)
	}
}

// place makes labels of marks: samples of the set's rate, classes by their
// aliases. What lies far beyond the end, or contradicts an earlier line, is reported.
func (s *statement) place(c Config, marks []labelfile.Mark, r data.Recording) {
	s.labels = map[int]data.Label{}
	if s.otherUnit(marks, r) {
		return
	}
	marks = slices.Clone(marks)
	slices.SortStableFunc(marks, func(a, b labelfile.Mark) int { return cmp.Compare(a.Onset, b.Onset) })
	for _, m := range marks {
		class, ok := c.Class(m.Class)
		if !ok {
			s.dropped++
			continue
		}
		class, err := data.Name(class)
		if err != nil {
			s.skip(fmt.Sprintf("%s:%d", s.name, m.Line), err.Error())
			continue
		}
		if m.Whole {
			s.giveClass(class, m)
			continue
		}
		l := data.Label{Recording: r.ID, Onset: samples(m.Onset, r.Rate), Class: class, By: data.ByImport, Who: m.Who}
		if end := min(samples(m.End, r.Rate), r.Samples); end > l.Onset {
			l.End = end
		}
		s.add(l, m, r)
	}
}

// otherUnit reports whether all times lie beyond the end of the recording, by a
// factor that only another unit explains, and says so.
func (s *statement) otherUnit(marks []labelfile.Mark, r data.Recording) bool {
	end := float64(r.Samples) / float64(r.Rate)
	if len(marks) < 2 || slices.ContainsFunc(marks, func(m labelfile.Mark) bool { return m.Whole || m.Onset < end }) {
		return false
	}
	s.skip(s.name, fmt.Sprintf("all of its %d times, from %g to %g, lie beyond the end of the recording at %.3f s; if they are no seconds, labels.unit says what they are: ms, us or samples",
		len(marks), marks[0].Onset, marks[len(marks)-1].Onset, end))
	s.whole = false // what it says is not known
	return true
}

// giveClass gives the recording a class.
func (s *statement) giveClass(class string, m labelfile.Mark) {
	if s.class != "" && s.class != class {
		s.skip(fmt.Sprintf("%s:%d", s.name, m.Line), fmt.Sprintf("%q of a recording that is %q already", class, s.class))
		return
	}
	s.class = class
}

// add takes in a label unless it lies beyond the end by more than marks are late, or there is one already.
func (s *statement) add(l data.Label, m labelfile.Mark, r data.Recording) {
	at := fmt.Sprintf("%s:%d", s.name, m.Line)
	other, taken := s.labels[l.Onset]
	switch {
	case l.Onset >= r.MarkLimit():
		s.skip(at, fmt.Sprintf("%g s lies beyond the end of the recording at %.3f s", m.Onset, float64(r.Samples)/float64(r.Rate)))
	case !taken:
		s.labels[l.Onset] = l
	case other.Class != l.Class:
		s.skip(at, fmt.Sprintf("%q at a moment that is %q already", l.Class, other.Class))
	}
}

// samples returns the sample nearest to a time.
func samples(s float64, rate data.Rate) int { return int(s*float64(rate) + 0.5) }
