package train

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// recorded is a set of four groups with ten hits of each of two classes, in noise
// before the hits, and with what spoils the recordings of the second class.
func recorded(t *testing.T, spoil func(x []float32)) *data.Set {
	t.Helper()
	c := datatest.Contents{Audio: map[string][]float32{}}
	rng := rand.New(rand.NewPCG(3, 3))
	for i := range 80 {
		id := fmt.Sprintf("r%02d", i)
		x := make([]float32, 3000)
		for k := range x {
			x[k] = float32(1e-3 * rng.NormFloat64())
		}
		class := "plain"
		if i%2 == 1 {
			class = "spoilt"
			spoil(x)
		}
		c.Audio[id] = x
		c.Recordings = append(c.Recordings, data.Recording{ID: id, Name: id, Group: fmt.Sprint(i % 8 / 2), Class: class, Rate: 44100})
		c.Hits = append(c.Hits, data.Hit{ID: data.HitID(id, 1000), Recording: id, Start: 900, Onset: 1000, End: 2900, Offset: 2900, Mark: data.NoMark})
	}
	return datatest.NewSet(t, c)
}

// A room, a microphone or a cut that goes with a class is told by what comes
// before its hits, and nothing else is.
func TestWhatGivesAClassAwayBeforeItsHits(t *testing.T) {
	hum := func(x []float32) {
		for k := range x {
			x[k] += float32(2e-3 * math.Sin(2*math.Pi*100*float64(k)/44100))
		}
	}
	for _, c := range []struct {
		name       string
		spoil      func(x []float32)
		least, top float64
	}{
		{"a hum", hum, 0.95, 1},
		{"a dull microphone", func(x []float32) {
			for k := range x[1:] {
				x[k+1] = 0.7*x[k] + 0.3*x[k+1]
			}
		}, 0.95, 1},
		{"a louder take", func(x []float32) {
			for k := range x {
				x[k] *= 4
			}
		}, 0.95, 1},
		{"digital silence", func(x []float32) { clear(x[:900]) }, 0.95, 1},
		{"only the hit itself", func(x []float32) { hum(x[1000:]) }, 0, 0.75},
	} {
		set := recorded(t, c.spoil)
		examples, err := set.Examples()
		if err != nil {
			t.Fatal(err)
		}
		s := &samples{examples: examples}
		s.number()
		if err := s.listen(set); err != nil {
			t.Fatal(err)
		}
		splits, err := s.splits(Config{Folds: 4})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.baselines(splits).BeforeOnly; got < c.least || got > c.top {
			t.Errorf("%s: accuracy by the 20 ms before %.3f, want %.2f to %.2f", c.name, got, c.least, c.top)
		}
	}
}
