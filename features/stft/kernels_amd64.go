package stft

import "prep/data/cpu"

//go:noescape
func passAVX(dstRe, dstIm, srcRe, srcIm *float32, w *twiddle, count, stride, quarter int)

//go:noescape
func firstAVX(dstRe, dstIm, srcRe, srcIm, columns *float32, count, quarter int)

//go:noescape
func secondAVX(dstRe, dstIm, srcRe, srcIm *float32, w *twiddle, count, quarter int)

//go:noescape
func radix2AVX(a, b *float32, n int)

//go:noescape
func splitAVX(dst, re, im, splitRe, splitIm *float32, m int)

//go:noescape
func packAVX(re, im, window, x *float32, hop, count int)

//go:noescape
func dotAVX(dst, w, x *float32, n int)

//go:noescape
func addProductAVX(zr, zi, xr, xi, kr, ki *float32, n int)

//go:noescape
func sqrtAVX(x *float32, n int)

// vectorPass does a whole pass and reports whether it could.
func (p *pass) vectorPass(dst, src Sequence) bool {
	count, quarter := len(p.twiddles), len(src.Re)/4
	switch {
	case !cpu.Has(cpu.AVX):
		return false
	case p.stride%Lanes == 0:
		passAVX(&dst.Re[0], &dst.Im[0], &src.Re[0], &src.Im[0], &p.twiddles[0], count, p.stride, quarter)
	case p.stride == 4 && count%2 == 0:
		secondAVX(&dst.Re[0], &dst.Im[0], &src.Re[0], &src.Im[0], &p.twiddles[0], count, quarter)
	case p.columns != nil:
		firstAVX(&dst.Re[0], &dst.Im[0], &src.Re[0], &src.Im[0], &p.columns[0], count, quarter)
	default:
		return false
	}
	return true
}

// vectorRadix2 does as much of radix2 as it can and returns how much.
func vectorRadix2(z Sequence) int {
	h := len(z.Re) / 2
	n := h &^ 7
	if !cpu.Has(cpu.AVX) || n == 0 {
		return 0
	}
	radix2AVX(&z.Re[0], &z.Re[h], n)
	radix2AVX(&z.Im[0], &z.Im[h], n)
	return n
}

// vectorSplit does the rows 1 to m/2 of split8 and reports whether it could.
func (p *Plan) vectorSplit(dst []float32, z Sequence) bool {
	if !cpu.Has(cpu.AVX) {
		return false
	}
	splitAVX(&dst[0], &z.Re[0], &z.Im[0], &p.splitRe[0], &p.splitIm[0], p.n/2)
	return true
}

// vectorPack does as much of pack8 as it can and returns how many samples of
// each frame.
func vectorPack(z Sequence, window, x []float32, hop int) int {
	n := len(window) &^ 7
	if !cpu.Has(cpu.AVX) || n == 0 {
		return 0
	}
	_ = x[(Lanes-1)*hop+n-1]
	packAVX(&z.Re[0], &z.Im[0], &window[0], &x[0], hop, n/8)
	return n
}

func vectorDot(dst *[Lanes]float32, w, x []float32) bool {
	if !cpu.Has(cpu.AVX) {
		return false
	}
	dotAVX(&dst[0], &w[0], &x[0], len(w))
	return true
}

// vectorSqrt does as much of Sqrt as it can and returns how much.
func vectorSqrt(x []float32) int {
	n := len(x) &^ 7
	if !cpu.Has(cpu.AVX) || n == 0 {
		return 0
	}
	sqrtAVX(&x[0], n)
	return n
}

// vectorAddProduct does as much of AddProduct as it can and returns how much.
func vectorAddProduct(z, x, k Sequence) int {
	n := len(z.Re) &^ 7
	if !cpu.Has(cpu.AVX) || n == 0 {
		return 0
	}
	addProductAVX(&z.Re[0], &z.Im[0], &x.Re[0], &x.Im[0], &k.Re[0], &k.Im[0], n)
	return n
}
