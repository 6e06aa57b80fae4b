package features

import (
	"fmt"
	"math"
	"math/cmplx"
	"testing"

	"prep/data"
)

// bruteConstantQ is the definition in float64.
func bruteConstantQ(p *constantQ, x data.Clip, moment int) []float64 {
	var all []float64
	for _, w := range p.waves {
		re, im := w.taps(p.rate)
		lo, _ := w.span()
		for t := range p.config.Frames {
			sum := complex(0, 0)
			for i := range re {
				if at := moment + t*p.config.Hop + lo + i; at >= 0 && at < len(x.Samples) {
					sum += complex(float64(x.Samples[at]), 0) * complex(re[i], -im[i])
				}
			}
			all = append(all, cmplx.Abs(sum))
		}
	}
	return all
}

func TestConstantQAgreesWithItsDefinition(t *testing.T) {
	x := data.Clip{Rate: 44100, Samples: make([]float32, 6000)}
	burst(x.Samples[1000:], 1)
	for i := range x.Samples {
		x.Samples[i] += float32(0.2 * math.Sin(float64(i)*0.1))
	}
	for _, kind := range []string{"cqt", "vqt"} {
		for _, hop := range []int{32, 40, 33, 1} {
			t.Run(fmt.Sprint(kind, hop), func(t *testing.T) {
				c := Default()
				c.Kind, c.Hop = kind, hop
				made, err := transforms[kind](c, x.Rate)
				if err != nil {
					t.Fatal(err)
				}
				p := made.(*constantQ)
				got := make([]float32, c.Bands*c.Frames)
				if err := p.powers(got, x, 700); err != nil {
					t.Fatal(err)
				}
				worst, peak := 0.0, 0.0
				for i, w := range bruteConstantQ(p, x, 700) {
					worst, peak = max(worst, math.Abs(math.Sqrt(float64(got[i]))-w)), max(peak, w)
				}
				if worst/peak > 1e-6 {
					t.Errorf("error %.3g of the peak", worst/peak)
				}
			})
		}
	}
}

func BenchmarkPatch(b *testing.B) {
	x := data.Clip{Rate: 44100, Samples: make([]float32, 12000)}
	burst(x.Samples[6000:], 1)
	for _, kind := range AllKinds() {
		b.Run(kind, func(b *testing.B) {
			c := Default()
			c.Kind = kind
			e, err := New(c, x.Rate)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := e.Patch(x, data.Hit{Onset: 6000, End: 8200}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
