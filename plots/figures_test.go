package plots

import (
	"math"
	"testing"

	"prep/data"
)

func TestOnsetsAreJudged(t *testing.T) {
	v := OnsetsView{Audio: data.Clip{Rate: 1000}, Reference: []int{100, 200, 300}, Found: []int{102, 298, 400, 500},
		Pairs: []data.Pair{{A: 0, B: 0}, {A: 2, B: 1}}, Tolerance: 5, F: 4.0 / 7}
	got := v.judge()
	if len(got.matched) != 2 || len(got.missed) != 1 || got.missed[0] != 200 || len(got.wrong) != 2 {
		t.Errorf("got %+v", got)
	}
	want := "F-measure 0.571 within 5 ms: 2 found, 1 missed, 2 false alarms. Mean distance 2.0 ms."
	if s := v.sentence(got); s != want {
		t.Errorf("got %q, want %q", s, want)
	}
}

func TestCurvesMeanKeepsFoldsThatStopped(t *testing.T) {
	got := meanOf([][]float64{{1, 2, 3, 4}, {3, 4}, {5, math.NaN(), 5}, {}})
	want := []float64{3, 3, 4, 13.0 / 3}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("epoch %d: got %v, want %v", i, got[i], want[i])
		}
	}
}

func TestWilsonAgreesWithNewcombe(t *testing.T) {
	// Newcombe, Two-sided Confidence Intervals for the Single Proportion, Statistics in Medicine 17, 1998, table I.
	for _, c := range []struct {
		k, n   int
		lo, hi float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		lo, hi := wilson(float64(c.k)/float64(c.n), c.n)
		if math.Abs(lo-c.lo) > 6e-5 || math.Abs(hi-c.hi) > 6e-5 {
			t.Errorf("wilson(%d, %d): got %.4f to %.4f, want %.4f to %.4f", c.k, c.n, lo, hi, c.lo, c.hi)
		}
	}
}

func TestShort(t *testing.T) {
	for x, want := range map[float64]string{1718727: "1.72M", 45000: "45k", 999: "999", 999999: "1M", 1.28e9: "1.28G"} {
		if got := short(x); got != want {
			t.Errorf("short(%v) = %q, want %q", x, got, want)
		}
	}
}
