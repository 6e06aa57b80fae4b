package conv

import "golang.org/x/sys/cpu"

//go:generate go -C gen run . -out ../kernels_amd64.s -stubs ../stubs_amd64.go -pkg conv

var avx512 = kernels{
	name:  "avx512",
	lanes: 16,
	gemm: [2]func(int, int, *float32, uintptr, uintptr, *float32, uintptr, *float32, uintptr, int){
		gemm1_avx512, gemm2_avx512},
	gather: [2]func(int, int, *float32, uintptr, *uintptr, *float32, uintptr, *float32, uintptr, int){
		gather1_avx512, gather2_avx512},
	tiles: [tileKinds]tileKernels{
		tile4x3: {input: winogradInput6_avx512, gradient: winogradGradient6_4_avx512, output: winogradOutput6_4_avx512},
		tile4x5: {input: winogradInput8_avx512, gradient: winogradGradient8_4_avx512, output: winogradOutput8_4_avx512},
		tile2x7: {input: winogradInput8_avx512, gradient: winogradGradient8_2_avx512, output: winogradOutput8_2_avx512},
	},
	finish: finish_avx512, maskNegative: maskNegative_avx512,
	maxPool2: maxPool2_avx512, maxPool2Gradient: maxPool2Gradient_avx512,
}

var avx2 = kernels{
	name:  "avx2",
	lanes: 8,
	gemm: [2]func(int, int, *float32, uintptr, uintptr, *float32, uintptr, *float32, uintptr, int){
		gemm1_avx2, gemm2_avx2},
	gather: [2]func(int, int, *float32, uintptr, *uintptr, *float32, uintptr, *float32, uintptr, int){
		gather1_avx2, gather2_avx2},
	tiles: [tileKinds]tileKernels{
		tile4x3: {input: winogradInput6_avx2, gradient: winogradGradient6_4_avx2, output: winogradOutput6_4_avx2},
		tile4x5: {input: winogradInput8_avx2, gradient: winogradGradient8_4_avx2, output: winogradOutput8_4_avx2},
		tile2x7: {input: winogradInput8_avx2, gradient: winogradGradient8_2_avx2, output: winogradOutput8_2_avx2},
	},
	finish: finish_avx2, maskNegative: maskNegative_avx2,
	maxPool2: maxPool2_avx2, maxPool2Gradient: maxPool2Gradient_avx2,
}

// vectorKernels returns what this processor and operating system run, fastest first.
func vectorKernels() (paths []*kernels) {
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ {
		paths = append(paths, &avx512)
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		paths = append(paths, &avx2)
	}
	return paths
}
