package augment

import (
	"math"

	"prep/features/stft"
)

// convolver convolves n real samples, a power of two, by complex transforms of
// half the length. As polynomials modulo z^n + 1, which is (z^m - i)(z^m + i)
// with m = n/2, real sequences are complex ones modulo z^m - i, x[t] + i x[t+m];
// turned by exp(i pi t / n) they are multiplied modulo z^m - 1, which the
// transform does (the right-angle convolution: Crandall and Fagin, "Discrete
// weighted transforms and large-integer arithmetic", Mathematics of Computation
// 62, 1994, section 7). What wraps around comes back with its sign changed.
type convolver struct {
	n          int
	plan       *stft.Plan
	turn, back stft.Sequence // exp(i pi t / n) and its conjugate, for t below n/2
	x, y       stft.Sequence // scratch of n/2
}

var convolvers = &pool[*convolver]{make: newConvolver}

func newConvolver(n int) *convolver {
	c := &convolver{n: n, plan: stft.NewPlan(n), turn: newSequence(n / 2), back: newSequence(n / 2),
		x: newSequence(n / 2), y: newSequence(n / 2)}
	for t := range n / 2 {
		sin, cos := math.Sincos(math.Pi * float64(t) / float64(n))
		c.turn.Re[t], c.turn.Im[t] = float32(cos), float32(sin)
		c.back.Re[t], c.back.Im[t] = float32(cos), float32(-sin)
	}
	return c
}

func newSequence(n int) stft.Sequence {
	return stft.Sequence{Re: make([]float32, n), Im: make([]float32, n)}
}

// forward sets y to the transform of x, which has n samples at most.
func (c *convolver) forward(x []float32) {
	fill(c.x.Im, x[fill(c.x.Re, x):])
	multiply(c.y, c.x, c.turn)
	c.plan.Complex(c.y.Re, c.y.Im)
}

// fill copies x to dst and zeros behind it, and returns how much it copied.
func fill(dst, x []float32) int {
	n := copy(dst, x)
	clear(dst[n:])
	return n
}

// spectrum returns what convolve takes of h, of n samples at most.
func (c *convolver) spectrum(h []float32) stft.Sequence {
	c.forward(h)
	s := newSequence(c.n / 2)
	scale := 2 / float32(c.n) // of the inverse
	addScaled(s.Re, c.y.Re, scale)
	addScaled(s.Im, c.y.Im, scale)
	return s
}

// convolve sets dst, as long as x and n samples at most, to the convolution of x
// with what h is the spectrum of.
func (c *convolver) convolve(dst, x []float32, h stft.Sequence) {
	c.forward(x)
	multiply(c.x, c.y, h)
	c.plan.Complex(c.x.Im, c.x.Re) // exchanged: the inverse
	multiply(c.y, c.x, c.back)
	copy(dst[copy(dst, c.y.Re):], c.y.Im)
}

// multiply sets z to the products of x and k, as complex numbers.
func multiply(z, x, k stft.Sequence) {
	clear(z.Re)
	clear(z.Im)
	z.AddProduct(x, k)
}
