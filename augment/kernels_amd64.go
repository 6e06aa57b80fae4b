package augment

import "prep/data/cpu"

//go:noescape
func dotAVX(sums, h, x *float32, n int)

//go:noescape
func scaleAVX(x *float32, n int, gain float32)

//go:noescape
func addScaledAVX(dst, x *float32, n int, gain float32)

//go:noescape
func addProductAVX(dst, h, x *float32, n int)

//go:noescape
func peakAVX2(largest *uint32, x *float32, n int)

//go:noescape
func interpolateAVX(dst, rows, src *float32, n, pos, step, taps int)

// wholeRegisters returns how many of n values a vector kernel does that takes so many
// registers at a time.
func wholeRegisters(n, registers int) int {
	if !cpu.Has(cpu.AVX2) {
		return 0
	}
	return n &^ (registers*lanes - 1)
}

// vectorDot adds as much of h*x to the sums as it can and returns how much.
func vectorDot(sums *[lanes]float32, h, x []float32) int {
	n := wholeRegisters(len(h), 1)
	if n > 0 {
		dotAVX(&sums[0], &h[0], &x[0], n)
	}
	return n
}

// vectorScale does as much of scale as it can and returns how much; so do the
// functions below.
func vectorScale(x []float32, gain float32) int {
	n := wholeRegisters(len(x), 4)
	if n > 0 {
		scaleAVX(&x[0], n, gain)
	}
	return n
}

func vectorAddScaled(dst, x []float32, gain float32) int {
	n := wholeRegisters(len(x), 1)
	if n > 0 {
		addScaledAVX(&dst[0], &x[0], n, gain)
	}
	return n
}

func vectorAddProduct(dst, h, x []float32) int {
	n := wholeRegisters(len(h), 1)
	if n > 0 {
		addProductAVX(&dst[0], &h[0], &x[0], n)
	}
	return n
}

func vectorPeak(largest *uint32, x []float32) int {
	n := wholeRegisters(len(x), 4)
	if n > 0 {
		peakAVX2(largest, &x[0], n)
	}
	return n
}

// vectorInterpolate does all of interpolate and reports whether it could. taps
// is a multiple of lanes.
func vectorInterpolate(dst, rows, src []float32, pos, step, taps int) bool {
	if cpu.Has(cpu.AVX2) && len(dst) > 0 {
		interpolateAVX(&dst[0], &rows[0], &src[0], len(dst), pos, step, taps)
	}
	return cpu.Has(cpu.AVX2)
}
