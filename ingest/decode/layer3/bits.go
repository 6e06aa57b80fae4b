package layer3

import "encoding/binary"

// bitReader reads bits, the most significant of a byte first; behind the end
// there are zeros.
type bitReader struct {
	b  []byte
	at int
}

// peek returns the bits from at on, the first of them at the top, 57 at least.
func (r *bitReader) peek() uint64 {
	if i := r.at >> 3; i+8 <= len(r.b) {
		return binary.BigEndian.Uint64(r.b[i:]) << (r.at & 7)
	}
	return r.tail()
}

// tail is peek near the end.
func (r *bitReader) tail() uint64 {
	var last [8]byte
	if i := r.at >> 3; i < len(r.b) {
		copy(last[:], r.b[i:])
	}
	return binary.BigEndian.Uint64(last[:]) << (r.at & 7)
}

// read returns the next n bits, 1 to 57.
func (r *bitReader) read(n int) int {
	v := r.peek() >> (64 - n)
	r.at += n
	return int(v)
}
