package aac

import (
	"math"
	"math/bits"
)

// lines are those of each value of the codebooks: four of -1 to 1 (books 1 and 2)
// or 0 to 2 (3 and 4), two of -4 to 4 (5 and 6), of 0 to 7, 12 and 16 (table 4.151).
var lines = func() (all [12][][4]int16) {
	for book, kind := range kinds {
		all[book] = make([][4]int16, len(codebooks[book].values)/2)
		for v := range all[book] {
			for i, rest := kind.width-1, v; i >= 0; i-- {
				all[book][v][i] = int16(rest%kind.base - kind.zero)
				rest /= kind.base
			}
		}
	}
	return all
}()

// kinds says how the value of a codeword is made of lines; those of books
// without a zero in the middle have signs behind them.
var kinds = [12]struct{ width, base, zero int }{
	1: {4, 3, 1}, {4, 3, 1}, {4, 3, 0}, {4, 3, 0}, {2, 9, 4}, {2, 9, 4},
	{2, 8, 0}, {2, 8, 0}, {2, 13, 0}, {2, 13, 0}, {2, 17, 0},
}

// readLines reads spectral_data (table 4.56) and scales it.
func (c *channel) readLines(r *bitReader, q *[Frame]int16) error {
	clear(c.lines[:])
	start := 0 // the group's first window
	for g, windows := range c.groups[:c.grouped] {
		for b, book := range c.books[g][:c.count] {
			if book == zero || book > escaping {
				continue
			}
			for w := start; w < start+windows; w++ {
				x := q[w*short+c.edges[b] : w*short+c.edges[b+1]]
				if !read(r, x, int(book)) {
					return ErrDamaged
				}
				if len(c.pulses) > 0 {
					continue
				}
				scale(c.lines[w*short+c.edges[b]:], x, c.factors[g][b])
			}
		}
		start += windows
	}
	if len(c.pulses) > 0 {
		c.addPulses(q)
	}
	if r.over() {
		return ErrDamaged
	}
	return nil
}

// read reads quantized lines in one book.
func read(r *bitReader, x []int16, book int) bool {
	code, values, kind := codes[book], lines[book], kinds[book]
	for len(x) >= kind.width {
		w := r.window()
		v, n := code.decode(w)
		r.at += n
		line := &values[v]
		if kind.zero == 0 && v != 0 {
			signed := *line
			r.at += sign(&signed, w<<n)
			if book == escaping && (line[0] == 16 || line[1] == 16) && !escape(r, &signed) {
				return false
			}
			line = &signed
		}
		if kind.width == 4 {
			x[0], x[1], x[2], x[3] = line[0], line[1], line[2], line[3]
			x = x[4:]
		} else {
			x[0], x[1] = line[0], line[1]
			x = x[2:]
		}
	}
	return true
}

// sign gives lines the signs that w has on top, and returns how many these are.
func sign(line *[4]int16, w uint64) (n int) {
	for i, v := range line {
		if v != 0 {
			s := int16(int64(w) >> 63)
			line[i] = v ^ s - s
			w <<= 1
			n++
		}
	}
	return n
}

// escape reads what stands for lines that are 16 (4.6.3.3): n ones and a zero, and
// n + 4 bits. More than eight ones there are not.
func escape(r *bitReader, line *[4]int16) bool {
	for i, v := range line[:2] {
		if v != 16 && v != -16 {
			continue
		}
		w := r.window()
		n := bits.LeadingZeros64(^w)
		if n > 8 {
			return false
		}
		r.at += n + 1
		height := int16(1<<(n+4) + r.read(n+4))
		if v < 0 {
			height = -height
		}
		line[i] = height
	}
	return true
}

// addPulses adds the pulses to quantized lines, away from zero, and scales all.
func (c *channel) addPulses(q *[Frame]int16) {
	for b, book := range c.books[0][:c.count] {
		if book == zero || book > escaping {
			continue
		}
		x := q[c.edges[b]:c.edges[b+1]]
		for _, p := range c.pulses {
			if i := p.at - c.edges[b]; i >= 0 && i < len(x) {
				if x[i] > 0 {
					x[i] += int16(p.height)
				} else {
					x[i] -= int16(p.height)
				}
			}
		}
		scale(c.lines[c.edges[b]:], x, c.factors[0][b])
	}
}

// powers are the powers of 4/3 of quantized lines: up to 8191, and four pulses of
// 15 upon them.
var powers = func() (p [8192 + 64]float32) {
	for i := range p {
		p[i] = float32(float64(i) * math.Cbrt(float64(i)))
	}
	return p
}()

// gains are the steps of scale factors (4.6.2.3.3).
var gains = func() (g [256]float32) {
	for i := range g {
		g[i] = float32(math.Exp2(float64(i-100) / 4))
	}
	return g
}()

// scale turns quantized lines into lines.
func scale(dst []float32, q []int16, factor int) {
	gain := gains[factor]
	dst = dst[:len(q)]
	for i, v := range q {
		if v >= 0 {
			dst[i] = powers[v] * gain
		} else {
			dst[i] = -powers[-v] * gain
		}
	}
}
