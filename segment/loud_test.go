package segment

import (
	"reflect"
	"testing"

	"prep/data"
)

// What is louder and comes later than a block is long changes nothing of what was heard
// before it, whole or live, in whatever blocks it is read.
func TestLoudLater(t *testing.T) {
	x := append(sequence(), make([]float32, 14*int(rate))...)
	for i, v := range bursts(14*int(rate), 1e-4, 300, 20000, 100000, 250000, 400000, 500000) {
		x[100000+i] = v * float32(1+i/60000)
	}
	for _, causal := range []bool{false, true} {
		c := Default()
		c.Causal = causal
		want, err := c.hits(data.Clip{Rate: rate, Samples: x}, blockFrames)
		if err != nil || len(want) < 8 {
			t.Fatal(len(want), err)
		}
		for _, block := range []int{1, 100, 2000} {
			got, err := c.hits(data.Clip{Rate: rate, Samples: x}, block)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("causal %v, blocks of %d frames: %v, want %v", causal, block, len(got), len(want))
			}
		}
	}
}
