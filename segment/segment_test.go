package segment

import (
	"math"
	"math/rand/v2"
	"testing"

	"prep/data"
)

const rate = data.Rate(44100)

// bursts returns noise at a level with decaying noise bursts of full scale at
// the given onsets; tau is their time constant in samples.
func bursts(n int, noise float64, tau float64, onsets ...int) []float32 {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(noise * rng.NormFloat64())
	}
	for _, o := range onsets {
		for i := o; i < n && i < o+int(10*tau); i++ {
			x[i] += float32(0.3 * rng.NormFloat64() * math.Exp(-float64(i-o)/tau))
		}
	}
	return x
}

func TestHitsFindBursts(t *testing.T) {
	onsets := []int{20000, 40001, 41801, 60000, 80123}
	clip := data.Clip{Rate: rate, Samples: bursts(100000, 0.001, 400, onsets...)}
	hits, err := Default().Hits(clip)
	if err != nil {
		t.Fatal(err)
	}
	if len(hits) != len(onsets) {
		t.Fatalf("%d hits, want %d", len(hits), len(onsets))
	}
	for i, h := range hits {
		if d := h.Onset - onsets[i]; max(d, -d) > rate.N(500000) {
			t.Errorf("onset %d off by %d samples", i, d)
		}
		if h.Start > h.Onset || h.End <= h.Onset || h.Len()*20 >= int(rate) {
			t.Errorf("hit %+v", h)
		}
		if i > 0 && hits[i-1].End > h.Start {
			t.Errorf("hit %d overlaps the one before", i)
		}
	}
}
