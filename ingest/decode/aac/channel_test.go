package aac

import (
	"errors"
	"math"
	"math/bits"
	"testing"
)

// bitWriter writes bits, the most significant first.
type bitWriter struct {
	b  []byte
	at int
}

func (w *bitWriter) put(v, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.at%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.at/8] |= byte(v>>i&1) << (7 - w.at%8)
		w.at++
	}
}

// code writes the codeword of a value in one book.
func (w *bitWriter) code(book, value int) {
	next, place := 0, 0
	for i, n := range codebooks[book].lengths {
		next <<= 1
		for range n {
			if int(codes[book].values[place]) == value {
				w.put(next, i+1)
				return
			}
			next++
			place++
		}
	}
	panic("no such value")
}

// section writes a section of long windows.
func (w *bitWriter) section(book, bands int) {
	w.put(book, 4)
	for ; bands >= 31; bands -= 31 {
		w.put(31, 5)
	}
	w.put(bands, 5)
}

// longBlock begins an individual_channel_stream of a long window with bands of
// the sine shape and a global gain.
func longBlock(bands, gain int) *bitWriter {
	w := &bitWriter{}
	w.put(gain, 8)
	w.put(0, 1+2+1)
	w.put(bands, 6)
	w.put(0, 1)
	return w
}

func decodeChannel(t *testing.T, w *bitWriter) (*channel, error) {
	t.Helper()
	d := NewDecoder(Config{Rate: 48000, Channels: 1})
	d.bits.reset(w.b)
	c := &d.channels[0]
	err := d.readChannel(&d.bits, c, false)
	if err == nil && (d.bits.at+7)/8 != len(w.b) {
		t.Errorf("%d bits read of %d", d.bits.at, w.at)
	}
	return c, err
}

// TestLines writes one band in each way that there is to code it and reads it.
func TestLines(t *testing.T) {
	w := longBlock(6, 100)
	for _, book := range []int{1, 3, 5, 7, 11, 11} {
		w.section(book, 1)
	}
	for range 6 {
		w.code(0, 60+4)
	}
	w.put(0, 3) // no pulses, no TNS, no gain control
	quad := func(a, b, c, d int) int { return a*27 + b*9 + c*3 + d }
	w.code(1, quad(2, 1, 0, 1)) // 1 0 -1 0
	w.code(3, quad(2, 0, 1, 2)) // -2 0 1 2
	w.put(0b100, 3)
	w.code(5, 9*(-4+4)+3+4) // -4 3
	w.code(5, 9*4+4)
	w.code(7, 8*7+0)
	w.put(1, 1)
	w.code(7, 8*0+5)
	w.put(0, 1)
	w.code(11, 17*16+3) // -(16 + 5), 3
	w.put(0b10, 2)
	w.put(0b0, 1)
	w.put(5, 4)
	w.code(11, 17*0+16) // 8191
	w.put(0, 1)
	w.put(0b111111110, 9)
	w.put(4095, 12)
	w.code(11, 17*1+1)
	w.put(0b01, 2)
	w.code(11, 0)
	c, err := decodeChannel(t, w)
	if err != nil {
		t.Fatal(err)
	}
	want := []int{1, 0, -1, 0, -2, 0, 1, 2, -4, 3, 0, 0, -7, 0, 0, 5, -21, 3, 0, 8191, 1, -1, 0, 0, 0}
	for i, v := range want {
		gain := math.Exp2(float64(i/4 + 1)) // factors count quarters of an octave, each 4 more
		x := math.Copysign(math.Pow(math.Abs(float64(v)), 4.0/3), float64(v)) * gain
		if math.Abs(float64(c.lines[i])-x) > 1e-6*math.Abs(x) {
			t.Errorf("line %d is %g, want %g", i, c.lines[i], x)
		}
	}
}

// TestPulses holds that pulses go away from zero, below it where a line is zero.
func TestPulses(t *testing.T) {
	w := longBlock(2, 100)
	w.section(1, 2)
	w.code(0, 60)
	w.code(0, 60)
	w.put(1, 1)
	w.put(2, 2) // three pulses
	w.put(1, 6) // from the second band
	for _, p := range [][2]int{{0, 7}, {1, 6}, {1, 15}} {
		w.put(p[0], 5)
		w.put(p[1], 4)
	}
	w.put(0, 2)
	w.code(1, 40)
	w.code(1, 2*27+0*9+1*3+1) // 1 -1 0 0
	c, err := decodeChannel(t, w)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range []float64{0, 0, 0, 0, 8, -7, -15, 0} {
		if want := v * math.Cbrt(math.Abs(v)); math.Abs(float64(c.lines[i])-want) > 1e-5 {
			t.Errorf("line %d is %g, want %g", i, c.lines[i], want)
		}
	}
}

// TestDamagedChannels holds what is refused, each alone in a block.
func TestDamagedChannels(t *testing.T) {
	tests := map[string]func(w *bitWriter){
		"prediction": func(w *bitWriter) { w.put(0, 8+4+6); w.put(1, 1) },
		"too many bands": func(w *bitWriter) {
			w.put(0, 8+4)
			w.put(50, 6)
			w.put(0, 1)
		},
		"the reserved book":     func(w *bitWriter) { *w = *longBlock(2, 100); w.section(reserved, 2) },
		"sections over the end": func(w *bitWriter) { *w = *longBlock(2, 100); w.section(1, 3) },
		"sections without end":  func(w *bitWriter) { *w = *longBlock(2, 100) },
		"a factor below zero":   func(w *bitWriter) { *w = *longBlock(1, 0); w.section(1, 1); w.code(0, 59) },
		"pulses behind the spectrum": func(w *bitWriter) {
			*w = *longBlock(0, 100)
			w.put(1, 1)
			w.put(3, 2)
			w.put(48, 6)
			for range 4 {
				w.put(31, 5)
				w.put(0, 4)
			}
		},
		"pulses in no band": func(w *bitWriter) { *w = *longBlock(0, 100); w.put(1, 1); w.put(63, 8) },
		"TNS of order 13":   func(w *bitWriter) { *w = *longBlock(0, 100); w.put(1, 2); w.put(1, 2); w.put(0, 7); w.put(13, 5) },
		"nine ones before a length": func(w *bitWriter) {
			*w = *longBlock(1, 100)
			w.section(11, 1)
			w.code(0, 60)
			w.put(0, 3)
			w.code(11, 16*17)
			w.put(0b0111111111, 10)
		},
	}
	for name, write := range tests {
		w := &bitWriter{}
		write(w)
		if _, err := decodeChannel(t, w); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w := longBlock(0, 100)
	w.put(1, 3) // gain control
	if _, err := decodeChannel(t, w); err != Unsupported("AAC SSR") {
		t.Errorf("gain control: %v", err)
	}
}

// TestGroups holds how short windows share factors.
func TestGroups(t *testing.T) {
	w := &bitWriter{}
	w.put(0, 1)
	w.put(eightShort, 2)
	w.put(1, 1)
	w.put(14, 4)
	w.put(0b1101110, 7)
	d := NewDecoder(Config{Rate: 44100, Channels: 1})
	d.bits.reset(w.b)
	var i info
	if err := i.read(&d.bits, &d.bands); err != nil || i.grouped != 3 || i.groups != [8]int{3, 4, 1} || i.windows() != 8 || i.shape != kaiser {
		t.Errorf("%+v, %v", i, err)
	}
}

// TestFilter holds TNS against the recursion of the standard, upwards and down.
func TestFilter(t *testing.T) {
	w := &bitWriter{}
	w.put(1, 1)      // downwards
	w.put(0, 1)      // not compressed
	w.put(0b0011, 4) // 3 and -5 of 4 bits
	w.put(0b1011, 4)
	var r bitReader
	r.reset(w.b)
	f := filter{order: 2}
	f.read(&r, 4)
	k1, k2 := math.Sin(3*math.Pi/2/7.5), math.Sin(-5*math.Pi/2/8.5)
	a := []float64{k1 + k2*k1, k2}
	for i, v := range a {
		if math.Abs(v-float64(f.a[i])) > 1e-6 {
			t.Errorf("coefficient %d is %g, want %g", i, f.a[i], v)
		}
	}
	x := []float32{0, 0, 0, 0, 1}
	f.apply(x)
	for i, want := range []float64{a[0]*a[0] - a[1], -a[0], 1} {
		if got := float64(x[i+2]); math.Abs(want-got) > 1e-6 {
			t.Errorf("downwards, line %d is %g, want %g", i+2, got, want)
		}
	}
	down := [5]float32(x)
	up := []float32{1, 0, 0, 0, 0}
	f.down = false
	f.apply(up)
	for i, v := range up {
		if v != down[4-i] {
			t.Errorf("upwards, line %d is %g, downwards %g", i, v, down[4-i])
		}
	}
}

// TestWindow holds that the bits on top are the next ones, wherever they begin.
func TestWindow(t *testing.T) {
	var r bitReader
	r.reset([]byte{0x80, 0, 0, 0, 0, 0, 0, 1})
	for at := range 64 {
		r.at = at
		want := bits.RotateLeft64(0x8000000000000001, at) &^ (1<<at - 1)
		if got := r.window(); got != want {
			t.Errorf("at bit %d: %x, want %x", at, got, want)
		}
	}
	if r.at = 64; r.window() != 0 || r.over() {
		t.Error("the end is over itself")
	}
	if r.read(1); !r.over() {
		t.Error("a bit behind the end is none")
	}
}
