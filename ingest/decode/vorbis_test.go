package decode

import "testing"

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

// setup begins a setup header of one codebook.
func setup(dimensions, entries int) *lsbWriter {
	w := &lsbWriter{b: []byte("\x05vorbis"), at: 56}
	w.put(0, 8)
	w.put(0x564342, 24)
	w.put(dimensions, 16)
	w.put(entries, 24)
	return w
}

// ordered adds how many codewords have each length, of two bits a number.
func (w *lsbWriter) ordered(counts ...int) *lsbWriter {
	w.put(1, 1)
	w.put(0, 5) // from length 1
	for _, n := range counts {
		w.put(n, 2)
	}
	return w
}

// sparse adds which entries are in use.
func (w *lsbWriter) sparse(used ...int) *lsbWriter {
	w.put(0b10, 2)
	for _, u := range used {
		w.put(u, 1)
		if u == 1 {
			w.put(1, 5)
		}
	}
	return w
}

// lookup adds a table of the given kind, of values of 8 bits.
func (w *lsbWriter) lookup(kind, values int) *lsbWriter {
	w.put(kind, 4)
	w.put(0, 64) // the least value and the step
	w.put(8-1, 4)
	w.put(0, 1+8*values)
	return w
}

// TestVorbisSetup holds which codebooks are let through to the decoder.
func TestVorbisSetup(t *testing.T) {
	tests := []struct {
		name string
		w    *lsbWriter
		ok   bool
	}{
		{"ordered", setup(1, 2).ordered(2).lookup(0, 0), true},
		{"ordered, more than there are", setup(1, 2).ordered(3).lookup(0, 0), false},
		{"ordered, none ever", setup(1, 2).ordered(make([]int, 40)...).lookup(0, 0), false},
		{"sparse", setup(1, 2).sparse(1, 0).lookup(0, 0), true},
		{"none in use", setup(1, 2).sparse(0, 0).lookup(0, 0), false},
		{"no dimension", setup(0, 2).sparse(1, 1).lookup(0, 0), false},
		{"too many entries", setup(1, maxBookEntries+1).lookup(0, 0), false},
		{"too many values", setup(1<<15, 1<<15).lookup(0, 0), false},
		{"a lattice", setup(2, 4).sparse(1, 1, 1, 1).lookup(1, 2), true},
		{"a table", setup(2, 4).sparse(1, 1, 1, 1).lookup(2, 8), true},
		{"an unknown table", setup(2, 4).sparse(1, 1, 1, 1).lookup(3, 8), false},
		{"cut short", setup(1, 2), false},
	}
	for _, test := range tests {
		if err := checkVorbisSetup(test.w.b); (err == nil) != test.ok {
			t.Errorf("%s: %v, want ok %v", test.name, err, test.ok)
		}
	}
	if err := checkVorbisSetup(nil); err == nil {
		t.Error("nothing at all is a setup header")
	}
}

func TestLookupValues(t *testing.T) {
	for _, test := range []struct{ entries, dimensions, want int }{{81, 4, 3}, {80, 4, 2}, {8, 1, 8}, {1, 2, 1}} {
		if got := lookupValues(test.entries, test.dimensions); got != test.want {
			t.Errorf("%d entries of %d dimensions: %d, want %d", test.entries, test.dimensions, got, test.want)
		}
	}
}
