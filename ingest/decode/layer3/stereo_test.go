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
		if bits, row := g.lowLengths(test.intensity); bits != test.bits || row != test.row || g.emphasis != test.emphasis {
			t.Errorf("%d, intensity %v: %v of row %d, emphasis %v", test.compress, test.intensity, bits, row, g.emphasis)
		}
	}
}

// TestIntensity holds that bands above the last one of the right channel are the
// left one's, spread by their positions, and that power goes where it is said to.
func TestIntensity(t *testing.T) {
	softer := float32(math.Exp2(-0.25))
	for rate, wants := range map[int]map[int][2]float32{
		12000: {3: {1, 0}, 5: {1, 1}, 6: {softer, 1}, 7: {1, softer}, 8: {1, 0}, 21: {1, 1}},
		44100: {3: {1, 0}, 5: {0, 1}, 6: {ratios[1], ratios[5]}, 7: {ratios[2], ratios[4]}, 8: {1, 0}, 21: {0, 1}},
	} {
		d := NewDecoder(rate, 2)
		pair := &d.content[0]
		g := &pair[1].granule
		g.bands = d.bands.long
		g.factors = factors{6: 1, 7: 2, 8: 16}
		for i := range Lines {
			pair[0].lines[i] = 1
		}
		pair[1].lines[g.bands[4].start] = 1
		d.stereo(intensity, pair)
		for i, want := range wants {
			at := g.bands[i].end - 1
			if pair[0].lines[at] != want[0] || pair[1].lines[at] != want[1] {
				t.Errorf("%d Hz, band %d: %v and %v, want %v", rate, i, pair[0].lines[at], pair[1].lines[at], want)
			}
		}
	}
}

// TestMidSide holds that mid and side become left and right of the same power.
func TestMidSide(t *testing.T) {
	for _, joint := range []int{midSide, midSide | intensity} {
		d := NewDecoder(44100, 2)
		pair := &d.content[0]
		pair[1].bands, pair[1].block = d.bands.short, shortBlock
		left, right := &pair[0].lines, &pair[1].lines
		left[10], right[20], right[Lines-3], right[Lines-2], right[Lines-1] = 1, 1, 1, 1, 1
		d.stereo(joint, pair)
		half := float32(math.Sqrt2 / 2)
		if left[10] != half || right[10] != half || left[20] != half || right[20] != -half {
			t.Errorf("mode %d: got %v, %v and %v, %v", joint, left[10], right[10], left[20], right[20])
		}
	}
}
