package aac

import "math"

// transform is an inverse MDCT: of lines to the middle half of what they are in
// time, by one complex FFT of half as many points.
type transform struct {
	lines int
	twist []complex64 // before the FFT
	turn  []complex64 // after it, with the scale in it
	fft   fft
	x, y  []complex64
}

// newTransform returns one of lines, 4^n or 2 x 4^n of them, whose results are
// scaled by scale.
func newTransform(lines int, scale float64) *transform {
	half := lines / 2
	t := &transform{lines: lines, fft: newFFT(half), x: make([]complex64, half), y: make([]complex64, half)}
	for n := range half {
		s, c := math.Sincos(-math.Pi * (float64(n) + 1.0/8) / float64(lines))
		t.twist = append(t.twist, complex(float32(c), float32(s)))
		t.turn = append(t.turn, complex(float32(c*scale), float32(s*scale)))
	}
	return t
}

// middle writes to u, as many as lines, the values n + lines/2 of the sums over k
// of x[k] cos(pi/lines (n + (lines+1)/2) (k + 1/2)). All others follow from these:
// those before them are the first half of u, backwards and negated, those behind
// them the second half backwards. It is a DCT-IV backwards and negated.
func (t *transform) middle(u, x []float32) {
	last := t.lines - 1
	x, u = x[:last+1], u[:last+1]
	for n, w := range t.twist {
		a, b := x[2*n], x[last-2*n]
		t.x[n] = complex(a*real(w)-b*imag(w), a*imag(w)+b*real(w))
	}
	z := t.fft.forward(t.x, t.y)
	for k, w := range t.turn[:len(z)] {
		a, b := real(z[k]), imag(z[k])
		u[last-2*k] = b*imag(w) - a*real(w)
		u[2*k] = a*imag(w) + b*real(w)
	}
}

// fft is a complex FFT by the Stockham method, radix 4: every pass reads one
// buffer and writes the other, so nothing is ever put in another order.
type fft struct {
	size  int
	roots [][]complex64 // of each pass: w, w^2, w^3 for each group
}

func newFFT(size int) fft {
	f := fft{size: size}
	for n := size; n >= 4; n /= 4 {
		var roots []complex64
		for p := range n / 4 {
			for i := 1; i < 4; i++ {
				s, c := math.Sincos(-2 * math.Pi * float64(i*p) / float64(n))
				roots = append(roots, complex(float32(c), float32(s)))
			}
		}
		f.roots = append(f.roots, roots)
	}
	return f
}

// forward transforms x, with y to work in, and returns that of both which holds
// the result.
func (f *fft) forward(x, y []complex64) []complex64 {
	stride := 1
	for _, roots := range f.roots {
		pass(y, x, roots, stride)
		x, y = y, x
		stride *= 4
	}
	if stride < f.size {
		a, b := x[:stride], x[stride:2*stride]
		lo, hi := y[:stride], y[stride:2*stride]
		for q := range a {
			lo[q], hi[q] = a[q]+b[q], a[q]-b[q]
		}
		return y
	}
	return x
}

// pass is one pass of radix 4.
func pass(y, x, roots []complex64, stride int) {
	quarter := len(x) / 4
	for p := 0; 3*p < len(roots); p++ {
		w1, w2, w3 := roots[3*p], roots[3*p+1], roots[3*p+2]
		at := stride * p
		a := x[at : at+stride]
		b := x[at+quarter:][:stride]
		c := x[at+2*quarter:][:stride]
		d := x[at+3*quarter:][:stride]
		to := y[4*at : 4*at+4*stride]
		y0, y1, y2, y3 := to[:stride], to[stride:][:stride], to[2*stride:][:stride], to[3*stride:][:stride]
		for q := range a {
			ac, bd := a[q]+c[q], b[q]+d[q]
			e, g := a[q]-c[q], b[q]-d[q]
			g = complex(imag(g), -real(g)) // -i times it
			y0[q] = ac + bd
			y1[q] = times(e+g, w1)
			y2[q] = times(ac-bd, w2)
			y3[q] = times(e-g, w3)
		}
	}
}

func times(a, b complex64) complex64 {
	return complex(real(a)*real(b)-imag(a)*imag(b), real(a)*imag(b)+imag(a)*real(b))
}
