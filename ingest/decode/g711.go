package decode

var alawTable, mulawTable = g711()

// g711 returns the values of A-law and mu-law codes, ITU-T G.711 tables 1 and 2
// on the 16-bit scale that G.191 gives them.
func g711() (a, mu [256]float32) {
	for i := range 256 {
		x := i ^ 0x55
		e, m := x>>4&7, x&15
		v := m<<4 + 8
		if e > 0 {
			v = (v + 0x100) << (e - 1)
		}
		if x&0x80 == 0 {
			v = -v
		}
		a[i] = float32(v) / 32768

		x = ^i & 0xff
		e, m = x>>4&7, x&15
		v = (m<<3+0x84)<<e - 0x84
		if x&0x80 != 0 {
			v = -v
		}
		mu[i] = float32(v) / 32768
	}
	return a, mu
}

// expand returns the function that looks bytes up in a table.
func expand(table *[256]float32) func([]float32, []byte) {
	return func(dst []float32, raw []byte) {
		for i, b := range raw {
			dst[i] = table[b]
		}
	}
}
