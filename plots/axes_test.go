package plots

import (
	"math"
	"strings"
	"testing"
)

func TestNiceTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		n      int
		want   string
	}{
		{0, 22.05, 5, "0 5 10 15 20"},
		{-80, 0, 5, "−80 −60 −40 −20 0"},
		{-71, -1, 3, "−60 −40 −20"},
		{0, 1, 3, "0.0 0.5 1.0"},
		{0.1, 0.1004, 4, "0.1000 0.1002 0.1004"},
		{1, 40, 9, "5 10 15 20 25 30 35 40"},
	} {
		var got []string
		for _, tick := range niceTicks(c.lo, c.hi, c.n) {
			got = append(got, tick.Label)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("niceTicks(%v, %v, %d): got %q, want %q", c.lo, c.hi, c.n, strings.Join(got, " "), c.want)
		}
	}
	for lo := -10.0; lo < 10; lo += 1.7 {
		for width := 1e-6; width < 1e6; width *= 3.3 {
			for n := 2; n < 12; n++ {
				ticks := niceTicks(lo, lo+width, n)
				if len(ticks) > n {
					t.Errorf("niceTicks(%v, %v, %d): %d ticks", lo, lo+width, n, len(ticks))
				}
			}
		}
	}
}

func TestWarpedTicksKeepTheirDistance(t *testing.T) {
	for _, a := range []Axis{sampleAxes(64).Y, sampleAxes(64).X, stepAxis("Hz", 0, 10, 64), FrequencyAxis([]float64{20, 100, 5000, 22050})} {
		s := a.span(len(a.Edges)-1, 128, upRoom)
		if len(s.ticks) < 2 {
			t.Errorf("%s: %d ticks", a.Label, len(s.ticks))
		}
		for i, tick := range s.ticks {
			if tick.Value < -1e-9 || tick.Value > s.hi+1e-9 {
				t.Errorf("%s: tick %q at %v of %v cells", a.Label, tick.Label, tick.Value, s.hi)
			}
			for _, other := range s.ticks[:i] {
				if d := math.Abs(tick.Value-other.Value) / s.hi * 128; d < 10 {
					t.Errorf("%s: %q and %q are %.1f points apart", a.Label, tick.Label, other.Label, d)
				}
			}
		}
	}
}

func TestEdgesOf(t *testing.T) {
	got := EdgesOf([]float64{10, 20, 40})
	for i, want := range []float64{5, 15, 30, 50} {
		if got[i] != want {
			t.Errorf("edge %d: got %v, want %v", i, got[i], want)
		}
	}
	if got := EdgesOf([]float64{2, 10}); got[0] != 0 {
		t.Errorf("lowest edge %v, want 0", got[0])
	}
	if got := EdgesOf([]float64{2}); got != nil {
		t.Errorf("edges of one centre: %v", got)
	}
}
