package decode

import (
	"bytes"
	"math"
	"math/bits"
	"slices"
)

// Limits on the codebooks of a Vorbis setup header. libvorbis writes none with
// more than 8192 entries, nor of more than 2^16 values.
const (
	maxBookEntries = 1 << 16
	maxBookValues  = 1 << 22 // in all books together
)

var errVorbisSetup = brokenf("its Vorbis setup makes no sense")

// mendVorbisSetup returns a setup header (Vorbis I specification, 4.2.4) that
// means the same and that jfreymuth/vorbis reads right. It refuses codebooks
// that would have it allocate what they claim or read for ever, and floor 0,
// which it computes wrongly.
func mendVorbisSetup(packet []byte) ([]byte, error) {
	head := min(7, len(packet))
	m := &setupMender{r: lsbReader{b: packet[head:]}, w: lsbWriter{b: bytes.Clone(packet[:head]), at: 8 * head}}
	values := 0
	for range m.copy(8) + 1 {
		n, err := m.codebook()
		if err != nil {
			return nil, err
		}
		if values += n; values > maxBookValues {
			return nil, errVorbisSetup
		}
	}
	for range m.copy(6) + 1 {
		m.copy(16) // a place that the format never used
	}
	for range m.copy(6) + 1 {
		switch m.copy(16) {
		case 0:
			return nil, &UnsupportedError{Codec: "Vorbis with floor 0, of an encoder of before 2001"}
		case 1:
			m.floor()
		default:
			return nil, errVorbisSetup
		}
		if m.r.ended {
			return nil, errVorbisSetup
		}
	}
	for left := 8*len(m.r.b) - m.r.at; left > 0; left -= 8 {
		m.copy(min(8, left))
	}
	return m.w.b, nil
}

// setupMender copies a setup header, bit by bit.
type setupMender struct {
	r lsbReader
	w lsbWriter
}

// copy copies n bits and returns them as a number.
func (m *setupMender) copy(n int) int {
	v := m.r.read(n)
	m.w.put(v, n)
	return v
}

// floor copies a floor 1 (7.2.2). Of one without partitions, as the low
// frequency channel of 5.1 has it, the library reads a class that is not there.
func (m *setupMender) floor() {
	var classes []int
	for range m.copy(5) {
		classes = append(classes, m.copy(4))
	}
	if len(classes) == 0 {
		m.w.put(0, 3+2+8)
		m.copy(2 + 4)
		return
	}
	dimensions := make([]int, slices.Max(classes)+1)
	for i := range dimensions {
		dimensions[i] = m.copy(3) + 1
		subclasses := m.copy(2)
		if subclasses > 0 {
			m.copy(8)
		}
		for range 1 << subclasses {
			m.copy(8)
		}
	}
	m.copy(2)
	width := m.copy(4)
	for _, c := range classes {
		for range dimensions[c] {
			m.copy(width)
		}
	}
}

// codebook copies one codebook (3.2.1) and returns the number of its values.
// What the library cannot read is written another way.
func (m *setupMender) codebook() (values int, err error) {
	from := m.r.at
	b, err := m.r.codebook()
	if err != nil {
		return 0, err
	}
	switch {
	case b.used == 0: // libvorbis 1.0.1 left such books in; nothing is coded with them
		b.entries, b.lattice = 2, nil
		b.write(&m.w)
	case b.entries == 1 || b.lookup == 1 && b.lookupValues() != libraryLookupValues(b.entries, b.dimensions):
		b.write(&m.w)
	default:
		to := m.r.at
		for m.r.at = from; m.r.at < to; {
			m.copy(min(8, to-m.r.at))
		}
	}
	return b.entries * b.dimensions, nil
}

// libraryLookupValues is how jfreymuth/vorbis computes lookupValues: in floating
// point, which has the cube root of 27 less than 3.
func libraryLookupValues(entries, dimensions int) int {
	return int(math.Floor(math.Pow(float64(entries), 1/float64(dimensions))))
}

// codebook is one codebook of a setup header.
type codebook struct {
	dimensions, entries int
	used                int   // entries that have a codeword
	lengths             []int // of the entries' codewords, 0 of those that have none
	lookup              int   // 0: no vectors; 1: a lattice; 2: a table
	least, step         int   // as they are stored
	width, sequence     int
	lattice             []int // the values of the lattice or the table
}

// lookupValues returns the largest n with n^dimensions <= entries (9.2.3).
func (b *codebook) lookupValues() int {
	for n := 1; ; n++ {
		power := 1
		for range b.dimensions {
			if power *= n + 1; power > b.entries {
				return n
			}
		}
	}
}

// write writes the book so that it has at least two entries of which each is in
// use, and its vectors as a table.
func (b *codebook) write(w *lsbWriter) {
	w.put(0x564342, 24)
	w.put(b.dimensions, 16)
	w.put(max(b.entries, 2), 24)
	if b.entries <= 2 {
		w.put(0, 2+5+5) // two codewords of one bit; of the only entry either is one
	} else {
		w.put(0b10, 2)
		for _, length := range b.lengths {
			w.put(min(length, 1), 1)
			if length > 0 {
				w.put(length-1, 5)
			}
		}
	}
	if b.lookup == 0 {
		w.put(0, 4)
		return
	}
	w.put(2, 4)
	w.put(b.least, 32)
	w.put(b.step, 32)
	w.put(b.width-1, 4)
	w.put(b.sequence, 1)
	for entry := range max(b.entries, 2) {
		for d := range b.dimensions {
			w.put(b.multiplicand(min(entry, b.entries-1), d), b.width)
		}
	}
}

// multiplicand returns the number behind a value of an entry's vector (3.3).
func (b *codebook) multiplicand(entry, dimension int) int {
	switch {
	case b.lattice == nil:
		return 0
	case b.lookup == 2:
		return b.lattice[entry*b.dimensions+dimension]
	}
	for range dimension {
		entry /= len(b.lattice)
	}
	return b.lattice[entry%len(b.lattice)]
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

// lsbWriter writes bits, the least significant of a byte first.
type lsbWriter struct {
	b  []byte
	at int
}

func (w *lsbWriter) put(v, n int) {
	for i := range n {
		if w.at%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.at/8] |= byte(v>>i&1) << (w.at % 8)
		w.at++
	}
}

// codebook reads one codebook.
func (r *lsbReader) codebook() (b *codebook, err error) {
	sync := r.read(24)
	b = &codebook{dimensions: r.read(16), entries: r.read(24)}
	values := b.dimensions * b.entries
	if r.ended || sync != 0x564342 || b.dimensions == 0 || b.entries == 0 || b.entries > maxBookEntries || values > maxBookValues {
		return nil, errVorbisSetup
	}
	b.lengths = make([]int, b.entries)
	if r.read(1) == 1 {
		r.ordered(b)
	} else {
		r.unordered(b)
	}
	b.lookup = r.read(4)
	if r.ended || b.lookup > 2 {
		return nil, errVorbisSetup
	}
	if b.lookup > 0 {
		r.vectors(b)
	}
	if r.ended {
		return nil, errVorbisSetup
	}
	return b, nil
}

// unordered reads the length of each codeword.
func (r *lsbReader) unordered(b *codebook) {
	sparse := r.read(1) == 1
	for i := range b.lengths {
		if !sparse || r.read(1) == 1 {
			b.lengths[i] = r.read(5) + 1
			b.used++
		}
	}
}

// ordered reads runs of codewords of growing length.
func (r *lsbReader) ordered(b *codebook) {
	for length := r.read(5) + 1; b.used < b.entries && !r.ended; length++ {
		run := r.read(bits.Len(uint(b.entries - b.used)))
		if length > 32 || run > b.entries-b.used {
			r.ended = true
			return
		}
		for i := range run {
			b.lengths[b.used+i] = length
		}
		b.used += run
	}
}

// vectors reads what the vectors are made of.
func (r *lsbReader) vectors(b *codebook) {
	b.least, b.step = r.read(32), r.read(32)
	b.width, b.sequence = r.read(4)+1, r.read(1)
	n := b.dimensions * b.entries
	if b.lookup == 1 {
		n = b.lookupValues()
	}
	for i := 0; i < n && !r.ended; i++ {
		b.lattice = append(b.lattice, r.read(b.width))
	}
}
