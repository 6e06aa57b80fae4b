package features

import (
	"math"
	"testing"
)

func TestDB(t *testing.T) {
	for _, v := range []float32{1e-37, 1e-20, 0.25, 0.49999997, 0.7071067, 0.70710677, 0.7071069, 0.99999994, 1, 1.0000001, 1.4142135, 1.4142137, 2, 3, 1e6, math.MaxFloat32} {
		if got, want := db(v), 10*math.Log10(float64(v)); math.Abs(got-want) > 1e-7 {
			t.Errorf("%v: got %.9f dB, want %.9f", v, got, want)
		}
	}
}

func TestToDecibels(t *testing.T) {
	tests := []struct {
		name       string
		ref        string
		topDB      float64
		in, wanted []float32
	}{
		{"peak", refMax, 80, []float32{100, 10, 1e-30, 0}, []float32{0, -10, -80, -80}},
		{"one", refOne, 30, []float32{100, 10, 0.001}, []float32{20, 10, -10}},
		{"unlimited", refMax, 0, []float32{1, 1e-15, 0}, []float32{0, -150, -200}},
		{"silence", refMax, 80, []float32{0, 0}, []float32{0, 0}},
		{"powers", none, 80, []float32{4, 0}, []float32{4, 0}},
	}
	for _, test := range tests {
		c := Default()
		c.Ref, c.TopDB = test.ref, test.topDB
		c.toDecibels(test.in)
		for i, got := range test.in {
			if math.Abs(float64(got-test.wanted[i])) > 1e-4 {
				t.Errorf("%s value %d: got %v, want %v", test.name, i, got, test.wanted[i])
			}
		}
	}
}

func TestPower(t *testing.T) {
	for _, x := range []float64{0, 1e-310, 1e-300, 1e-6, 0.7071067, 1, 2, 3, 1e12, 1e300, 1e308, math.Inf(1)} {
		for _, y := range []float64{-10, -0.98, 0.01, 0.5, 0.7, 1, 10} {
			got, want := power(x, y), math.Pow(x, y)
			if got != want && !(math.Abs(got-want) <= 1e-8*want) {
				t.Errorf("%v to the %v: got %v, want %v", x, y, got, want)
			}
		}
	}
}
