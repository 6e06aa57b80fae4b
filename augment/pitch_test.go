package augment

import (
	"math"
	"testing"
)

// dominant returns the frequency of the strongest bin of a long Hann-windowed
// transform of x, refined by a parabola.
func dominant(x []float32, lo, hi float64) float64 {
	power := func(hz float64) float64 {
		var re, im float64
		for i, v := range x {
			w := 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(len(x)))
			sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / float64(rate))
			re += w * float64(v) * cos
			im += w * float64(v) * sin
		}
		return re*re + im*im
	}
	best, at := 0.0, lo
	for hz := lo; hz <= hi; hz += 0.5 {
		if p := power(hz); p > best {
			best, at = p, hz
		}
	}
	return at
}

func TestPitchMovesTheFrequency(t *testing.T) {
	tone := func(t float64) float64 { return 0.4 * math.Sin(2*math.Pi*400*t) }
	rec, h := recording(15000, tone), strike(15000)
	for _, semitones := range []float64{12, 7, 1, -1, -5, -12} {
		clip, got := rendered(t, rec, h, step("pitch", "semitones", semitones))
		want := 400 * math.Exp2(semitones/12)
		hz := dominant(clip.Samples[got.Onset+200:got.Onset+6000], 0.9*want, 1.1*want)
		t.Logf("%v semitones: %.1f Hz, asked %.2f", semitones, hz, want)
		if math.Abs(hz/want-1) > 0.01 {
			t.Errorf("%v semitones: %.1f Hz, want %.1f", semitones, hz, want)
		}
	}
}

// Resampling up and down again gives back the band that both keep.
func TestPitchAndBackIsClose(t *testing.T) {
	rec, h := recording(20000, kick), strike(20000)
	clip, got := rendered(t, rec, h, step("pitch", "semitones", -12), step("pitch", "semitones", 12))
	var diff, power float64
	for i := range 2000 {
		a, b := float64(clip.Samples[got.Onset+i]), float64(rec.Samples[20000+i])
		diff += (a - b) * (a - b)
		power += b * b
	}
	if db := 10 * math.Log10(diff/power); db > -45 {
		t.Errorf("the difference is %.1f dB, want below -45", db)
	}
}

// buzz is a pulse train at f0 through one formant.
func buzz(f0, formant float64) func(float64) float64 {
	return func(t float64) (v float64) {
		for k := 1.0; k*f0 < 9000; k++ {
			d := (k*f0 - formant) / 250
			v += 0.05 * math.Sin(2*math.Pi*k*f0*t) * (1/(1+d*d) + 0.01)
		}
		return v
	}
}

// centroid returns the mean frequency of x between lo and hi, by power.
func centroid(x []float32, lo, hi float64) float64 {
	var sum, moment float64
	for hz := lo; hz <= hi; hz += 5 {
		m := magnitude(x, hz)
		sum += m * m
		moment += m * m * hz
	}
	return moment / sum
}

func TestPitchWithFormantsKeepsThem(t *testing.T) {
	rec, h := recording(15000, buzz(150, 1800)), strike(15000)
	for _, semitones := range []float64{12, 4, -5} {
		f0 := 150 * math.Exp2(semitones/12)
		clip, got := rendered(t, rec, h, step("pitch_formant", "semitones", semitones))
		x := clip.Samples[got.Onset+300 : got.Onset+6000]
		k := math.Round(1800 / f0) // the harmonic next to the formant
		hz := dominant(x, (k-0.4)*f0, (k+0.4)*f0) / k
		t.Logf("%v semitones: f0 is %.2f Hz, asked %.2f; the formant is at %.0f Hz, was at 1800", semitones, hz, f0, centroid(x, 500, 5000))
		if math.Abs(hz/f0-1) > 0.01 {
			t.Errorf("%v semitones: f0 is %.1f Hz, want %.1f", semitones, hz, f0)
		}
		if c := centroid(x, 500, 5000); math.Abs(c/1800-1) > 0.1 {
			t.Errorf("%v semitones: the formant is at %.0f Hz, want 1800", semitones, c)
		}
		plain, at := rendered(t, rec, h, step("pitch", "semitones", semitones))
		if c, want := centroid(plain.Samples[at.Onset+300:][:4000], 500, 5000), 1800*math.Exp2(semitones/12); math.Abs(c/want-1) > 0.12 {
			t.Errorf("%v semitones by resampling: the formant is at %.0f Hz, want %.0f", semitones, c, want)
		}
		if got.Len() != h.Len() {
			t.Errorf("%v semitones: the hit has %d samples, want %d", semitones, got.Len(), h.Len())
		}
	}
}
