package predict

import (
	"fmt"
	"io"
)

// Text prints one hit a line.
func (p Predictions) Text(w io.Writer) {
	fmt.Fprintf(w, "%-32s %10s  %-16s %s\n", "recording", "onset s", "class", "probability")
	for _, r := range p.Recordings {
		for _, h := range r.Hits {
			fmt.Fprintf(w, "%-32s %10.4f  %-16s %.3f\n", r.File, h.Onset, h.Label(), h.Probability)
		}
		if len(r.Hits) == 0 {
			fmt.Fprintf(w, "%-32s %10s\n", r.File, "no hits")
		}
	}
	for _, n := range p.Notes {
		fmt.Fprintf(w, "note: %s\n", n)
	}
	for _, s := range p.Skips {
		fmt.Fprintf(w, "skipped %s: %s\n", s.Item, s.Reason)
	}
}
