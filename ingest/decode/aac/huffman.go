package aac

import "strings"

// fastBits is the length of codewords up to which one look at a table decodes.
const fastBits = 10

// code decodes one codebook.
type code struct {
	fast   [1 << fastBits]uint16 // by the next bits: value<<4 | length; 0 for a longer codeword
	values []uint16
	first  [20]int    // of each length: the place of its first value
	start  [20]uint64 // and its first codeword, on top of 32 bits
	end    [20]uint64 // and where the next length's begin
}

var codes = func() (c [12]*code) {
	for i, b := range codebooks {
		c[i] = newCode(b)
	}
	return c
}()

func newCode(b codebook) *code {
	c := &code{}
	digit := func(i int) int { return strings.IndexByte("0123456789abcdefg", b.values[i]) }
	for i := 0; i < len(b.values); i += 2 {
		c.values = append(c.values, uint16(17*digit(i)+digit(i+1)))
	}
	next, place := uint64(0), 0
	for i, n := range b.lengths {
		length := i + 1
		c.first[length], c.start[length] = place, next
		for range n {
			if length <= fastBits {
				from, count := next>>(32-fastBits), 1<<(fastBits-length)
				for j := range count {
					c.fast[int(from)+j] = c.values[place]<<4 | uint16(length)
				}
			}
			next += 1 << (32 - length)
			place++
		}
		c.end[length] = next
	}
	return c
}

// decode returns the value of the next codeword and its length, where w has the next
// bits on top.
func (c *code) decode(w uint64) (value, length int) {
	if e := c.fast[w>>(64-fastBits)]; e != 0 {
		return int(e >> 4), int(e & 15)
	}
	w >>= 32
	for n := fastBits + 1; n < len(c.end); n++ {
		if w < c.end[n] {
			return int(c.values[c.first[n]+int((w-c.start[n])>>(32-n))]), n
		}
	}
	return 0, len(c.end) // no code is incomplete
}

// read returns the value of the next codeword.
func (c *code) read(r *bitReader) int {
	v, n := c.decode(r.window())
	r.at += n
	return v
}
