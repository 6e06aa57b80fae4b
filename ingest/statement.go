package ingest

import (
	"fmt"
	"os"

	"prep/data"
)

// Statements: what a label file says, which is in seconds and in its own words,
// becomes labels, which are in samples and in the classes of the set.

// statement is what one label file says of a recording.
type statement struct {
	name    string             // the file's, for reports
	labels  map[int]data.Label // by onset
	whole   bool               // all of the file could be read
	dropped int                // labels of classes that the set is not to have
	skips   []data.Skip        // what of the file says nothing
}

// maxLabelFile bounds a label file: a label a millisecond for an hour is 100 MB,
// one every 20 ms for ten hours 40 MB.
const maxLabelFile = 64 << 20

// LabelFile reads a label file of any kind that Run takes, as statements about
// a recording: the labels by onset, whether all of it could be read, and under
// name what could not.
func (c Config) LabelFile(path, name string, r data.Recording) (says map[int]data.Label, whole bool, skips []data.Skip) {
	s := c.statement(path, name, r)
	return s.labels, s.whole, s.skips
}

// statement reads a label file. What of it could not be read is reported under
// name.
func (c Config) statement(path, name string, r data.Recording) *statement {
	s := &statement{name: name}
	b, err := readLabelFile(path)
	if err != nil {
		s.skip(name, reason(err))
		return s
	}
	marks, faults := parseLabels(b)
	s.report(marks, faults)
	s.place(c, marks, r)
	s.whole = len(faults) == 0
	return s
}

func readLabelFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxLabelFile {
		return nil, fmt.Errorf("a label file of %d bytes; %d are allowed", info.Size(), maxLabelFile)
	}
	return os.ReadFile(path)
}

func (s *statement) skip(item, why string) {
	s.skips = append(s.skips, data.Skip{Item: oneLine(item), Reason: oneLine(why)})
}

// maxFaults is how many lines of one file are reported one by one.
const maxFaults = 5

// report says which lines of the file could not be read.
func (s *statement) report(marks []mark, faults []fault) {
	if len(marks) == 0 && len(faults) > 0 {
		s.skip(s.name, fmt.Sprintf("no labels in it; line %d: %s", faults[0].line, faults[0].reason))
		return
	}
	for i, f := range faults {
		if i == maxFaults {
			s.skip(s.name, fmt.Sprintf("%d more lines that are no labels", len(faults)-i))
			return
		}
		s.skip(fmt.Sprintf("%s:%d", s.name, f.line), f.reason)
	}
}

// place makes labels of marks: samples of the set's rate, classes by their
// aliases. What lies beyond the end, or contradicts an earlier line, is reported.
func (s *statement) place(c Config, marks []mark, r data.Recording) {
	s.labels = map[int]data.Label{}
	sortMarks(marks)
	for _, m := range marks {
		class, ok := c.class(m.class)
		if !ok {
			s.dropped++
			continue
		}
		l := data.Label{Recording: r.ID, Onset: samples(m.onset, r.Rate), Class: class, By: data.ByImport}
		if end := min(samples(m.end, r.Rate), r.Samples); end > l.Onset {
			l.End = end
		}
		at := fmt.Sprintf("%s:%d", s.name, m.line)
		other, taken := s.labels[l.Onset]
		switch {
		case l.Onset >= r.Samples:
			s.skip(at, fmt.Sprintf("%g s lies beyond the end of the recording at %.3f s",
				m.onset, float64(r.Samples)/float64(r.Rate)))
		case !taken:
			s.labels[l.Onset] = l
		case other.Class != l.Class:
			s.skip(at, fmt.Sprintf("%q at a moment that is %q already", l.Class, other.Class))
		}
	}
}

// samples returns the sample nearest to a time.
func samples(s float64, rate data.Rate) int { return int(s*float64(rate) + 0.5) }
