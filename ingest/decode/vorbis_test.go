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

// TestVorbisSetup holds which codebooks are let through to the decoder.
func TestVorbisSetup(t *testing.T) {
	ordered := func(w *lsbWriter, counts ...int) *lsbWriter {
		w.put(1, 1) // ordered
		w.put(0, 5) // from length 1
		for _, n := range counts {
			w.put(n, 2)
		}
		return w
	}
	unordered := func(w *lsbWriter, used ...int) *lsbWriter {
		w.put(0, 1)
		w.put(1, 1) // sparse
		for _, u := range used {
			w.put(u, 1)
			if u == 1 {
				w.put(1, 5)
			}
		}
		return w
	}
	lookup := func(w *lsbWriter, kind, width, values int) *lsbWriter {
		w.put(kind, 4)
		for range 64 {
			w.put(0, 1)
		}
		w.put(width-1, 4)
		w.put(0, 1)
		for range values * width {
			w.put(0, 1)
		}
		return w
	}
	end := func(w *lsbWriter) *lsbWriter { w.put(0, 4); w.put(0, 64); return w }
	tests := []struct {
		name string
		w    *lsbWriter
		ok   bool
	}{
		{"ordered", end(ordered(setup(1, 2), 2)), true},
		{"ordered, more than there are", end(ordered(setup(1, 2), 3)), false},
		{"ordered, none ever", end(ordered(setup(1, 2), make([]int, 40)...)), false},
		{"sparse", end(unordered(setup(1, 2), 1, 0)), true},
		{"none in use", end(unordered(setup(1, 2), 0, 0)), false},
		{"no dimension", end(unordered(setup(0, 2), 1, 1)), false},
		{"too many entries", end(setup(1, maxBookEntries+1)), false},
		{"too many values", end(setup(1<<15, 1<<15)), false},
		{"a lattice", lookup(unordered(setup(2, 4), 1, 1, 1, 1), 1, 8, 2), true},
		{"a table", lookup(unordered(setup(2, 4), 1, 1, 1, 1), 2, 8, 8), true},
		{"an unknown table", lookup(unordered(setup(2, 4), 1, 1, 1, 1), 3, 8, 8), false},
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
