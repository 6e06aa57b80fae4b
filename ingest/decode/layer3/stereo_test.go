package layer3

import (
	"math"
	"testing"
)

// TestLengths holds the slen of 13818-3, 2.4.3.2, by scalefac_compress.
func TestLengths(t *testing.T) {
	tests := []struct {
		compress  int
		intensity bool
		bits      [4]int
		row       int
		emphasis  bool
	}{
		{0, false, [4]int{}, 0, false}, {399, false, [4]int{4, 4, 3, 3}, 0, false},
		{400, false, [4]int{}, 1, false}, {499, false, [4]int{4, 4, 3, 0}, 1, false},
		{500, false, [4]int{}, 2, true}, {511, false, [4]int{3, 2, 0, 0}, 2, true},
		{0, true, [4]int{}, 3, false}, {359, true, [4]int{4, 5, 5, 0}, 3, false},
		{360, true, [4]int{}, 4, false}, {487, true, [4]int{3, 3, 3, 0}, 4, false},
		{488, true, [4]int{}, 5, false}, {511, true, [4]int{3, 2, 0, 0}, 5, false},
	}
	for _, test := range tests {
		g := granule{compress: test.compress}
		if bits, row := g.lengths(test.intensity); bits != test.bits || row != test.row || g.emphasis != test.emphasis {
			t.Errorf("%d, intensity %v: %v of row %d, emphasis %v", test.compress, test.intensity, bits, row, g.emphasis)
		}
	}
}

// TestIntensity holds that bands above the last one of the right channel are the
// left one's, spread by their positions, and that power goes where it is said to.
func TestIntensity(t *testing.T) {
	bands := bandsOf[12000].long
	g := granule{bands: bands}
	g.factors[5], g.factors[6], g.factors[7], g.illegal[8] = 0, 1, 2, true
	var left, right [Lines]float32
	for i := range left {
		left[i] = 1
	}
	right[bands[4].start] = 1
	stereo(intensity, &left, &right, &g)
	softer := float32(math.Exp2(-0.25))
	for i, want := range map[int][2]float32{3: {1, 0}, 5: {1, 1}, 6: {softer, 1}, 7: {1, softer}, 8: {1, 0}, len(bands) - 1: {1, 1}} {
		at := bands[i].end - 1
		if left[at] != want[0] || right[at] != want[1] {
			t.Errorf("band %d: %v and %v, want %v", i, left[at], right[at], want)
		}
	}
}

// TestMidSide holds that mid and side become left and right of the same power.
func TestMidSide(t *testing.T) {
	g := granule{bands: bandsOf[12000].short, block: shortBlock}
	var left, right [Lines]float32
	left[10], right[20] = 1, 1
	stereo(midSide, &left, &right, &g)
	half := float32(math.Sqrt2 / 2)
	if left[10] != half || right[10] != half || left[20] != half || right[20] != -half {
		t.Errorf("got %v, %v and %v, %v", left[10], right[10], left[20], right[20])
	}
}
