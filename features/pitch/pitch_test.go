package pitch

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"prep/data"
)

const rate data.Rate = 44100

// tone writes the harmonics from first to last of f0, of the given amplitudes'
// law, with random phases.
func tone(r *rand.Rand, f0 float64, first, last int, law string) []float64 {
	x := make([]float64, 2205)
	for k := first; k <= last; k++ {
		a, phase := 1.0, 2*math.Pi*r.Float64()
		switch law {
		case "1/k":
			a = 1 / float64(k)
		case "random":
			a = 0.2 + r.Float64()
		}
		if float64(k)*f0 > float64(rate)/2 {
			continue
		}
		for i := range x {
			x[i] += a * math.Sin(2*math.Pi*float64(k)*f0*float64(i)/float64(rate)+phase)
		}
	}
	return x
}

func decay(x []float64, seconds float64) {
	for i := range x {
		x[i] *= math.Exp(-float64(i) / float64(rate) / seconds)
	}
}

// addNoise adds white noise at the given SNR over the whole of x.
func addNoise(r *rand.Rand, x []float64, snrDB float64) []float32 {
	energy := 0.0
	for _, v := range x {
		energy += v * v
	}
	sd := math.Sqrt(energy / float64(len(x)) * math.Pow(10, -snrDB/10))
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v + sd*r.NormFloat64())
	}
	return y
}

// TestTonesAreClaimedRightly is the promise: a claim for 90 % of tones at 10 dB SNR, within 2 %
// in 95 % of the claims.
func TestTonesAreClaimedRightly(t *testing.T) {
	for _, law := range []string{"equal", "1/k", "random"} {
		for first := 1; first <= 2; first++ {
			for last := first; last <= 8; last++ {
				if first == 2 && last == 2 {
					continue // one harmonic is a tone of its own
				}
				for _, fall := range []float64{0, 0.02} {
					t.Run(fmt.Sprintf("%s %d-%d decay %v", law, first, last, fall), func(t *testing.T) {
						claimTones(t, law, first, last, fall)
					})
				}
			}
		}
	}
}

func claimTones(t *testing.T, law string, first, last int, fall float64) {
	const tones = 25
	r := data.Rand(uint64(10*first+last), law)
	claims, right := 0, 0
	for range tones {
		f0 := MinHz * math.Pow(MaxHz/MinHz, r.Float64())
		x := tone(r, f0, first, last, law)
		if fall > 0 {
			decay(x, fall)
		}
		hz, _, ok := Estimate(addNoise(r, x, 10), rate)
		if ok {
			claims++
		}
		if ok && math.Abs(hz/f0-1) <= 0.02 {
			right++
		}
	}
	if claims*100 < 90*tones || right*100 < 95*claims {
		t.Errorf("%d claims of %d tones, %d right", claims, tones, right)
	}
}

// burst returns 50 ms of noise between two frequencies.
func burst(r *rand.Rand, loHz, hiHz float64) []float64 {
	x := make([]float64, 2205)
	const parts = 100
	for range parts {
		f, phase := loHz+(hiHz-loHz)*r.Float64(), 2*math.Pi*r.Float64()
		for i := range x {
			x[i] += math.Sin(2*math.Pi*f*float64(i)/float64(rate) + phase)
		}
	}
	return x
}

// coloured returns 50 ms of noise that falls by 6 dB an octave above a corner:
// white noise through one pole.
func coloured(r *rand.Rand, pole float64) []float64 {
	x, y := make([]float64, 2205), r.NormFloat64()/math.Sqrt(1-pole*pole)
	for i := range x {
		y = pole*y + r.NormFloat64()
		x[i] = y
	}
	return x
}

// noises are bursts of many colours, none narrower than an octave and a half;
// the corners of pink and brown lie at 1500 and 150 Hz.
var noises = map[string]func(*rand.Rand) []float64{
	"white":  func(r *rand.Rand) []float64 { return burst(r, 0, 22050) },
	"pink":   func(r *rand.Rand) []float64 { return coloured(r, 0.8) },
	"brown":  func(r *rand.Rand) []float64 { return coloured(r, 0.98) },
	"blue":   func(r *rand.Rand) []float64 { return coloured(r, -0.8) },
	"low":    func(r *rand.Rand) []float64 { return burst(r, 0, 3000) },
	"middle": func(r *rand.Rand) []float64 { return burst(r, 1000, 5000) },
	"narrow": func(r *rand.Rand) []float64 { return burst(r, 500, 1500) },
	"high":   func(r *rand.Rand) []float64 { return burst(r, 6000, 20000) },
}

// claimNoise returns how many of n bursts are taken for a tone.
func claimNoise(name string, noise func(*rand.Rand) []float64, fall float64, n int) (claims int) {
	r := data.Rand(1, name)
	for range n {
		x := noise(r)
		if fall > 0 {
			decay(x, fall)
		}
		if _, _, ok := Estimate(addNoise(r, x, 60), rate); ok {
			claims++
		}
	}
	return claims
}

// TestNoiseIsHardlyEverClaimed is the other promise: a claim for under 2 % of noise bursts.
func TestNoiseIsHardlyEverClaimed(t *testing.T) {
	for name, noise := range noises {
		for _, fall := range []float64{0, 0.02, 0.006} {
			t.Run(fmt.Sprintf("%s decay %v", name, fall), func(t *testing.T) {
				if claims := claimNoise(name, noise, fall, 50); claims > 1 {
					t.Errorf("%d claims of 50 bursts", claims)
				}
			})
		}
	}
}

// BenchmarkClaims counts claims where they get hard: tones that die within a
// few periods, and noise that is narrow and short.
func BenchmarkClaims(b *testing.B) {
	const n = 400
	hard := map[string]func(*rand.Rand) []float64{
		"octave": func(r *rand.Rand) []float64 { return burst(r, 500, 1000) },
		"thump":  func(r *rand.Rand) []float64 { return burst(r, 0, 500) },
	}
	maps.Copy(hard, noises)
	for _, ms := range []float64{1000, 20, 12, 8, 5} {
		b.Run(fmt.Sprintf("tones/decay=%vms", ms), func(b *testing.B) {
			claims, right := 0, 0
			for b.Loop() {
				claims, right = fadingTones(n, ms/1000)
			}
			b.ReportMetric(100*float64(claims)/n, "claims-%")
			b.ReportMetric(100*float64(right)/float64(claims), "right-%")
		})
		for _, name := range slices.Sorted(maps.Keys(hard)) {
			b.Run(fmt.Sprintf("%s/decay=%vms", name, ms), func(b *testing.B) {
				claims := 0
				for b.Loop() {
					claims = claimNoise(name, hard[name], ms/1000, n)
				}
				b.ReportMetric(100*float64(claims)/n, "claims-%")
			})
		}
	}
}

// fadingTones returns how many of n tones of one to eight harmonics at 10 dB
// SNR are claimed, and how many of them within 2 %.
func fadingTones(n int, fall float64) (claims, right int) {
	r := data.Rand(1, "fading")
	for i := range n {
		f0 := MinHz * math.Pow(MaxHz/MinHz, r.Float64())
		x := tone(r, f0, 1, 1+i%8, []string{"equal", "1/k", "random"}[i%3])
		decay(x, fall)
		hz, _, ok := Estimate(addNoise(r, x, 10), rate)
		if ok {
			claims++
		}
		if ok && math.Abs(hz/f0-1) <= 0.02 {
			right++
		}
	}
	return claims, right
}

func TestEstimateOddInput(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for name, x := range map[string][]float32{
		"nothing": nil, "two": {1, -1}, "ten": {1, 2, 3, 2, 1, 0, -1, -2, -3, -2},
		"silence": make([]float32, 2205), "constant": {2204: 1}, "nan": {100: nan, 2204: 0}, "infinite": {100: inf, 2204: 0},
	} {
		if hz, c, ok := Estimate(x, rate); ok || hz != 0 || !(c >= 0 && c <= 1) {
			t.Errorf("%s: claims %v Hz with %v", name, hz, c)
		}
	}
}

func BenchmarkEstimate(b *testing.B) {
	r := data.Rand(1, "benchmark")
	x := addNoise(r, tone(r, 220, 1, 5, "1/k"), 10)
	for b.Loop() {
		Estimate(x, rate)
	}
}
