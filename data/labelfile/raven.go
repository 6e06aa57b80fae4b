package labelfile

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// writeRaven writes a selection table; hits cover all frequencies, which are
// written with a point, for some readers take no whole numbers:
// https://www.ravensoundsoftware.com/knowledge-base/selection-tables/
func writeRaven(w io.Writer, r Recording) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, strings.Join([]string{"Selection", "View", "Channel", "Begin Time (s)", "End Time (s)",
		"Low Freq (Hz)", "High Freq (Hz)", "Annotation"}, "\t"))
	for i, m := range r.Marks {
		fmt.Fprintf(b, "%d\tSpectrogram 1\t1\t%s\t%s\t0.0\t%.1f\t%s\n", i+1, micro(m.Onset), micro(max(m.End, m.Onset)), float64(r.Rate)/2, cleanName(m.Class))
	}
	return b.Flush()
}

// views are the views of a Raven table: each shows every selection, so that a
// table of several has a row a view of each label.
type views struct {
	column int // -1 where there is none
	first  map[selection]string
	again  int // rows that another view has
}

// selection is what two rows of one label have in common.
type selection struct {
	onset, end  float64
	class, file string
}

func viewsOf(h *header) views {
	return views{slices.Index(h.known, "view"), map[selection]string{}, 0}
}

// seen says whether a row is one of another view for a label that was there.
func (v *views) seen(r row, m Mark) bool {
	if v.first == nil || v.column < 0 || v.column >= len(r.cells) {
		return false
	}
	s := selection{m.Onset, m.End, m.Class, m.File}
	view, ok := v.first[s]
	if !ok {
		v.first[s] = r.cells[v.column]
		return false
	}
	if view != r.cells[v.column] {
		v.again++
		return true
	}
	return false
}

// tell notes how many rows were left out.
func (v *views) tell(out *reading) {
	if v.again > 0 {
		out.note("left out: %d rows that show a label in another view", v.again)
	}
}
