package aac

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestMiddle holds the transform against its definition (4.6.11.3.1), and its
// symmetries, which the filter bank goes by.
func TestMiddle(t *testing.T) {
	for _, n := range []int{8, 32, short, Frame} {
		x, u := make([]float32, n), make([]float32, n)
		r := rand.New(rand.NewPCG(1, uint64(n)))
		for i := range x {
			x[i] = float32(r.NormFloat64())
		}
		newTransform(n, 1/float64(n)).middle(u, x)
		for i := range 2 * n {
			want := 0.0
			for k, v := range x {
				want += float64(v) * math.Cos(math.Pi/float64(n)*(float64(i)+float64(n+1)/2)*(float64(k)+0.5))
			}
			want /= float64(n)
			got := 0.0
			switch {
			case i < n/2:
				got = -float64(u[n/2-1-i])
			case i < 3*n/2:
				got = float64(u[i-n/2])
			default:
				got = float64(u[5*n/2-1-i])
			}
			if math.Abs(got-want) > 1e-6 {
				t.Fatalf("%d lines: value %d is %g, want %g", n, i, got, want)
			}
		}
	}
}

// TestRises holds that a window and the one behind it add to one in power, and what
// sets the shapes apart.
func TestRises(t *testing.T) {
	for _, rises := range []rises{longRise, shortRise} {
		for shape, w := range rises {
			for i, v := range w {
				back := w[len(w)-1-i]
				if sum := float64(v)*float64(v) + float64(back)*float64(back); math.Abs(sum-1) > 1e-6 {
					t.Errorf("shape %d of %d: %g at %d", shape, len(w), sum, i)
				}
			}
		}
		if n := len(rises[sine]); rises[kaiser][n/8] >= rises[sine][n/8] {
			t.Error("the Kaiser-Bessel window does not rise later than the sine window")
		}
	}
}

func BenchmarkMiddle(b *testing.B) {
	t := newTransform(Frame, 1)
	x, u := make([]float32, Frame), make([]float32, Frame)
	x[3] = 1
	for b.Loop() {
		t.middle(u, x)
	}
}
