package segment

import (
	"math/rand/v2"
	"testing"

	"prep/data"
	"prep/data/corpus"
	"prep/data/datatest"
)

// The hits of clean and of spoilt takes, offline and causal, are those of the
// edition.
func TestEdition(t *testing.T) {
	golden := datatest.NewGolden(t, "segment", "", Edition)
	made := corpus.Default()
	made.Voices, made.TakesPerVoice, made.SNRDB, made.Seed = 4, 1, 25, 501
	var places [][5]int
	var levels, function []float64
	add := func(clip data.Clip) {
		for _, causal := range []bool{false, true} {
			c := Default()
			c.Causal = causal
			hits, err := c.Hits(clip)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range hits {
				places = append(places, [5]int{h.Start, h.Onset, h.End, h.Offset, h.Clipped})
				levels = append(levels, h.PeakDB, h.RMSDB, h.SNRDB, 100*h.Confidence)
			}
			fn, err := c.Function(clip, 0)
			if err != nil {
				t.Fatal(err)
			}
			function = append(function, fn.Values...)
		}
	}
	for take := range corpus.Generate(made) {
		for i, do := range []change{keep, wave(0.3, 0), hum(-10), clipped(20), quantized(-55), noisy(-35, 0), noisy(-30, 0.999)} {
			add(data.Clip{Rate: take.Clip.Rate, Samples: do(take.Clip.Samples, rand.New(rand.NewPCG(501, uint64(i))))})
		}
	}
	add(data.Clip{Rate: rate, Samples: rolls()})
	add(data.Clip{Rate: 16000, Samples: rolls()})
	add(data.Clip{Rate: rate, Samples: faint()})
	golden.Exact("places", places)
	datatest.Near(golden, "levels", 1e-6, levels)
	datatest.Near(golden, "function", 1e-6, function)
	golden.Exact("scores", Compare([]float64{1, 2, 3, 4, 5, 6}, []float64{1.0011, 2.0041, 2.993, 4.016, 5.037, 6.2}).Scores())
}

// rolls are pairs of bursts 18 to 170 ms apart, long and short, the second as
// loud, weaker or louder, over noise.
func rolls() []float32 {
	rng := rand.New(rand.NewPCG(502, 1))
	var x []float32
	for _, tau := range []float64{120, 400, 1500} {
		for _, ratio := range []float64{1, 0.3, 0.05, 4} {
			for gap := 800; gap < 8000; gap = gap * 5 / 4 {
				pair := bursts(24000, 1e-4, tau, 9000)
				second := bursts(24000, 0, tau, 9000+gap)
				for i := range pair {
					pair[i] += float32(ratio) * second[i]
				}
				x = append(x, pair[:20000+rng.IntN(3000)]...)
			}
		}
	}
	return x
}

// faint are bursts after digital silence, each 12 dB below the one before, down
// to the last bits of 24; then sounds that swell, and steps of noise.
func faint() []float32 {
	var x []float32
	for level := 1.0; level > 1e-8; level /= 4 {
		x = append(x, make([]float32, 9000)...)
		for _, v := range bursts(9000, 0, 300, 10) {
			x = append(x, float32(level)*v)
		}
	}
	for _, ms := range []int{2, 8, 20, 45} {
		for i, v := range bursts(20000, 1e-4, 3000, 5000) {
			rise := min(1, max(0, float32(i-5000)/float32(44*ms)))
			x = append(x, 1e-5*v+rise*v)
		}
	}
	for i := range 8 {
		x = append(x, bursts(9000, 1e-3*float64(1+3*(i%4)), 300)...)
	}
	return x
}
