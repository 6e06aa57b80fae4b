//go:build !amd64

package layer3

var useAVX = false

func multiplyAVX(c, a, b *float32, rows, depth, stride int) {}

func filterAVX(out, newest, window *float32, slots int) {}
