package tcn

import "prep/data/cpu"

//go:noescape
func convolveAVX(dst *float32, stride uintptr, in *float32, offsets *uintptr, taps int, weights, bias *float32, rectify int)

// vectorConvolve does what convolve does and reports whether it could.
func vectorConvolve(dst []float32, stride int, in []float32, offsets []uintptr, weights, bias []float32, rectify bool) bool {
	if !cpu.Has(cpu.AVX) {
		return false
	}
	flag := 0
	if rectify {
		flag = 1
	}
	convolveAVX(&dst[0], 4*uintptr(stride), &in[0], &offsets[0], len(offsets), &weights[0], &bias[0], flag)
	return true
}
