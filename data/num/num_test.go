package num

import (
	"math"
	"slices"
	"testing"
)

var nan, inf = math.NaN(), math.Inf(1)

func TestFiniteNumbersAreTold(t *testing.T) {
	for x, want := range map[float64]bool{0: true, -1e308: true, math.SmallestNonzeroFloat64: true, inf: false, -inf: false, nan: false} {
		if got := Finite(x); got != want {
			t.Errorf("Finite(%v): got %v, want %v", x, got, want)
		}
	}
	for _, c := range []struct {
		x    []float32
		want int
	}{{nil, -1}, {[]float32{1, math.MaxFloat32}, -1}, {[]float32{1, float32(nan), float32(inf)}, 1}, {[]float32{1, 2, float32(-inf)}, 2}} {
		if got := FirstNotFinite(c.x); got != c.want {
			t.Errorf("FirstNotFinite(%v): got %d, want %d", c.x, got, c.want)
		}
	}
}

func TestArgMaxIsTheFirstOfEquals(t *testing.T) {
	for _, c := range []struct {
		x    []float64
		want int
	}{{nil, 0}, {[]float64{-3}, 0}, {[]float64{-3, -1, -2}, 1}, {[]float64{0, 5, 5}, 1}, {[]float64{1, nan, 2}, 2}} {
		if got := ArgMax(c.x); got != c.want {
			t.Errorf("ArgMax(%v): got %d, want %d", c.x, got, c.want)
		}
	}
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"unit power", DB(1, -200), 0},
		{"half power", DB(0.5, -200), -3.0102999566398120},
		{"silence", DB(0, -120), -120},
		{"below the floor", DB(1e-30, -120), -120},
		{"infinite power", DB(inf, -120), inf},
		{"20 dB of power", Power(20), 100},
		{"20 dB of amplitude", Amplitude(20), 10},
		{"-6.02 dB of amplitude", Amplitude(-20 * math.Log10(2)), 0.5},
		{"there and back", DB(Power(-37.5), -200), -37.5},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s: got %v, want %v", c.name, c.got, c.want)
		}
	}
	if got := DB(nan, -120); !math.IsNaN(got) {
		t.Errorf("DB(NaN): got %v, want NaN", got)
	}
}

// The wanted values are numpy.quantile's.
func TestQuantileIsNumPys(t *testing.T) {
	x := []float64{15, 20, 35, 40, 50}
	for _, c := range []struct {
		x       []float64
		q, want float64
	}{
		{nil, 0.5, 0}, {[]float64{7}, 0.95, 7}, {x, 0, 15}, {x, 1, 50}, {x, 0.5, 35}, {x, 0.4, 29}, {x, 0.95, 48},
		{[]float64{4, 1, 3, 2}, 0.5, 2.5}, {[]float64{-inf, 1, inf}, 0.5, 1},
	} {
		if got := Quantile(c.x, c.q); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("Quantile(%v, %v): got %v, want %v", c.x, c.q, got, c.want)
		}
	}
	if unsorted := []float32{3, 1, 2}; Quantile(unsorted, 0.5) != 2 || !slices.Equal(unsorted, []float32{3, 1, 2}) {
		t.Errorf("the values were changed: %v", unsorted)
	}
}

func TestThin(t *testing.T) {
	for _, c := range []struct {
		n    int
		want []string
	}{{0, []string{}}, {1, []string{"a"}}, {2, []string{"a", "c"}}, {3, []string{"a", "b", "d"}}, {5, []string{"a", "b", "c", "d", "e"}}, {9, []string{"a", "b", "c", "d", "e"}}} {
		if got := Thin([]string{"a", "b", "c", "d", "e"}, c.n); !slices.Equal(got, c.want) {
			t.Errorf("%d of five: got %v, want %v", c.n, got, c.want)
		}
	}
}

func TestScore(t *testing.T) {
	for _, c := range []struct {
		name                string
		right, found, there int
		want                Score
	}{
		{"nothing of nothing", 0, 0, 0, Score{}},
		{"nothing found", 0, 0, 3, Score{}},
		{"nothing right", 0, 4, 3, Score{}},
		{"all", 3, 3, 3, Score{1, 1, 1}},
		{"2 of 4 found and of 3 there", 2, 4, 3, Score{4.0 / 7, 0.5, 2.0 / 3}},
	} {
		if got := NewScore(c.right, c.found, c.there); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestCalibrate(t *testing.T) {
	for _, c := range []struct {
		name       string
		confidence []float64
		right      []bool
		ece        float64
		hits       map[int]int // by bin
	}{
		{"no hits", nil, nil, 0, nil},
		{"sure and right", []float64{1, 1}, []bool{true, true}, 0, map[int]int{9: 2}},
		{"sure and wrong", []float64{1, 1}, []bool{false, false}, 1, map[int]int{9: 2}},
		{"two bins", []float64{0.95, 0.95, 0.95, 0.95, 0.55, 0.55}, []bool{true, true, true, false, true, false},
			(4*0.2 + 2*0.05) / 6, map[int]int{9: 4, 5: 2}},
		{"edges belong below", []float64{0, 0.1, 0.5, 0.9}, []bool{false, false, true, true},
			(0.1 + 0.5 + 0.1) / 4, map[int]int{0: 2, 4: 1, 8: 1}},
	} {
		got := Calibrate(c.confidence, c.right)
		if math.Abs(got.ECE-c.ece) > 1e-12 || len(got.Bins) != 10 {
			t.Errorf("%s: got %v in %d bins, want %v", c.name, got.ECE, len(got.Bins), c.ece)
		}
		for i, b := range got.Bins {
			if b.Hits != c.hits[i] || b.Low != float64(i)/10 || b.High != float64(i+1)/10 {
				t.Errorf("%s: bin %d: got %+v, want %d hits", c.name, i, b, c.hits[i])
			}
		}
	}
}
