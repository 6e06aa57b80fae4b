package decode

import (
	"bufio"
	"bytes"
	"encoding/binary"
)

// oggPage is a page of an Ogg stream (RFC 3533, section 6).
type oggPage struct {
	flags   byte
	granule int64 // the position at the end of the last packet that ends here, or -1
	serial  uint32
	number  uint32 // counts the pages of its stream
	sizes   []byte
	body    []byte
}

// Flags of a page.
const (
	oggContinued = 1
	oggLast      = 4
)

// oggReader reads pages and drops those whose checksum is wrong.
type oggReader struct {
	r    *bufio.Reader
	lost int
}

// next returns the next good page.
func (o *oggReader) next() (p oggPage, err error) {
	for {
		head, err := o.r.Peek(27)
		if err != nil {
			return p, err
		}
		n := 27 + int(head[26])
		if string(head[:5]) == "OggS\x00" {
			if head, err = o.r.Peek(n); err != nil {
				return p, err
			}
			for _, s := range head[27:] {
				n += int(s)
			}
			raw, err := o.r.Peek(n)
			if err != nil {
				return p, err
			}
			if raw = bytes.Clone(raw); oggChecksum(raw) == binary.LittleEndian.Uint32(raw[22:]) {
				o.r.Discard(n)
				return parseOgg(raw), nil
			}
			o.lost++
		}
		o.r.Discard(1)
	}
}

func parseOgg(raw []byte) oggPage {
	n := 27 + int(raw[26])
	return oggPage{
		flags: raw[5], granule: int64(binary.LittleEndian.Uint64(raw[6:])), serial: binary.LittleEndian.Uint32(raw[14:]),
		number: binary.LittleEndian.Uint32(raw[18:]),
		sizes:  raw[27:n], body: raw[n:],
	}
}

var oggTable = func() (t [256]uint32) {
	for i := range t {
		r := uint32(i) << 24
		for range 8 {
			r = r<<1 ^ r>>31*0x04c11db7
		}
		t[i] = r
	}
	return t
}()

// oggChecksum returns the CRC of a page, its own field taken as zero.
func oggChecksum(raw []byte) (crc uint32) {
	for i, b := range raw {
		if i >= 22 && i < 26 {
			b = 0
		}
		crc = crc<<8 ^ oggTable[byte(crc>>24)^b]
	}
	return crc
}
