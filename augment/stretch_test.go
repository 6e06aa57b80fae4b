package augment

import (
	"math"
	"slices"
	"testing"
)

func TestStretchMovesALaterOnset(t *testing.T) {
	const later = 0.1
	for _, factor := range []float64{0.7, 0.9, 1.2, 1.4} {
		rec := recording(20000, func(t float64) float64 {
			v := kick(t)
			if t >= later {
				v += 0.8 * math.Exp(-(t-later)/0.01) * math.Sin(2*math.Pi*3000*(t-later))
			}
			return v
		})
		clip, got := rendered(t, rec, strike(20000), step("stretch", "factor", factor))
		from := got.Onset + int(0.04*float64(rate))
		at := slices.IndexFunc(clip.Samples[from:], func(v float32) bool { return math.Abs(float64(v)) > 0.3 })
		ms := rate.Ms(from + at - got.Onset)
		t.Logf("stretch by %v: the later onset is at %.1f ms", factor, ms)
		if want := 1000 * later * factor; math.Abs(ms-want) > 6 {
			t.Errorf("stretch by %v: the later onset is at %.1f ms, want %.1f", factor, ms, want)
		}
		original, _ := rendered(t, rec, strike(20000))
		attack := got.Onset + 150
		if !near(clip.Samples[got.Onset-40:attack], original.Samples[rate.N(150_000_000)+44-40:][:190], 1e-6) {
			t.Errorf("stretch by %v changes the attack", factor)
		}
	}
}

func near(a, b []float32, tolerance float64) bool {
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > tolerance {
			return false
		}
	}
	return len(a) == len(b)
}

func TestStretchKeepsThePitch(t *testing.T) {
	tone := func(t float64) float64 { return 0.4 * math.Sin(2*math.Pi*300*t) }
	rec := recording(15000, tone)
	for _, factor := range []float64{0.7, 1.2} {
		clip, got := rendered(t, rec, strike(15000), step("stretch", "factor", factor))
		if hz := dominant(clip.Samples[got.Onset+200:got.Onset+6000], 270, 330); math.Abs(hz-300) > 3 {
			t.Errorf("stretch by %v: %.1f Hz, want 300", factor, hz)
		}
	}
}
