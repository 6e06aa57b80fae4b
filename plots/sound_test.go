package plots

import (
	"math"
	"testing"

	"prep/data"
)

func TestFullScaleSineIsZeroDB(t *testing.T) {
	const rate = data.Rate(44100)
	c := data.Clip{Rate: rate, Samples: make([]float32, 8192)}
	for i := range c.Samples {
		c.Samples[i] = float32(math.Sin(2 * math.Pi * 1000 * float64(i) / float64(rate)))
	}
	glass := lensOver(2000, 6000, 1024, 50).limit(5000, rate, 2000)
	f, err := glass.look(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := loudestValue(f); math.Abs(got) > 0.1 {
		t.Errorf("level %.2f dB, want 0", got)
	}
	row := int(math.Round(1000 / glass.binHz(rate)))
	if got := f.values[row*f.cols+20]; math.Abs(float64(got)) > 0.1 {
		t.Errorf("at 1000 Hz %.2f dB, want 0", got)
	}
	if ms, hz := glass.cell(rate); math.Abs(ms*hz/1000-1) > 1e-9 {
		t.Errorf("cell of %v ms x %v Hz, want a product of 1", ms, hz)
	}
}

func TestSpectrogramHasTheOnsetInPlace(t *testing.T) {
	c := data.Clip{Rate: 44100, Samples: make([]float32, 44100)}
	c.Samples[22050] = 1
	glass := lensOver(20000, 24000, 64, 400)
	f, err := glass.look(c)
	if err != nil {
		t.Fatal(err)
	}
	best := 0
	for i := range f.cols {
		if f.values[10*f.cols+i] > f.values[10*f.cols+best] {
			best = i
		}
	}
	if at := glass.from + glass.hop/2 + best*glass.hop; at < 22050-glass.hop || at > 22050+glass.hop {
		t.Errorf("click of sample 22050 in the frame centred on %d", at)
	}
}

func TestEnvelopeHoldsTheExtremes(t *testing.T) {
	c := data.Clip{Rate: 44100, Samples: make([]float32, 1000)}
	c.Samples[500], c.Samples[999] = 0.5, -0.25
	for _, n := range []int{1, 7, 100, 1000, 3000} {
		e, err := envelopeOf(c, 0, 1000, n)
		if err != nil {
			t.Fatal(err)
		}
		if e.hi[500*n/1000] != 0.5 || e.lo[n-1] != -0.25 {
			t.Errorf("%d stretches: %v and %v", n, e.hi[500*n/1000], e.lo[n-1])
		}
	}
}
