package augment

import (
	"fmt"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// The sound of every transform, and the copies that plans draw, are those of
// the edition.
func TestEdition(t *testing.T) {
	golden := datatest.NewGolden(t, "augment", "", Edition)
	rec, h := recording(20000, kick), strike(20000)
	plan := []Step{}
	for _, tr := range transforms() {
		lo, hi := tr.Lo, min(tr.Hi, 20000)
		for _, v := range []float64{lo, middle(tr), hi} {
			clip, at := rendered(t, rec, h, drawn(tr, v))
			name := fmt.Sprintf("%s %v", tr.Name, v)
			datatest.Near(golden, name, 1e-5, clip.Samples)
			golden.Exact(name+" place", at)
		}
		plan = append(plan, Step{Transform: tr.Name, Probability: 0.5, Min: lo, Max: hi})
	}
	near := Surroundings{tone: &tone{1000, 8000}, others: [2][]data.Recording{{{ID: "other"}}}}
	for name, c := range map[string]Config{"default": Default(), "all": {Copies: 1, Seed: 7, Plan: plan}} {
		var copies []data.Hit
		for n := range 50 {
			copies = append(copies, c.copy(h, n+1, near))
		}
		golden.Exact("copies of plan "+name, copies)
	}
	found, err := quietestStretch(rec)
	if err != nil {
		t.Fatal(err)
	}
	golden.Exact("room tone", found)
}
