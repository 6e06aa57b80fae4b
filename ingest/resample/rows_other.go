//go:build !amd64

package resample

func rowsAVX(dst, taps, x *float32, starts *int32, n, count int) { panic("no AVX") }
