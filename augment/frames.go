package augment

import (
	"math"
	"sync"

	"prep/data"
	"prep/features/stft"
)

// together is how many frames are transformed together: two in a complex
// sequence, as its real and its imaginary part, and as many sequences as a
// vector register has lanes.
const together = 2 * stft.Lanes

// frames is the analysis and synthesis of a signal in frames that overlap by
// half under sine windows.
type frames struct {
	size, hop int
	window    []float32
	plan      *stft.Plan
	// Sequence is the spectrum of frames in turn, size x Lanes, row-major: of
	// frames 2l and 2l+1 in lane l.
	stft.Sequence
}

// frameSize returns the length of a frame: the power of two next to so many
// seconds.
func frameSize(seconds float64, rate data.Rate) int {
	return 1 << int(math.Round(math.Log2(seconds*float64(rate))))
}

// framings are frames by their length, a power of two.
var framings = &pool[*frames]{make: func(size int) *frames {
	return &frames{size, size / 2, sine(size), stft.NewEight(2 * size), newSequence(size * stft.Lanes)}
}}

// pad returns the n samples of x from its sample from on as analyse takes
// them: behind hop zeros, and filled up to whole groups of frames. What lies
// outside of x is zero.
func (f *frames) pad(x []float32, from, n int) []float32 {
	padded := make([]float32, f.groups(n)*together*f.hop+f.hop)
	data.Clip{Samples: x}.ReadAt(padded[f.hop:f.hop+n], from)
	return padded
}

// groups returns how many groups of frames cover n samples.
func (f *frames) groups(n int) int {
	count := (n+f.hop-1)/f.hop + 1
	return (count + together - 1) / together
}

// analyse computes the spectra of a group of frames of a padded signal.
func (f *frames) analyse(padded []float32, group int) {
	for l := range together {
		part, lane := f.part(l)
		x := padded[(group*together+l)*f.hop:][:f.size]
		for i, v := range f.window {
			part[i*stft.Lanes+lane] = v * x[i]
		}
	}
	f.plan.Complex(f.Re, f.Im)
}

// synthesize adds a group of frames, of the spectra, to a padded signal.
func (f *frames) synthesize(padded []float32, group int) {
	f.plan.Complex(f.Im, f.Re) // exchanged: the inverse
	scale := 1 / float32(f.size)
	for l := range together {
		part, lane := f.part(l)
		x := padded[(group*together+l)*f.hop:][:f.size]
		for i, v := range f.window {
			x[i] += scale * v * part[i*stft.Lanes+lane]
		}
	}
}

// part returns where the samples of frame l of a group are.
func (f *frames) part(l int) (part []float32, lane int) {
	if l%2 == 0 {
		return f.Re, l / 2
	}
	return f.Im, l / 2
}

// row returns bin k of all spectra, and bin -k, which in a pair of frames is
// needed for its power and is changed alike.
func (f *frames) row(k int) (bin, mirror stft.Sequence) {
	at := func(k int) stft.Sequence {
		lo := k % f.size * stft.Lanes
		return stft.Sequence{Re: f.Re[lo:][:stft.Lanes], Im: f.Im[lo:][:stft.Lanes]}
	}
	return at(k), at(f.size - k)
}

// sine returns the square root of a Hann window: as analysis and as synthesis
// window with half overlap it sums to one.
func sine(n int) []float32 {
	if w, ok := windows.Load(n); ok {
		return w.([]float32)
	}
	w := make([]float32, n)
	for i := range w {
		w[i] = float32(math.Sin(math.Pi * (float64(i) + 0.5) / float64(n)))
	}
	windows.Store(n, w)
	return w
}

var windows sync.Map // by length

// hann returns a Hann window, which with half overlap sums to one.
func hann(n int) []float32 {
	w := make([]float32, n)
	for i, v := range sine(n) {
		w[i] = v * v
	}
	return w
}
