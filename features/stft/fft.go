package stft

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// Plan computes the discrete Fourier transform of n real samples,
//
//	X[k] = sum over t of x[t] exp(-2 pi i k t / n),  k = 0 .. n/2,
//
// in float32. The even and odd samples form one complex sequence of half the
// length (Press et al., Numerical Recipes, section 12.3), which a Stockham
// autosort FFT of radix 4 transforms without bit reversal (Van Loan,
// Computational Frameworks for the FFT, 1992, section 1.7). Its tables are
// computed in float64, its error is about 1e-7 of the largest bin.
//
// A Plan is not safe for concurrent use; Clone is cheap.
type Plan struct {
	n      int
	lanes  int // transforms side by side
	passes []pass
	// splitRe and splitIm are exp(-2 pi i k / n) for k in [0, n/4].
	splitRe, splitIm []float32
	a, b             Sequence
}

// Sequence is a complex sequence as two real ones of one length.
type Sequence struct{ Re, Im []float32 }

// pass is one radix-4 step over sub-transforms of length 4*len(twiddles),
// stride of them interleaved.
type pass struct {
	stride   int
	twiddles []twiddle
	// columns are the twiddles of the pass of stride 1 for vector registers, if
	// there are whole ones: eight values of r1, of i1, r2, i2, r3 and i3, and so
	// on.
	columns []float32
}

// twiddle holds w, w^2 and w^3.
type twiddle struct{ r1, i1, r2, i2, r3, i3 float32 }

// NewPlan returns a plan for n real samples. It panics unless n is a power of
// two, at least 4.
func NewPlan(n int) *Plan {
	if n < 4 || bits.OnesCount(uint(n)) != 1 {
		panic(fmt.Sprintf("stft: FFT of %d samples: want a power of two, at least 4", n))
	}
	p := &Plan{n: n, lanes: 1}
	for m, stride := n/2, 1; m >= 4; m, stride = m/4, stride*4 {
		p.passes = append(p.passes, newPass(m, stride))
	}
	for k := range n/4 + 1 {
		re, im := root(k, n)
		p.splitRe, p.splitIm = append(p.splitRe, re), append(p.splitIm, im)
	}
	p.allocate()
	return p
}

// Clone returns a plan that shares p's tables and has scratch of its own.
func (p *Plan) Clone() *Plan {
	c := *p
	c.allocate()
	return &c
}

func (p *Plan) allocate() {
	m := p.n / 2 * p.lanes
	buf := make([]float32, 4*m)
	p.a = Sequence{buf[:m:m], buf[m : 2*m : 2*m]}
	p.b = Sequence{buf[2*m : 3*m : 3*m], buf[3*m:]}
}

func newPass(m, stride int) pass {
	w := make([]twiddle, m/4)
	for k := range w {
		t := &w[k]
		t.r1, t.i1 = root(k, m)
		t.r2, t.i2 = root(2*k, m)
		t.r3, t.i3 = root(3*k, m)
	}
	p := pass{stride: stride, twiddles: w}
	if stride == 1 && len(w)%Lanes == 0 {
		p.columns = columns(w)
	}
	return p
}

func columns(twiddles []twiddle) []float32 {
	var c []float32
	for w := range slices.Chunk(twiddles, Lanes) {
		var r1, i1, r2, i2, r3, i3 [Lanes]float32
		for l, t := range w {
			r1[l], i1[l], r2[l], i2[l], r3[l], i3[l] = t.r1, t.i1, t.r2, t.i2, t.r3, t.i3
		}
		for _, column := range [][Lanes]float32{r1, i1, r2, i2, r3, i3} {
			c = append(c, column[:]...)
		}
	}
	return c
}

// root returns exp(-2 pi i k / n).
func root(k, n int) (re, im float32) {
	sin, cos := math.Sincos(-2 * math.Pi * float64(k) / float64(n))
	return float32(cos), float32(sin)
}

// Len returns the number of real samples of a transform.
func (p *Plan) Len() int { return p.n }

// Bins returns the number of bins of a spectrum, n/2 + 1.
func (p *Plan) Bins() int { return p.n/2 + 1 }

// Power writes |X[k]|^2 of x to dst[:Bins()]. Fewer than n samples are
// followed by zeros. It panics when dst is too short or x too long.
func (p *Plan) Power(dst, x []float32) {
	m := p.n / 2
	z := p.transform(x)
	dst = dst[:m+1]
	zr, zi := z.Re[:m], z.Im[:m]
	dc, ny := zr[0]+zi[0], zr[0]-zi[0]
	dst[0], dst[m] = dc*dc, ny*ny
	for k := 1; k <= m/2; k++ {
		ar, ai, br, bi := split(zr[k], zi[k], zr[m-k], zi[m-k], p.splitRe[k], p.splitIm[k])
		dst[k], dst[m-k] = float32(ar*ar)+float32(ai*ai), float32(br*br)+float32(bi*bi)
	}
}

// Spectrum writes the real and imaginary parts of X[k] to re[:Bins()] and
// im[:Bins()]. Fewer than n samples are followed by zeros. It panics when re
// or im is too short or x too long.
func (p *Plan) Spectrum(re, im, x []float32) {
	m := p.n / 2
	z := p.transform(x)
	re, im = re[:m+1], im[:m+1]
	zr, zi := z.Re[:m], z.Im[:m]
	re[0], im[0], re[m], im[m] = zr[0]+zi[0], 0, zr[0]-zi[0], 0
	for k := 1; k <= m/2; k++ {
		re[k], im[k], re[m-k], im[m-k] = split(zr[k], zi[k], zr[m-k], zi[m-k], p.splitRe[k], p.splitIm[k])
	}
}

// split parts bins k and m-k of the packed transform into bins k and m-k of
// the real one: X[k] = E + wO and X[m-k] = conj(E - wO), where 2E = Z[k] +
// conj(Z[m-k]) and 2iO = Z[k] - conj(Z[m-k]).
func split(kr, ki, mr, mi, wr, wi float32) (ar, ai, br, bi float32) {
	er, ei := 0.5*(kr+mr), 0.5*(ki-mi)
	or, oi := 0.5*(ki+mi), 0.5*(mr-kr)
	tr, ti := float32(or*wr)-float32(oi*wi), float32(or*wi)+float32(oi*wr)
	return er + tr, ei + ti, er - tr, ti - ei
}

// Inverse writes to x[:Len()] the real signal whose spectrum Spectrum writes
// to re[:Bins()] and im[:Bins()]. It panics when a slice is too short.
func (p *Plan) Inverse(x, re, im []float32) {
	m := p.n / 2
	x, re, im = x[:p.n], re[:m+1], im[:m+1]
	zr, zi := p.a.Im[:m], p.a.Re[:m] // exchanged: the inverse
	zr[0], zi[0] = 0.5*(re[0]+re[m]), 0.5*(re[0]-re[m])
	for k := 1; k <= m/2; k++ {
		zr[k], zi[k], zr[m-k], zi[m-k] = join(re[k], im[k], re[m-k], im[m-k], p.splitRe[k], p.splitIm[k])
	}
	z, scale := p.run(), 1/float32(m)
	for i := range m {
		x[2*i], x[2*i+1] = scale*z.Im[i], scale*z.Re[i]
	}
}

// join undoes split.
func join(ar, ai, br, bi, wr, wi float32) (kr, ki, mr, mi float32) {
	er, ei, tr, ti := 0.5*(ar+br), 0.5*(ai-bi), 0.5*(ar-br), 0.5*(ai+bi)
	or, oi := float32(tr*wr)+float32(ti*wi), float32(ti*wr)-float32(tr*wi)
	return er - oi, ei + or, er + oi, or - ei
}

// Complex replaces a complex sequence of length Len()/2 by its transform,
// X[k] = sum over t of x[t] exp(-2 pi i k t / (n/2)). With re and im exchanged
// it is the inverse transform, times n/2. A plan of NewEight replaces eight
// sequences, Len()/2 x Lanes, row-major. It panics when re or im is too short.
func (p *Plan) Complex(re, im []float32) {
	m := p.n / 2 * p.lanes
	copy(p.a.Re, re[:m])
	copy(p.a.Im, im[:m])
	z := p.run()
	copy(re, z.Re)
	copy(im, z.Im)
}

// transform packs x and returns its complex transform of length n/2.
func (p *Plan) transform(x []float32) Sequence {
	p.pack(p.a, x)
	return p.run()
}

// run returns the complex transform of p.a, which it overwrites.
func (p *Plan) run() Sequence {
	src, dst := p.a, p.b
	for i := range p.passes {
		p.passes[i].run(dst, src)
		src, dst = dst, src
	}
	if bits.TrailingZeros(uint(p.n))%2 == 0 { // n/2 is twice a power of four
		radix2(src)
	}
	return src
}

// pack writes the even samples of x to z.Re and the odd ones to z.Im.
func (p *Plan) pack(z Sequence, x []float32) {
	if len(x) > p.n {
		panic(fmt.Sprintf("stft: %d samples for an FFT of %d", len(x), p.n))
	}
	pairs := len(x) / 2
	re, im := z.Re[:pairs], z.Im[:pairs]
	for i := range re {
		re[i], im[i] = x[2*i], x[2*i+1]
	}
	clear(z.Re[pairs:])
	clear(z.Im[pairs:])
	if len(x)%2 == 1 {
		z.Re[pairs] = x[len(x)-1]
	}
}

func (p *pass) run(dst, src Sequence) {
	switch {
	case p.vectorPass(dst, src):
		return
	case p.stride == 1:
		p.runFirst(dst, src)
		return
	}
	s, quarter := p.stride, len(src.Re)/4
	for k := range p.twiddles {
		in, out := k*s, 4*k*s
		butterflies(dst.Tail(out), src.Tail(in), s, quarter, &p.twiddles[k])
	}
}

// butterflies does s neighbouring radix-4 steps with one twiddle.
func butterflies(dst, src Sequence, s, quarter int, w *twiddle) {
	w1r, w1i, w2r, w2i, w3r, w3i := w.r1, w.i1, w.r2, w.i2, w.r3, w.i3
	ar, br, cr, dr := src.Re[:s], src.Re[quarter:][:s], src.Re[2*quarter:][:s], src.Re[3*quarter:][:s]
	ai, bi, ci, di := src.Im[:s], src.Im[quarter:][:s], src.Im[2*quarter:][:s], src.Im[3*quarter:][:s]
	er, fr, gr, hr := dst.Re[:s], dst.Re[s:][:s], dst.Re[2*s:][:s], dst.Re[3*s:][:s]
	ei, fi, gi, hi := dst.Im[:s], dst.Im[s:][:s], dst.Im[2*s:][:s], dst.Im[3*s:][:s]
	for q := range s {
		pr, pi, mr, mi := ar[q]+cr[q], ai[q]+ci[q], ar[q]-cr[q], ai[q]-ci[q]
		qr, qi, nr, ni := br[q]+dr[q], bi[q]+di[q], br[q]-dr[q], bi[q]-di[q]
		er[q], ei[q] = pr+qr, pi+qi
		ur, ui := mr+ni, mi-nr
		fr[q], fi[q] = float32(ur*w1r)-float32(ui*w1i), float32(ur*w1i)+float32(ui*w1r)
		ur, ui = pr-qr, pi-qi
		gr[q], gi[q] = float32(ur*w2r)-float32(ui*w2i), float32(ur*w2i)+float32(ui*w2r)
		ur, ui = mr-ni, mi+nr
		hr[q], hi[q] = float32(ur*w3r)-float32(ui*w3i), float32(ur*w3i)+float32(ui*w3r)
	}
}

// runFirst is the pass of stride 1: a twiddle a butterfly.
func (p *pass) runFirst(dst, src Sequence) {
	n := len(p.twiddles)
	ar, br, cr, dr := src.Re[:n], src.Re[n:][:n], src.Re[2*n:][:n], src.Re[3*n:][:n]
	ai, bi, ci, di := src.Im[:n], src.Im[n:][:n], src.Im[2*n:][:n], src.Im[3*n:][:n]
	for k := range p.twiddles {
		w := &p.twiddles[k]
		re, im := dst.Re[4*k:][:4], dst.Im[4*k:][:4]
		pr, pi, mr, mi := ar[k]+cr[k], ai[k]+ci[k], ar[k]-cr[k], ai[k]-ci[k]
		qr, qi, nr, ni := br[k]+dr[k], bi[k]+di[k], br[k]-dr[k], bi[k]-di[k]
		re[0], im[0] = pr+qr, pi+qi
		ur, ui := mr+ni, mi-nr
		re[1], im[1] = float32(ur*w.r1)-float32(ui*w.i1), float32(ur*w.i1)+float32(ui*w.r1)
		ur, ui = pr-qr, pi-qi
		re[2], im[2] = float32(ur*w.r2)-float32(ui*w.i2), float32(ur*w.i2)+float32(ui*w.r2)
		ur, ui = mr-ni, mi+nr
		re[3], im[3] = float32(ur*w.r3)-float32(ui*w.i3), float32(ur*w.i3)+float32(ui*w.r3)
	}
}

// radix2 is the last pass when n/2 is not a power of four, in place.
func radix2(z Sequence) {
	h := len(z.Re) / 2
	ar, br, ai, bi := z.Re[:h], z.Re[h:][:h], z.Im[:h], z.Im[h:][:h]
	for q := vectorRadix2(z); q < h; q++ {
		ar[q], br[q] = ar[q]+br[q], ar[q]-br[q]
		ai[q], bi[q] = ai[q]+bi[q], ai[q]-bi[q]
	}
}
