package predict

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"prep/data"
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

// softestDB is how far below the loudest hit of a recording a note is the softest.
const softestDB = 40

// writeMIDI writes a note a hit that has a name, on the percussion channel. Its velocity
// follows the level, re the recording's loudest.
func writeMIDI(w io.Writer, r Recording, p Predictions, c Config) error {
	r.Hits = slices.DeleteFunc(slices.Clone(r.Hits), func(h Hit) bool { return h.Class == data.None })
	loudest := math.Inf(-1)
	for _, h := range r.Hits {
		loudest = max(loudest, h.Level)
	}
	marks := r.marks(func(h Hit) string { return h.Class })
	for i := range marks {
		marks[i].End = 0 // a hit's tail is no length of a note
	}
	left, err := labelfile.WriteMIDI(w, marks, labelfile.MIDI{
		Notes: c.keys(p.Classes),
		Level: func(mark int) float64 { return max(0, 1+(r.Hits[mark].Level-loudest)/softestDB) },
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
