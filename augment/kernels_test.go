package augment

import (
	"math"
	"testing"
)

func TestDotIsTheSum(t *testing.T) {
	x := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	if got := dot(x, x); got != 385 {
		t.Errorf("got %v, want 385", got)
	}
}

func TestPeakFindsWhatIsNotFinite(t *testing.T) {
	for at := range 70 {
		x := make([]float32, 70)
		x[at] = -3
		if got := peak(x); got != 3 {
			t.Errorf("-3 at %d: got %v", at, got)
		}
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			x[at] = float32(bad)
			if got := peak(x); got <= math.MaxFloat32 {
				t.Errorf("%v at %d: got %v", bad, at, got)
			}
		}
	}
}
