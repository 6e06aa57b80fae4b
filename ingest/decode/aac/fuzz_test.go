package aac

import (
	"math"
	"os"
	"testing"
)

// adtsBlocks returns the blocks of a stream of ADTS frames, and its configuration.
func adtsBlocks(t testing.TB, name string) (c Config, blocks [][]byte) {
	t.Helper()
	b, err := os.ReadFile("../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for len(b) > 0 {
		h, err := ParseHeader(b)
		if err != nil {
			t.Fatal(err)
		}
		c, blocks = h.Config, append(blocks, b[h.Offset:h.Size])
		b = b[h.Size:]
	}
	return c, blocks
}

// FuzzDecode decodes a block, twice, and a good one behind it: all samples are
// numbers, and damage does not stay.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"aac8k.aac", "visualon.aac"} {
		_, blocks := adtsBlocks(f, name)
		for i, b := range blocks {
			f.Add(uint8(i), b)
		}
	}
	_, good := adtsBlocks(f, "visualon.aac")
	f.Fuzz(func(t *testing.T, rate uint8, b []byte) {
		d := NewDecoder(Config{Rate: rates[int(rate)%len(rates)], Channels: 2})
		dst := make([]float32, 2*Frame)
		for range 2 {
			n, _ := d.Decode(dst, b)
			if n < 0 || n > len(b) {
				t.Fatalf("it took %d bytes of %d", n, len(b))
			}
			for i, v := range dst {
				if v-v != 0 {
					t.Fatalf("value %d is %g", i, v)
				}
			}
		}
		for range 3 {
			d.Decode(dst, good[0])
		}
		for i, v := range dst {
			if v-v != 0 || math.Abs(float64(v)) > 100 {
				t.Fatalf("behind damage value %d is %g", i, v)
			}
		}
	})
}

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte{0x12, 0x10, 0x56, 0xe5, 0})
	f.Add([]byte{0x12, 0x04, 0x08, 0x00, 0x20, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseConfig(b)
		if err == nil && (c.Channels < 1 || c.Rate < 1 || len(c.order()) != c.Channels) {
			t.Fatalf("%+v", c)
		}
	})
}
