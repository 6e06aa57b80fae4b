package layer3

import "strconv"

// bitReader reads bits, the most significant of a byte first; behind the end
// there are zeros.
type bitReader struct {
	b  []byte
	at int
}

func (r *bitReader) read(n int) (v int) {
	for range n {
		v <<= 1
		if r.at>>3 < len(r.b) {
			v |= int(r.b[r.at>>3]>>(7-r.at&7)) & 1
		}
		r.at++
	}
	return v
}

// tree is a Huffman code in preorder: a fork is the place of its branch for 1,
// that for 0 follows it; a leaf is the complement of its value.
type tree []int16

// codes are the trees by the number of the table; nil where there is none.
var codes = func() (c [34]tree) {
	for i := range c {
		switch {
		case trees[i] != "":
			c[i], _ = grow(nil, trees[i])
		case i > 16 && i < 32:
			c[i] = c[i-1]
		}
	}
	return c
}()

// grow appends the tree at the beginning of s to t and returns what follows it.
func grow(t tree, s string) (tree, string) {
	if s[0] != '.' {
		v, _ := strconv.ParseUint(s[:2], 16, 8)
		return append(t, ^int16(v)), s[2:]
	}
	fork := len(t)
	t, s = grow(append(t, 0), s[1:])
	t[fork] = int16(len(t))
	return grow(t, s)
}

// decode reads one code and returns its value.
func (t tree) decode(r *bitReader) int {
	i := int16(0)
	for t[i] >= 0 {
		if r.read(1) == 1 {
			i = t[i]
		} else {
			i++
		}
	}
	return int(^t[i])
}

// readLines reads the coded lines of a granule, which end at bit end (11172-3,
// 2.4.2.7): pairs in three regions, then quadruples until the bits are used up.
func (g *granule) readLines(r *bitReader, end int, x *[Lines]float32) error {
	put := g.placer(x)
	for i := 0; i < 2*g.pairs; i += 2 {
		table := g.tables[g.region(i)]
		if codes[table] == nil { // table 0: zeros; 4 and 14: none such
			if table != 0 {
				return errDamaged
			}
			put(0)
			put(0)
			continue
		}
		v := codes[table].decode(r)
		put(magnitude(r, v>>4, escapes[table]))
		put(magnitude(r, v&15, escapes[table]))
	}
	if r.at > end {
		return errDamaged
	}
	at := 2 * g.pairs
	for ; at+4 <= Lines && r.at < end; at += 4 {
		quad := g.readQuad(r)
		if r.at > end {
			quad = [4]float32{} // the last may be cut short
		}
		for _, v := range quad {
			put(v)
		}
	}
	for ; at < Lines; at++ {
		put(0)
	}
	return nil
}

// region returns the region of line i.
func (g *granule) region(i int) int {
	switch {
	case i < g.regions[0]:
		return 0
	case i < g.regions[1]:
		return 1
	}
	return 2
}

// placer returns a function that puts the lines, which come in the order of the
// bands, at their places.
func (g *granule) placer(x *[Lines]float32) func(float32) {
	b, at := 0, 0
	return func(v float32) {
		x[at] = v
		if at += g.bands[b].step; at >= g.bands[b].end {
			if b++; b < len(g.bands) {
				at = g.bands[b].start
			}
		}
	}
}

// magnitude completes a line by its escape and its sign.
func magnitude(r *bitReader, v, escape int) float32 {
	if v == 15 {
		v += r.read(escape)
	}
	if v != 0 && r.read(1) == 1 {
		v = -v
	}
	return float32(v)
}

// readQuad reads four lines that are -1, 0 or 1.
func (g *granule) readQuad(r *bitReader) (quad [4]float32) {
	v := codes[g.quads].decode(r)
	for i := range quad {
		quad[i] = magnitude(r, v>>(3-i)&1, 0)
	}
	return quad
}
