package aac

import "encoding/binary"

// padding is how many zero bytes stand behind what a bitReader reads.
const padding = 8

// bitReader reads bits, the most significant of a byte first; behind the end
// there are zeros.
type bitReader struct {
	b   []byte // with padding
	at  int    // in bits
	end int    // in bits
}

// reset begins to read p, of which it makes a copy with padding.
func (r *bitReader) reset(p []byte) {
	r.b = append(append(r.b[:0], p...), make([]byte, padding)...)
	r.at, r.end = 0, 8*len(p)
}

// window returns the next bits, the first of them on top; 57 or more are good.
func (r *bitReader) window() uint64 {
	i := r.at >> 3
	if i+padding > len(r.b) {
		return 0
	}
	return binary.BigEndian.Uint64(r.b[i:]) << (r.at & 7)
}

// read returns the next n bits, 32 at most.
func (r *bitReader) read(n int) int {
	v := r.window() >> (64 - n)
	r.at += n
	return int(v)
}

// flag reads one bit.
func (r *bitReader) flag() bool { return r.read(1) == 1 }

// align goes on to the next whole byte.
func (r *bitReader) align() { r.at = (r.at + 7) &^ 7 }

// over reports whether more was read than there was.
func (r *bitReader) over() bool { return r.at > r.end }
