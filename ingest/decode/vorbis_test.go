package decode

import (
	"errors"
	"testing"
)

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
	if kind == 0 {
		return w
	}
	w.put(0, 64) // the least value and the step
	w.put(8-1, 4)
	w.put(0, 1+8*values)
	return w
}

// floors ends the codebooks and adds one floor of the given kind, without
// partitions.
func (w *lsbWriter) floors(kind int) []byte {
	w.put(0, 6+16)
	w.put(0, 6)
	w.put(kind, 16)
	w.put(0, 5)
	w.put(0, 2+4)
	return w.b
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
		{"none in use", setup(1, 2).sparse(0, 0).lookup(0, 0), true},
		{"no dimension", setup(0, 2).sparse(1, 1).lookup(0, 0), false},
		{"too many entries", setup(1, maxBookEntries+1).lookup(0, 0), false},
		{"too many values", setup(1<<15, 1<<15).lookup(0, 0), false},
		{"a lattice", setup(2, 4).sparse(1, 1, 1, 1).lookup(1, 2), true},
		{"a table", setup(2, 4).sparse(1, 1, 1, 1).lookup(2, 8), true},
		{"an unknown table", setup(2, 4).sparse(1, 1, 1, 1).lookup(3, 8), false},
		{"cut short", setup(1, 2), false},
	}
	for _, test := range tests {
		b := test.w.b
		if test.name != "cut short" {
			b = test.w.floors(1)
		}
		if _, err := mendVorbisSetup(b); (err == nil) != test.ok {
			t.Errorf("%s: %v, want ok %v", test.name, err, test.ok)
		}
	}
	if _, err := mendVorbisSetup(nil); err == nil {
		t.Error("nothing at all is a setup header")
	}
}

func TestLookupValues(t *testing.T) {
	for _, test := range []struct{ entries, dimensions, want int }{{81, 4, 3}, {80, 4, 2}, {8, 1, 8}, {1, 2, 1}, {125, 3, 5}} {
		b := codebook{entries: test.entries, dimensions: test.dimensions}
		if got := b.lookupValues(); got != test.want {
			t.Errorf("%d entries of %d dimensions: %d, want %d", test.entries, test.dimensions, got, test.want)
		}
	}
}

// TestVorbisMended holds what a setup header that the library cannot read becomes.
func TestVorbisMended(t *testing.T) {
	lattice := setup(3, 27)
	lattice.put(0, 2)
	for range 27 {
		lattice.put(5-1, 5)
	}
	tests := []struct {
		name            string
		w               *lsbWriter
		entries, values int
	}{
		{"no entry in use", setup(2, 4).sparse(0, 0, 0, 0).lookup(1, 2), 2, 4},
		{"no entry in use, no vectors", setup(2, 4).sparse(0, 0, 0, 0).lookup(0, 0), 2, 0},
		{"one entry", setup(2, 1).sparse(1).lookup(2, 2), 2, 4},
		{"a lattice of a cube", lattice.lookup(1, 3), 27, 81},
		{"nothing to mend", setup(2, 4).sparse(1, 1, 1, 1).lookup(1, 2), 4, 2},
	}
	for _, test := range tests {
		b, err := mendVorbisSetup(test.w.floors(1))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		r := lsbReader{b: b[7:], at: 8}
		book, err := r.codebook()
		if err != nil || book.entries != test.entries || len(book.lattice) != test.values || book.used < 2 {
			t.Errorf("%s: %+v, %v", test.name, book, err)
		}
	}
	var u *UnsupportedError
	if _, err := mendVorbisSetup(setup(1, 2).ordered(2).lookup(0, 0).floors(0)); !errors.As(err, &u) {
		t.Errorf("floor 0: %v", err)
	}
}
