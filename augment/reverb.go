package augment

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"sync"

	"prep/data"
	"prep/features/stft"
)

// rooms are the transforms that add reverberation.
func rooms() []Transform {
	return []Transform{{
		Name: "reverb", Unit: "rt60_s", Lo: 0.05, Hi: 1, Identity: 0, log: true,
		About: "A synthetic room: exponentially decaying noise behind the direct sound. Listening rooms " +
			"have 0.2 to 0.4 s (EBU Tech 3276), living rooms about 0.5; Ko et al. (ICASSP 2017) augment speech with such rooms.",
		// Late energy re the direct sound, and when it sets in.
		also: []amount{{"wet_db", -18, -6, false}, {"predelay_ms", 1, 10, false}},
		need: func(a amounts, rate data.Rate, out span) span {
			return out.longer(responseLen(a, rate))
		},
		apply: func(w *window, a amounts, _ span, rng *rand.Rand) {
			w.samples = convolve(w.samples, response(a, w.rate, rng))
		},
	}}
}

// responseLen is the length of a room's response: down to -60 dB.
func responseLen(a amounts, rate data.Rate) int {
	return int((a["rt60_s"] + a["predelay_ms"]/1000) * float64(rate))
}

// response returns a room's impulse response: one at 0, and from the predelay
// on Gaussian noise that falls by 60 dB in rt60 (Polack's model; Moorer,
// "About this reverberation business", Computer Music Journal 3, 1979).
func response(a amounts, rate data.Rate, rng *rand.Rand) []float32 {
	h := make([]float32, max(responseLen(a, rate), 1))
	fall := math.Pow(10, -3/(a["rt60_s"]*float64(rate)))
	tail := h[min(int(a["predelay_ms"]/1000*float64(rate)), len(h)-1):]
	white(tail, rng)
	e, energy := 1.0, 0.0
	for i, v := range tail {
		tail[i] = float32(e) * v
		energy += float64(tail[i]) * float64(tail[i])
		e *= fall
	}
	gain := float32(ratio(a["wet_db"]) / math.Sqrt(energy))
	for i := range tail {
		tail[i] *= gain
	}
	h[0] = 1
	return h
}

// plans keeps FFT plans by size for reuse.
var plans sync.Map // int -> *sync.Pool of *stft.Plan

func planOf(n int) (*stft.Plan, func()) {
	p, ok := plans.Load(n)
	if !ok {
		first := stft.NewPlan(n)
		p, _ = plans.LoadOrStore(n, &sync.Pool{New: func() any { return first.Clone() }})
	}
	pool := p.(*sync.Pool)
	f := pool.Get().(*stft.Plan)
	return f, func() { pool.Put(f) }
}

// convolve returns x through h, as long as x. The circular convolution wraps
// into the first len(h) samples, which are the ones that lack their past: they
// are not exact.
func convolve(x, h []float32) []float32 {
	n := 1 << bits.Len(uint(max(len(x), 4)-1))
	f, done := planOf(n)
	defer done()
	a, b := newSpectrum(f), newSpectrum(f)
	f.Spectrum(a.re, a.im, x)
	f.Spectrum(b.re, b.im, h)
	for k := range a.re {
		a.re[k], a.im[k] = a.re[k]*b.re[k]-a.im[k]*b.im[k], a.re[k]*b.im[k]+a.im[k]*b.re[k]
	}
	y := make([]float32, n)
	inverse(f, y, a, b)
	return y[:len(x)]
}

// spectrum is that of a real signal: its bins from 0 to half the rate.
type spectrum struct{ re, im []float32 }

func newSpectrum(f *stft.Plan) spectrum {
	buf := make([]float32, 2*f.Bins())
	return spectrum{buf[:f.Bins()], buf[f.Bins():]}
}

// inverse writes the n real samples of s to y, overwriting the spare spectrum.
// The transform of a real signal and its inverse are both Hartley transforms:
// cas = Re - Im (Bracewell, The Hartley Transform, 1986).
func inverse(f *stft.Plan, y []float32, s, spare spectrum) {
	s.hartley(y)
	f.Spectrum(spare.re, spare.im, y)
	spare.hartley(y)
	scale := 1 / float32(len(y))
	for i := range y {
		y[i] *= scale
	}
}

// hartley writes Re X[k] - Im X[k] for all k of the signal's length.
func (s spectrum) hartley(y []float32) {
	n := len(y)
	y[0] = s.re[0] - s.im[0]
	for k := 1; k <= n/2; k++ {
		y[k], y[n-k] = s.re[k]-s.im[k], s.re[k]+s.im[k]
	}
}
