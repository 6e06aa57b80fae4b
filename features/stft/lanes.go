package stft

import "math"

// Lanes is how many frames are transformed side by side: the float32 values of
// an AVX register. Eight frames in lanes are bins x Lanes, row-major.
const Lanes = 8

// NewEight returns a plan whose Complex does eight transforms side by side:
// value i of transform l is at i*Lanes + l. A Stockham pass over it is the same
// pass with eight times the stride. It panics as NewPlan does.
func NewEight(n int) *Plan {
	p := *NewPlan(n)
	for i := range p.passes {
		p.passes[i].stride *= Lanes
	}
	p.lanes = Lanes
	p.allocate()
	return &p
}

// power8 writes the power spectra of eight frames, hop apart, to dst, bins x
// Lanes. Frames from count on are zero.
func (p *Plan) power8(dst, window, x []float32, hop, count int) {
	m := p.n / 2
	p.pack8(p.a, window, x, hop, count)
	z := p.run()
	dst = dst[:(m+1)*Lanes]
	for l := range Lanes {
		dc, ny := z.Re[l]+z.Im[l], z.Re[l]-z.Im[l]
		dst[l], dst[m*Lanes+l] = dc*dc, ny*ny
	}
	if !p.vectorSplit(dst, z) {
		p.split8(dst, z)
	}
}

// split8 is the loop of Power for eight transforms.
func (p *Plan) split8(dst []float32, z Sequence) {
	m := p.n / 2
	for k := 1; k <= m/2; k++ {
		wr, wi, at, mirror := p.splitRe[k], p.splitIm[k], k*Lanes, (m-k)*Lanes
		for l := range Lanes {
			ar, ai, br, bi := split(z.Re[at+l], z.Im[at+l], z.Re[mirror+l], z.Im[mirror+l], wr, wi)
			dst[at+l], dst[mirror+l] = float32(ar*ar)+float32(ai*ai), float32(br*br)+float32(bi*bi)
		}
	}
}

// pack8 writes eight windowed frames, the even samples to z.Re and the odd
// ones to z.Im.
func (p *Plan) pack8(z Sequence, window, x []float32, hop, count int) {
	done := 0
	if count == Lanes {
		done = vectorPack(z, window, x, hop)
	}
	rows := (len(window) + 1) / 2 * Lanes
	clear(z.Re[done/2*Lanes:])
	clear(z.Im[done/2*Lanes:])
	if done*Lanes/2 >= rows {
		return
	}
	for l := range count {
		frame := x[l*hop:][:len(window)]
		for i := done; i < len(window); i++ {
			row := z.Re
			if i%2 == 1 {
				row = z.Im
			}
			row[i/2*Lanes+l] = window[i] * frame[i]
		}
	}
}

// Dot writes, for each of eight frames in lanes, the sum of w[i] * x[i*Lanes +
// lane] to dst. It panics when x is too short.
func Dot(dst *[Lanes]float32, w, x []float32) {
	if len(w) == 0 {
		*dst = [Lanes]float32{}
		return
	}
	x = x[:len(w)*Lanes]
	if vectorDot(dst, w, x) {
		return
	}
	whole := len(w) &^ 3
	for l := range Lanes {
		var sums [4]float32
		for i, v := range w[:whole] {
			sums[i%4] += float32(v * x[i*Lanes+l])
		}
		for i, v := range w[whole:] {
			sums[0] += float32(v * x[(whole+i)*Lanes+l])
		}
		dst[l] = (sums[0] + sums[1]) + (sums[2] + sums[3])
	}
}

// Sqrt replaces every value by its square root.
func Sqrt(x []float32) {
	for i := vectorSqrt(x); i < len(x); i++ {
		x[i] = float32(math.Sqrt(float64(x[i])))
	}
}

// AddProduct adds x[i] * k[i] to z[i], as complex numbers. It panics when x or k
// is shorter than z.
func (z Sequence) AddProduct(x, k Sequence) {
	n := len(z.Re)
	zi, xr, xi, kr, ki := z.Im[:n], x.Re[:n], x.Im[:n], k.Re[:n], k.Im[:n]
	for i := vectorAddProduct(z, x, k); i < n; i++ {
		z.Re[i] += float32(xr[i]*kr[i]) - float32(xi[i]*ki[i])
		zi[i] += float32(xr[i]*ki[i]) + float32(xi[i]*kr[i])
	}
}

// Tail returns the part of the sequence from value i on.
func (z Sequence) Tail(i int) Sequence { return Sequence{z.Re[i:], z.Im[i:]} }
