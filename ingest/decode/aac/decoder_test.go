package aac

import (
	"encoding/binary"
	"math"
	"os"
	"testing"
)

// TestDecode holds streams of two encoders against ffmpeg's float decoder
// (../testdata/m4a.sh).
func TestDecode(t *testing.T) {
	for _, name := range []string{"aac8k", "visualon"} {
		c, blocks := adtsBlocks(t, name+".aac")
		want, err := os.ReadFile("../testdata/" + name + ".f32")
		if err != nil {
			t.Fatal(err)
		}
		d := NewDecoder(c)
		dst := make([]float32, Frame*c.Channels)
		for i, b := range blocks {
			if n, err := d.Decode(dst, b); err != nil || n != len(b) {
				t.Fatalf("%s, block %d: %d bytes of %d, %v", name, i, n, len(b), err)
			}
			for j, v := range dst {
				if len(want) < 4 {
					break
				}
				w := math.Float32frombits(binary.LittleEndian.Uint32(want))
				if want = want[4:]; math.Abs(float64(v-w)) > 1e-6 {
					t.Fatalf("%s, block %d, value %d: %g, want %g", name, i, j, v, w)
				}
			}
		}
	}
}

// TestElements holds that what is no sound is passed over, HE-AAC found in it, and
// that a block has all channels, once.
// writeSilence writes one channel without a line.
func writeSilence(w *bitWriter) {
	w.put(single, 3)
	w.put(0, 4)
	w.put(100, 8)
	w.put(0, 4+6+1+3)
}

func TestElements(t *testing.T) {
	tests := []struct {
		name  string
		write func(w *bitWriter)
		err   error
	}{
		{"sound", func(*bitWriter) {}, nil},
		{"data", func(w *bitWriter) { w.put(data, 3); w.put(0, 5); w.put(2, 8); w.put(0xffff, 16) }, nil},
		{"much data, aligned", func(w *bitWriter) {
			w.put(data, 3)
			w.put(1, 5)
			w.put(255, 8)
			w.put(1, 8)
			w.put(0, (8-w.at%8)%8)
			for range 256 {
				w.put(0xff, 8)
			}
		}, nil},
		{"a program", func(w *bitWriter) { w.put(program, 3); writeProgram(w) }, nil},
		{"fill", func(w *bitWriter) { w.put(fill, 3); w.put(2, 4); w.put(0x10, 8); w.put(0xa5, 8) }, nil},
		{"much fill", func(w *bitWriter) {
			w.put(fill, 3)
			w.put(15, 4)
			w.put(5, 8)
			for range 19 {
				w.put(0, 8)
			}
		}, nil},
		{"SBR", func(w *bitWriter) { w.put(fill, 3); w.put(2, 4); w.put(0xd0, 8); w.put(0, 8) }, Unsupported("HE-AAC")},
		{"coupling", func(w *bitWriter) { w.put(coupling, 3) }, Unsupported("AAC with coupling channels")},
		{"a second channel", func(w *bitWriter) {
			writeSilence(w)
		}, ErrDamaged},
		{"a pair", func(w *bitWriter) { w.put(couple, 3) }, ErrDamaged},
	}
	dst := make([]float32, Frame)
	for _, test := range tests {
		w := &bitWriter{}
		writeSilence(w)
		test.write(w)
		w.put(end, 3)
		d := NewDecoder(Config{Rate: 8000, Channels: 1})
		if _, err := d.Decode(dst, w.b); err != test.err {
			t.Errorf("%s: %v, want %v", test.name, err, test.err)
		}
	}
}

func TestOneChannelOfTwo(t *testing.T) {
	_, blocks := adtsBlocks(t, "aac8k.aac")
	d := NewDecoder(Config{Rate: 8000, Channels: 2})
	if _, err := d.Decode(make([]float32, 2*Frame), blocks[1]); err != ErrDamaged {
		t.Errorf("one channel of two: %v", err)
	}
}

func BenchmarkDecode(b *testing.B) {
	c, blocks := adtsBlocks(b, "visualon.aac")
	d := NewDecoder(c)
	dst := make([]float32, Frame*c.Channels)
	b.SetBytes(int64(len(dst) * 4))
	i := 0
	for b.Loop() {
		d.Decode(dst, blocks[i%len(blocks)])
		i++
	}
}
