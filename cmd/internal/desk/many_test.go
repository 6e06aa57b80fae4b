package desk

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"prep/data"
	"prep/data/datatest"
)

// A label costs the same in a recording of few hits and of many, but for a look at each of them:
// $PREP_HITS is how many, where 20,000 are not enough.
func TestActsAmongMany(t *testing.T) {
	if testing.Short() {
		t.Skip("times under the race detector say nothing")
	}
	most := 20000
	if n, err := strconv.Atoi(os.Getenv("PREP_HITS")); err == nil {
		most = n
	}
	few, many := timeOfActs(t, 1000), timeOfActs(t, most)
	t.Logf("an act of a label, a move or an undo: median %v among 1,000 hits, %v among %d", few, many, most)
	if many > 10*few+time.Duration(most)*500*time.Nanosecond { // it was .7 s among 200,000
		t.Error("acts look too long at what they do not touch")
	}
}

// timeOfActs returns the median time of acts in a recording of n hits.
func timeOfActs(t *testing.T, n int) time.Duration {
	const apart = 40
	c := datatest.Contents{Audio: map[string][]float32{take: make([]float32, (n+2)*apart)},
		Recordings: []data.Recording{{ID: take, Name: "long.wav", Group: "ada", Rate: 44100}}}
	for i := range n {
		at := (i + 1) * apart
		c.Hits = append(c.Hits, data.Hit{ID: data.HitID(take, at), Recording: take, Start: at, Onset: at, End: at + 30,
			Offset: at + 30, Found: data.FoundDetected, Mark: data.NoMark, Confidence: 1})
	}
	d := open(t, datatest.NewSet(t, c))
	var took []time.Duration
	for k := range 30 {
		it := d.items[0][(k*7919)%n]
		to := it.Onset + 7
		for _, a := range []Act{{Do: "label", IDs: []string{it.ID}, Class: "kick"}, {Do: "move", IDs: []string{it.ID}, Onset: &to}, {Do: "undo"}} {
			begun := time.Now()
			_, err := d.Do(a)
			took = append(took, time.Since(begun))
			check(t, err)
		}
	}
	slices.Sort(took)
	return took[len(took)/2]
}
