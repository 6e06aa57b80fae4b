package augment

import (
	"math"

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
	for i, part := range f.parts() {
		weave(part, f.window, f.block(padded, group, i))
	}
	f.plan.Complex(f.Re, f.Im)
}

// synthesize adds a group of frames, of the spectra, to a padded signal.
func (f *frames) synthesize(padded []float32, group int) {
	f.plan.Complex(f.Im, f.Re) // exchanged: the inverse
	for i, part := range f.parts() {
		unweave(f.block(padded, group, i), f.window, part, 1/float32(f.size))
	}
}

// parts are where the even frames of a group are, and the odd ones.
func (f *frames) parts() [2][]float32 { return [2][]float32{f.Re, f.Im} }

// block returns the samples of a group's even frames, or with odd 1 of its
// odd ones: overlapping by half, they lie end to end.
func (f *frames) block(padded []float32, group, odd int) []float32 {
	return padded[(group*together+odd)*f.hop:][:stft.Lanes*f.size]
}

// weave writes Lanes frames, end to end in x, times the window to dst, size x
// Lanes. Names instead of an array keep the lanes' bounds out of the loop, as in
// unweave.
func weave(dst, window, x []float32) {
	n := len(window)
	a, b, c, d := x[:n], x[n:][:n], x[2*n:][:n], x[3*n:][:n]
	e, f, g, h := x[4*n:][:n], x[5*n:][:n], x[6*n:][:n], x[7*n:][:n]
	for i, v := range window {
		row := (*[stft.Lanes]float32)(dst[i*stft.Lanes:])
		row[0], row[1], row[2], row[3] = v*a[i], v*b[i], v*c[i], v*d[i]
		row[4], row[5], row[6], row[7] = v*e[i], v*f[i], v*g[i], v*h[i]
	}
}

// unweave adds Lanes frames of src, size x Lanes, times the window and a scale,
// to where they lie end to end in x.
func unweave(x, window, src []float32, scale float32) {
	n := len(window)
	a, b, c, d := x[:n], x[n:][:n], x[2*n:][:n], x[3*n:][:n]
	e, f, g, h := x[4*n:][:n], x[5*n:][:n], x[6*n:][:n], x[7*n:][:n]
	for i, v := range window {
		v *= scale
		row := (*[stft.Lanes]float32)(src[i*stft.Lanes:])
		a[i] += v * row[0]
		b[i] += v * row[1]
		c[i] += v * row[2]
		d[i] += v * row[3]
		e[i] += v * row[4]
		f[i] += v * row[5]
		g[i] += v * row[6]
		h[i] += v * row[7]
	}
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
	return windows.get(n, func() []float32 {
		w := make([]float32, n)
		for i := range w {
			w[i] = float32(math.Sin(math.Pi * (float64(i) + 0.5) / float64(n)))
		}
		return w
	})
}

// windows are those of sine by their length, which that of a room tone may set:
// at most 4 MiB.
var windows = newCache[int](1<<20, func(w []float32) int { return len(w) })

// hann returns a Hann window, which with half overlap sums to one.
func hann(n int) []float32 {
	w := make([]float32, n)
	for i, v := range sine(n) {
		w[i] = v * v
	}
	return w
}
