package check

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"prep/cmd/internal/gates"
	"prep/data"
	"prep/data/datatest"
	"prep/segment"
)

// A person under two names is worth knowing, and nothing is wrong with the set.
func TestAPersonUnderTwoNamesIsTold(t *testing.T) {
	c := datatest.Contents{Audio: map[string][]float32{}}
	rng := rand.New(rand.NewPCG(2, 2))
	for g, hz := range []float64{500, 1000, 2000, 4000, 1000} {
		for i := range 8 {
			id := fmt.Sprintf("%d%d", g, i)
			x := make([]float32, 1500)
			for k := range x {
				tone := math.Sin(2 * math.Pi * hz * (1 + 0.02*float64(i%3)) * float64(k) / 44100)
				x[k] = float32(math.Exp(-float64(k)/400) * (0.3*tone + 0.05*rng.NormFloat64()))
			}
			c.Audio[id] = x
			c.Recordings = append(c.Recordings, data.Recording{ID: id, Name: id, Group: fmt.Sprintf("group%d", g), Class: "hit", Rate: 44100, Samples: len(x)})
			c.Hits = append(c.Hits, data.Hit{ID: data.HitID(id, 5), Recording: id, Onset: 5, End: len(x), Offset: len(x), Found: data.FoundDetected, Mark: data.NoMark})
		}
	}
	r := run(t, gates.View{Set: datatest.NewSet(t, c), Model: "none", Detector: segment.Default()}, gates.Config{})
	if notes := strings.Join(r.Notes, "\n"); !r.OK || !strings.Contains(notes, `1 pairs of groups sound like one person under two names; the first is "group1" and "group4"`) {
		t.Errorf("got %+v", r)
	}
}
