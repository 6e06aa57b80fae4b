package line

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"prep/cmd/internal/desk"
	"prep/data"
	"prep/data/work"
	"prep/ingest"
	"prep/segment"
)

// What a person did on the page stands when segment runs again with other
// settings: ten sessions of acts by lot, each followed by other thresholds.
func TestCorrectionsStandOverDetection(t *testing.T) {
	c := smallLine(t)
	for session := range uint64(10) {
		t.Run(fmt.Sprint(session), func(t *testing.T) {
			t.Parallel()
			e := work.On(create(t, t.TempDir()), nil)
			defer e.Set.Close()
			in := c.Ingest
			if session%2 == 0 { // without annotation beside the page
				in.Labels = dropAll(t, c.Ingest)
			}
			if _, err := ingest.Run(t.Context(), e, in); err != nil {
				t.Fatal(err)
			}
			resegment(t, e, 0.5)
			r := rand.New(rand.NewPCG(session, 7))
			for round := range 3 {
				said := act(t, e.Set, r, 40)
				for _, threshold := range []float64{0.3, 0.8, 0.5} {
					resegment(t, e, threshold)
					said.check(t, e.Set, fmt.Sprintf("round %d, threshold %g", round, threshold))
				}
			}
		})
	}
}

// dropAll returns aliases that leave no class of the corpus.
func dropAll(t *testing.T, c ingest.Config) map[string]*string {
	t.Helper()
	drop := map[string]*string{}
	for _, class := range []string{"kick", "hat-closed", "hat-open", "snare", "snare-k", "rimshot", "click"} {
		drop[class] = nil
	}
	return drop
}

func resegment(t *testing.T, e work.Engine, threshold float64) {
	t.Helper()
	c := segment.Default()
	c.Threshold = threshold
	if _, err := segment.Run(t.Context(), e, c); err != nil {
		t.Fatal(err)
	}
}

// page is what the page shows when a session ends: the hits that a person spoke of.
type page map[string][]desk.Item // by recording

// act does acts by lot, as somebody at the page would, and returns what the
// page then shows.
func act(t *testing.T, set *data.Set, r *rand.Rand, acts int) page {
	t.Helper()
	d, err := desk.New(set, "ada")
	if err != nil {
		t.Fatal(err)
	}
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	for range acts {
		i := r.IntN(len(recordings))
		items := d.Items()[i]
		if len(items) < 2 {
			continue
		}
		k := r.IntN(len(items) - 1)
		it := items[k]
		to := it.Onset + (r.IntN(80)-40)*int(recordings[i].Rate)/1000
		place := r.IntN(recordings[i].Samples)
		d.Do([]desk.Act{ // an act that is refused is none
			{Do: "label", IDs: []string{it.ID}, Class: "kick"},
			{Do: "label", IDs: []string{it.ID}, Class: "hat"},
			{Do: "move", IDs: []string{it.ID}, Onset: &to},
			{Do: "add", Recording: recordings[i].ID, Onset: &place, Class: "snare"},
			{Do: "reject", IDs: []string{it.ID}},
			{Do: "delete", IDs: []string{it.ID}},
			{Do: "merge", IDs: []string{it.ID, items[k+1].ID}},
			{Do: "undo"},
		}[r.IntN(8)])
	}
	shown := page{}
	for i, items := range d.Items() {
		for _, it := range items {
			if it.By == data.ByHuman {
				shown[recordings[i].ID] = append(shown[recordings[i].ID], it)
			}
		}
	}
	return shown
}

// check compares the hits with what the page showed.
func (p page) check(t *testing.T, set *data.Set, when string) {
	t.Helper()
	examples, err := set.Examples()
	if err != nil {
		t.Fatal(err)
	}
	standing := placedMoments(t, set)
	for id, items := range p {
		for _, it := range items {
			near := nearest(examples, id, it)
			placed := standing[data.Moment{Recording: id, Onset: it.Onset}]
			switch {
			case it.Reject && near != nil && near.Onset == it.Onset && near.Class != "":
				t.Errorf("%s: a rejected hit at %d is %q again", when, it.Onset, near.Class)
			case it.Reject:
			case near == nil:
				t.Errorf("%s: the %s at %d is gone", when, it.Class, it.Onset)
			case placed && near.Onset != it.Onset:
				t.Errorf("%s: the %s that was placed at %d is at %d", when, it.Class, it.Onset, near.Onset)
			case near.Class != it.Class:
				t.Errorf("%s: the %s at %d is %q, at %d", when, it.Class, it.Onset, near.Class, near.Onset)
			}
		}
	}
}

// placedMoments returns the moments that people placed.
func placedMoments(t *testing.T, set *data.Set) map[data.Moment]bool {
	t.Helper()
	journal, err := set.Labels()
	if err != nil {
		t.Fatal(err)
	}
	placed := map[data.Moment]bool{}
	for m, l := range data.Standing(journal) {
		placed[m] = l.Moment == data.MomentPlaced
	}
	return placed
}

// nearest returns the hit of a recording nearest to an item, within 24 ms; one
// of its class before others.
func nearest(examples []data.Example, recording string, it desk.Item) (best *data.Example) {
	least := 2 * 24 * 441 / 10
	for i, e := range examples {
		d := max(e.Onset-it.Onset, it.Onset-e.Onset)
		if e.Recording != recording || d > 24*441/10 {
			continue
		}
		if e.Class != it.Class {
			d += 24 * 441 / 10
		}
		if d < least {
			best, least = &examples[i], d
		}
	}
	return best
}
