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
	var places [][4]int
	var levels []float64
	for take := range corpus.Generate(made) {
		for i, do := range []change{keep, wave(0.3, 0), hum(-10), clipped(20), quantized(-55), noisy(-35, 0), noisy(-30, 0.999)} {
			x := do(take.Clip.Samples, rand.New(rand.NewPCG(501, uint64(i))))
			for _, causal := range []bool{false, true} {
				c := Default()
				c.Causal = causal
				hits, err := c.Hits(data.Clip{Rate: take.Clip.Rate, Samples: x})
				if err != nil {
					t.Fatal(err)
				}
				for _, h := range hits {
					places = append(places, [4]int{h.Start, h.Onset, h.End, h.Offset})
					levels = append(levels, h.PeakDB, h.RMSDB, h.SNRDB, 100*h.Confidence)
				}
			}
		}
	}
	golden.Exact("places", places)
	datatest.Near(golden, "levels", 1e-6, levels)
}
