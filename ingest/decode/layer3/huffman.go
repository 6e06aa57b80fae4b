package layer3

import (
	"math"
	"strconv"
)

// tree is a Huffman code in preorder: a fork is the place of its branch for 1,
// that for 0 follows it; a leaf is the complement of its value.
type tree []int16

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

// descend follows the bits at the top of word from node i on, at most n of them,
// and returns the node where it ends and how many it used.
func (t tree) descend(i int16, word uint64, n int) (node int16, used int) {
	for t[i] >= 0 && used < n {
		if word>>(63-used)&1 == 1 {
			i = t[i]
		} else {
			i++
		}
		used++
	}
	return i, used
}

// quickBits is how many bits are looked up at once; longer words are rare.
const quickBits = 9

// code is a Huffman code for reading. An entry of quick, by the next bits, is a
// word's length times 256 and its value, or, negative, the complement of the
// node at which the tree goes on.
type code struct {
	tree  tree
	quick [1 << quickBits]int16
}

// codes are the codes by the number of the table; nil where there is none.
var codes = func() (c [34]*code) {
	for i := range c {
		switch {
		case trees[i] != "":
			c[i] = newCode(trees[i])
		case i > 16 && i < 32:
			c[i] = c[i-1]
		}
	}
	return c
}()

func newCode(s string) *code {
	c := &code{}
	c.tree, _ = grow(nil, s)
	for i := range c.quick {
		node, used := c.tree.descend(0, uint64(i)<<(64-quickBits), quickBits)
		if c.quick[i] = ^node; c.tree[node] < 0 {
			c.quick[i] = int16(used)<<8 | ^c.tree[node]
		}
	}
	return c
}

// find returns the value of the word at the top of word and its length.
func (c *code) find(word uint64) (value, n int) {
	e := int(c.quick[word>>(64-quickBits)])
	if e >= 0 {
		return e & 255, e >> 8
	}
	node, used := c.tree.descend(int16(^e), word<<quickBits, 64)
	return int(^c.tree[node]), quickBits + used
}

// readPowers reads the coded lines of a granule, which end at bit end (11172-3,
// 2.4.2.7), to the power of 4/3, in the order in which they are coded: pairs in
// three regions, then quadruples until the bits are used up. It returns how many
// there are.
func (g *granule) readPowers(r *bitReader, end int, dst *[Lines]float32) (n int, err error) {
	at := 0
	for i, to := range g.regions {
		if to > at && g.tables[i] != 0 { // table 0 is zeros without bits
			if !readPairs(r, end, dst[at:to], g.tables[i]) {
				return 0, errDamaged
			}
		}
		at = max(at, to)
	}
	if r.at > end {
		return 0, errDamaged
	}
	for ; at+4 <= Lines && r.at < end; at += 4 {
		readQuad(r, codes[g.quads], dst[at:at+4])
		if r.at > end { // the last may be cut short
			clear(dst[at : at+4])
		}
	}
	return at, nil
}

// readPairs fills dst, an even number of lines, by one table, 4 and 14 are none,
// and reports whether it could.
func readPairs(r *bitReader, end int, dst []float32, table int) bool {
	c, escape := codes[table], escapes[table]
	if c == nil {
		return false
	}
	for i := 0; i+1 < len(dst); i += 2 {
		word := r.peek()
		v, n := c.find(word)
		if v == 0 {
			r.at += n
			continue
		}
		word <<= n
		x, used := magnitude(word, v>>4, escape)
		y, also := magnitude(word<<used, v&15, escape)
		dst[i], dst[i+1] = x, y
		if r.at += n + used + also; r.at > end {
			return false
		}
	}
	return true
}

// magnitude completes a line by its escape and its sign, which are at the top of
// word, and returns how many bits they have.
func magnitude(word uint64, v, escape int) (power float32, n int) {
	if v == 0 {
		return 0, 0
	}
	if v == 15 && escape > 0 {
		v += int(word >> (64 - escape))
		word <<= escape
		n = escape
	}
	sign := uint32(word>>63) << 31
	return math.Float32frombits(math.Float32bits(powers[v]) | sign), n + 1
}

// readQuad reads four lines that are -1, 0 or 1.
func readQuad(r *bitReader, c *code, dst []float32) {
	word := r.peek()
	v, n := c.find(word)
	word <<= n
	r.at += n
	for i := range dst {
		if v>>(3-i)&1 == 0 {
			continue
		}
		dst[i] = 1
		if word>>63 == 1 {
			dst[i] = -1
		}
		word <<= 1
		r.at++
	}
}
