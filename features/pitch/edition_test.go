package pitch

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"prep/data/datatest"
)

// The pitch of tones, noisy and clean, are those of the edition.
func TestEdition(t *testing.T) {
	golden := datatest.NewGolden(t, "features/pitch", "", Edition)
	var values []float64
	r := rand.New(rand.NewPCG(5, 6))
	for _, f0 := range []float64{90, 131.5, 220, 400} {
		for _, law := range []string{"", "1/k", "random"} {
			for _, snrDB := range []float64{60, 15, 0} {
				x := tone(r, f0, 1, 12, law)
				decay(x, 0.02)
				hz, confidence, ok := Estimate(addNoise(r, x, snrDB), rate)
				values = append(values, hz, 100*confidence)
				golden.Exact(fmt.Sprintf("claim %v %s %v", f0, law, snrDB), ok)
			}
		}
	}
	datatest.Near(golden, "estimates", 1e-6, values)
}
