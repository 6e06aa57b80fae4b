package conv

import "prep/data/cpu"

//go:generate go -C gen run . -out ../kernels_amd64.s -stubs ../stubs_amd64.go -pkg conv

var avx512 = kernels{
	name:  cpu.AVX512.String(),
	lanes: 16,
	gemm: [2]func(int, int, *float32, uintptr, uintptr, *float32, uintptr, *float32, uintptr, *float32, uintptr, int){
		gemm1_avx512, gemm2_avx512},
	gather: [2]func(int, int, *float32, uintptr, *uintptr, *float32, uintptr, *float32, uintptr, *float32, uintptr, int){
		gather1_avx512, gather2_avx512},
	lines: [filterCount]lineKernels{
		filter1x1: copyLines(16),
		filter4x3: {input: winogradInput6_avx512, output: winogradOutput6_avx512, gradient: winogradGradient6_avx512},
		filter4x5: {input: winogradInput8_avx512, output: winogradOutput8_avx512, gradient: winogradGradient8_avx512},
	},
	finish: finish_avx512, maskNegative: maskNegative_avx512,
	maxPool2: maxPool2_avx512, maxPool2Gradient: maxPool2Gradient_avx512,
	normalize: normalize_avx512, normalizeGradient: normalizeGradient_avx512, moments: moments_avx512,
}

var avx2 = kernels{
	name:  cpu.AVX2.String(),
	lanes: 8,
	gemm: [2]func(int, int, *float32, uintptr, uintptr, *float32, uintptr, *float32, uintptr, *float32, uintptr, int){
		gemm1_avx2, gemm2_avx2},
	gather: [2]func(int, int, *float32, uintptr, *uintptr, *float32, uintptr, *float32, uintptr, *float32, uintptr, int){
		gather1_avx2, gather2_avx2},
	lines: [filterCount]lineKernels{
		filter1x1: copyLines(8),
		filter4x3: {input: winogradInput6_avx2, output: winogradOutput6_avx2, gradient: winogradGradient6_avx2},
		filter4x5: {input: winogradInput8_avx2, output: winogradOutput8_avx2, gradient: winogradGradient8_avx2},
	},
	finish: finish_avx2, maskNegative: maskNegative_avx2,
	maxPool2: maxPool2_avx2, maxPool2Gradient: maxPool2Gradient_avx2,
	normalize: normalize_avx2, normalizeGradient: normalizeGradient_avx2, moments: moments_avx2,
}

// vectorKernels returns what cpu allows, fastest first.
func vectorKernels() (paths []*kernels) {
	if cpu.Has(cpu.AVX512) {
		paths = append(paths, &avx512)
	}
	if cpu.Has(cpu.AVX2) {
		paths = append(paths, &avx2)
	}
	return paths
}
