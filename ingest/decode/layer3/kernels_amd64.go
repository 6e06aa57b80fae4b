package layer3

//go:noescape
func multiplyAVX(c, a, b *float32, rows, depth, stride int)

//go:noescape
func filterAVX(out, newest, window *float32, slots int)
