package decode

import (
	"errors"
	"math/bits"
)

// Limits on the codebooks of a Vorbis setup header. libvorbis writes none with
// more than 8192 entries, nor of more than 2^16 values.
const (
	maxBookEntries = 1 << 16
	maxBookValues  = 1 << 22 // in all books together
)

var errVorbisSetup = errors.New("its codebooks make no sense")

// checkVorbisSetup refuses a setup header (Vorbis I specification, 3.2.1) whose
// codebooks would have the decoder allocate what they claim or read for ever:
// books that are too large, of no dimension, or without any entry in use.
func checkVorbisSetup(packet []byte) error {
	r := &lsbReader{b: packet[min(7, len(packet)):]}
	values := 0
	for range r.read(8) + 1 {
		n, err := r.passCodebook()
		if err != nil {
			return err
		}
		if values += n; values > maxBookValues {
			return errVorbisSetup
		}
	}
	return nil
}

// lsbReader reads bits, the least significant of a byte first.
type lsbReader struct {
	b     []byte
	at    int
	ended bool
}

func (r *lsbReader) read(n int) (v int) {
	for i := range n {
		if r.at/8 >= len(r.b) {
			r.ended = true
			return 0
		}
		v |= int(r.b[r.at/8]>>(r.at%8)&1) << i
		r.at++
	}
	return v
}

// passCodebook passes over one codebook and returns the number of its values.
func (r *lsbReader) passCodebook() (values int, err error) {
	sync, dimensions, entries := r.read(24), r.read(16), r.read(24)
	values = dimensions * entries
	if r.ended || sync != 0x564342 || dimensions == 0 || entries > maxBookEntries || values > maxBookValues {
		return 0, errVorbisSetup
	}
	used := 0
	if r.read(1) == 1 {
		used, err = r.passOrdered(entries)
	} else {
		used = r.passUnordered(entries)
	}
	if err != nil || used == 0 || r.ended {
		return 0, errVorbisSetup
	}
	switch lookup := r.read(4); lookup {
	case 0:
	case 1, 2:
		r.at += 64 // the least value and the step
		width := r.read(4) + 1
		r.read(1)
		count := values
		if lookup == 1 {
			count = lookupValues(entries, dimensions)
		}
		r.at += count * width
	default:
		return 0, errVorbisSetup
	}
	return values, nil
}

// passUnordered passes over the lengths of codewords and counts those in use.
func (r *lsbReader) passUnordered(entries int) (used int) {
	sparse := r.read(1) == 1
	for range entries {
		if !sparse || r.read(1) == 1 {
			r.read(5)
			used++
		}
	}
	return used
}

// passOrdered passes over runs of codewords of growing length.
func (r *lsbReader) passOrdered(entries int) (used int, err error) {
	for length := r.read(5) + 1; used < entries; length++ {
		used += r.read(bits.Len(uint(entries - used)))
		if length > 32 || used > entries || r.ended {
			return 0, errVorbisSetup
		}
	}
	return used, nil
}

// lookupValues returns the largest n with n^dimensions <= entries (9.2.3).
func lookupValues(entries, dimensions int) int {
	for n := 1; ; n++ {
		power := 1
		for range dimensions {
			if power *= n + 1; power > entries {
				return n
			}
		}
	}
}
