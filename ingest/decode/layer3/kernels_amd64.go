package layer3

import "prep/data/cpu"

// useAVX is false in tests of the other path.
var useAVX = cpu.Has(cpu.AVX)

//go:noescape
func multiplyAVX(c, a, b *float32, rows, depth, stride int)

//go:noescape
func filterAVX(out, newest, window *float32, slots int)
