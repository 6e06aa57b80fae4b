package resample

import "github.com/klauspost/cpuid/v2"

// useAVX is false in tests of the other path.
var useAVX = cpuid.CPU.Supports(cpuid.AVX)

// rowsAVX is rowsGo for count rows, to the bit: it does not fuse multiplication
// and addition.
//
//go:noescape
func rowsAVX(dst, taps, x *float32, starts *int32, n, count int)
