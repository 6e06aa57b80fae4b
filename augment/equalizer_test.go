package augment

import (
	"math"
	"testing"

	"prep/data/filter"
)

func TestTiltHasTheSlopeAsked(t *testing.T) {
	for _, slope := range []float64{-6, -3, 2, 6} {
		w := window{rate: rate, samples: make([]float32, 1<<14)}
		w.samples[0] = 1
		filter.Run(w.samples, tiltSections(slope, float64(rate))...)
		gain := func(hz float64) float64 { return 20 * math.Log10(magnitude(w.samples, hz)) }
		if g := gain(1000); math.Abs(g) > 0.05 {
			t.Errorf("%v dB an octave: %.2f dB at 1 kHz, want 0", slope, g)
		}
		for _, hz := range []float64{125, 250, 500, 2000, 4000, 8000} {
			if want, g := slope*math.Log2(hz/1000), gain(hz); math.Abs(g-want) > 1 {
				t.Errorf("%v dB an octave: %.2f dB at %v Hz, want %.2f", slope, g, hz, want)
			}
		}
	}
}

// magnitude returns the magnitude of x's transform at hz.
func magnitude(x []float32, hz float64) float64 {
	var re, im float64
	for i, v := range x {
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / float64(rate))
		re += float64(v) * cos
		im += float64(v) * sin
	}
	return math.Hypot(re, im)
}

func TestBandLimits(t *testing.T) {
	for _, c := range []struct {
		name, unit     string
		cut, keep, off float64
	}{{"lowpass", "lowpass_hz", 4000, 2000, 8000}, {"highpass", "highpass_hz", 200, 400, 100}} {
		w := window{rate: rate, samples: make([]float32, 1<<14)}
		w.samples[0] = 1
		catalogue[c.name].apply(&w, amounts{c.unit: c.cut}, span{}, nil)
		for _, at := range []struct{ hz, lo, hi float64 }{{c.keep, -0.1, 0.1}, {c.cut, -3.1, -2.9}, {c.off, -30, -23}} {
			if db := 20 * math.Log10(magnitude(w.samples, at.hz)); db < at.lo || db > at.hi {
				t.Errorf("%s: %.2f dB at %v Hz, want %v to %v", c.name, db, at.hz, at.lo, at.hi)
			}
		}
	}
}

func TestMicrophoneHasItsCurve(t *testing.T) {
	w := window{rate: rate, samples: make([]float32, 1<<14)}
	w.samples[0] = 1
	filter.Run(w.samples, curve(amounts{"strength": 1, "low_hz": 200, "presence_hz": 3000, "presence_db": 6, "high_hz": 10000}, float64(rate))...)
	for _, at := range []struct{ hz, db, slack float64 }{{200, -3, 0.5}, {50, -24, 1}, {3000, 6, 0.5}, {10000, -2, 1}} {
		if db := 20 * math.Log10(magnitude(w.samples, at.hz)); math.Abs(db-at.db) > at.slack {
			t.Errorf("%.2f dB at %v Hz, want %v", db, at.hz, at.db)
		}
	}
}
