package voice

import (
	"cmp"
	"fmt"
	"io"

	"prep/data"
	"prep/train"
)

// Text prints how well the model will serve its person.
func (r Result) Text(w io.Writer) {
	p := r.Personal
	fmt.Fprintf(w, "adapt: %d hits of %s, from %s and %d hits of other people\n", r.Hits, cmp.Or(r.Group, "one person"), p.Base, p.Others)
	what := "each of the takes left out in turn"
	if p.By != train.ByTake {
		what = "each hit left out in turn, for some sound is in one take alone: hits of one take are alike, other takes may do worse"
	}
	fmt.Fprintf(w, "  of 100 hits it should name %.0f rightly (95 %% interval %.0f to %.0f): %s\n", 100*r.Accuracy, 100*r.CI[0], 100*r.CI[1], what)
	for _, c := range r.PerClass {
		if c.Class != data.None {
			fmt.Fprintf(w, "  %-14s %4d hits  recall %.2f  precision %.2f\n", c.Class, c.Hits, c.Recall, c.Precision)
		}
	}
	for _, a := range p.Alike[:min(3, len(p.Alike))] {
		fmt.Fprintf(w, "  your %s and %s are alike: %d of %d are taken for each other\n", a.A, a.B, a.Mistaken, a.Hits)
	}
	r.curve(w)
	for _, n := range r.Notes {
		fmt.Fprintf(w, "  note: %s\n", n)
	}
	fmt.Fprintf(w, "  model: %s\n", r.Model)
}

// curve prints what fewer hits would have done, and what more promise.
func (r Result) curve(w io.Writer) {
	p := r.Personal
	for _, c := range p.Curve {
		fmt.Fprintf(w, "  %2d hits of each class: %.2f\n", c.Shots, c.Accuracy)
	}
	if p.Twice > 0 {
		fmt.Fprintf(w, "  twice as many hits of each class promise %.2f\n", p.Twice)
	}
}
