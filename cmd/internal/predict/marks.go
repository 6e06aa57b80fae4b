package predict

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"prep/data/labelfile"
)

// marks returns hits as the marks of a label file, called as name says.
func (r Recording) marks(name func(Hit) string) []labelfile.Mark {
	marks := make([]labelfile.Mark, len(r.Hits))
	for i, h := range r.Hits {
		marks[i] = labelfile.Mark{Onset: h.Onset, End: h.End, Class: name(h)}
	}
	return marks
}

// writeMIDI writes a note a hit, on the percussion channel. Its velocity follows
// the probability, for hits carry no level here.
func writeMIDI(w io.Writer, r Recording, p Predictions, c Config) error {
	marks := r.marks(func(h Hit) string { return h.Class })
	for i := range marks {
		marks[i].End = 0 // a hit's tail is no length of a note
	}
	classes := slices.Concat(p.Classes, slices.Sorted(maps.Keys(c.Notes)))
	left, err := labelfile.WriteMIDI(w, marks, labelfile.MIDI{
		Notes: labelfile.DrumNotes(classes, c.Notes),
		Level: func(mark int) float64 { return float64(r.Hits[mark].Probability) },
	})
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("MIDI has no key for %s: it has 128", strings.Join(left, ", "))
	}
	return err
}

// writeAudacity writes a label track: a region a hit, "?" behind unsure names.
func writeAudacity(w io.Writer, r Recording, _ Predictions, _ Config) error {
	return labelfile.WriteOne(w, "audacity", labelfile.Recording{Marks: r.marks(Hit.Label)})
}
