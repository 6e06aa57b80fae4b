package layer3

// factors are the scale factors of a granule's bands. Those of the right channel
// in intensity stereo are the positions of its bands.
type factors [39]uint8

// lengths are the bits of a factor in the lower and in the upper bands, by
// scalefac_compress (11172-3, 2.4.2.7).
var lengths = [16][2]int{{0, 0}, {0, 1}, {0, 2}, {0, 3}, {3, 0}, {1, 1}, {1, 2}, {1, 3},
	{2, 1}, {2, 2}, {2, 3}, {3, 1}, {3, 2}, {3, 3}, {4, 2}, {4, 3}}

// groups are where the four parts of a long block's factors end that scfsi
// speaks of (11172-3, 2.4.2.7).
var groups = [4]int{6, 11, 16, 21}

// readFactors reads the factors of MPEG-1; the last bands have none. first are
// those of the first granule.
func (g *granule) readFactors(r *bitReader, first *factors) {
	bits := lengths[g.compress]
	if g.block == shortBlock {
		lower := 18
		if g.mixed {
			lower = 17
		}
		g.factors.read(r, 0, lower, bits[0])
		g.factors.read(r, lower, lower+18, bits[1])
		return
	}
	from := 0
	for i, to := range groups {
		if g.shared>>(3-i)&1 == 1 {
			copy(g.factors[from:to], first[from:to])
		} else {
			g.factors.read(r, from, to, bits[i/2])
		}
		from = to
	}
}

// read reads factors of the given length.
func (f *factors) read(r *bitReader, from, to, bits int) {
	for i := from; i < to; i++ {
		f[i] = uint8(r.read(bits))
	}
}

// partitions are how many factors have each of four lengths, by the range of
// scalefac_compress and by long, short and mixed blocks (13818-3, 2.4.3.2). The
// last three are for the right channel in intensity stereo.
var partitions = [6][3][4]int{
	{{6, 5, 5, 5}, {9, 9, 9, 9}, {6, 9, 9, 9}},
	{{6, 5, 7, 3}, {9, 9, 12, 6}, {6, 9, 12, 6}},
	{{11, 10, 0, 0}, {18, 18, 0, 0}, {15, 18, 0, 0}},
	{{7, 7, 7, 0}, {12, 12, 12, 0}, {6, 15, 12, 0}},
	{{6, 6, 6, 3}, {12, 9, 9, 6}, {6, 12, 9, 6}},
	{{8, 8, 5, 0}, {15, 12, 9, 0}, {6, 18, 9, 0}},
}

// lowLengths returns the bits of a factor in each partition of MPEG-2, which
// partitions, and sets emphasis, which has no bit of its own there.
func (g *granule) lowLengths(intensity bool) (bits [4]int, row int) {
	c := g.compress
	if intensity {
		switch c >>= 1; {
		case c < 180:
			return [4]int{c / 36, c % 36 / 6, c % 6}, 3
		case c < 244:
			c -= 180
			return [4]int{c >> 4, c >> 2 & 3, c & 3}, 4
		}
		c -= 244
		return [4]int{c / 3, c % 3}, 5
	}
	switch {
	case c < 400:
		return [4]int{c >> 4 / 5, c >> 4 % 5, c >> 2 & 3, c & 3}, 0
	case c < 500:
		c -= 400
		return [4]int{c >> 2 / 5, c >> 2 % 5, c & 3}, 1
	}
	c -= 500
	g.emphasis = true
	return [4]int{c / 3, c % 3}, 2
}

// readLowFactors reads the factors of MPEG-2.
func (g *granule) readLowFactors(r *bitReader, intensity bool) {
	bits, row := g.lowLengths(intensity)
	kind := 0
	if g.block == shortBlock {
		kind = 1
		if g.mixed {
			kind = 2
		}
	}
	from := 0
	for p, n := range partitions[row][kind] {
		g.factors.read(r, from, from+n, bits[p])
		from += n
	}
}
