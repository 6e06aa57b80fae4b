package desk

import (
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"prep/data"
	"prep/data/datatest"
)

// An act costs the same in a recording of few hits and of many, but for making room where onsets move:
// $PREP_HITS is how many, where 20,000 are not enough.
func TestActsAmongMany(t *testing.T) {
	most := 20000
	if n, err := strconv.Atoi(os.Getenv("PREP_HITS")); err == nil {
		most = n
	}
	few, many := costOfActs(t, 1000), costOfActs(t, most)
	t.Logf("an act of a label, a move or an undo: median %v and %d bytes among 1,000 hits, %v and %d bytes among %d",
		few.took, few.bytes, many.took, many.bytes, most)
	if many.bytes > 2*few.bytes {
		t.Error("acts make anew what they do not touch")
	}
	if !testing.Short() && many.took > 3*few.took+time.Duration(most)*200*time.Nanosecond { // times of a race tell nothing
		t.Error("acts look too long at what they do not touch")
	}
}

// cost is the median time of an act, and what acts allocate, per act.
type cost struct {
	took  time.Duration
	bytes uint64
}

func costOfActs(t *testing.T, n int) cost {
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
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
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
	runtime.ReadMemStats(&after)
	slices.Sort(took)
	return cost{took[len(took)/2], (after.TotalAlloc - before.TotalAlloc) / uint64(len(took))}
}
