//go:build !amd64

package layer3

func multiplyAVX(c, a, b *float32, rows, depth, stride int) { panic("no AVX") }

func filterAVX(out, newest, window *float32, slots int) { panic("no AVX") }
