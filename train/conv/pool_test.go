package conv

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
)

// poolReference is pooling and its gradient in float64: each output takes from the pixels of its
// window the shares that weigh returns.
func poolReference(g geometry, x, dy []float32, weigh func(values []float64) []float64) (y, dx []float64) {
	y, dx = make([]float64, len(dy)), make([]float64, len(x))
	for i := range y {
		pixel, c := i/g.cout, i%g.cout
		var at []int
		var values []float64
		one := g
		one.cin, one.cout = 1, 1
		one.everyTap(pixel/g.ow, pixel%g.ow, 0, func(xi, _ int) {
			at = append(at, xi*g.cin+c)
			values = append(values, float64(x[xi*g.cin+c]))
		})
		for j, share := range weigh(values) {
			y[i] += share * values[j]
			dx[at[j]] += share * float64(dy[i])
		}
	}
	return y, dx
}

func firstLargest(values []float64) []float64 {
	shares, best := make([]float64, len(values)), 0
	for i, v := range values {
		if v > values[best] {
			best = i
		}
	}
	shares[best] = 1
	return shares
}

func equalShares(values []float64) []float64 {
	shares := make([]float64, len(values))
	for i := range shares {
		shares[i] = 1 / float64(len(values))
	}
	return shares
}

func TestPools(t *testing.T) {
	windows := []Window{{2, 2, 2, 2, false}, {2, 2, 2, 2, true}, {3, 3, 2, 2, true}, {3, 2, 1, 2, false}, {1, 4, 1, 4, false}, {4, 1, 3, 3, true}, {2, 2, 3, 3, true}}
	eachPath(t, func(t *testing.T) {
		for _, window := range windows {
			for _, c := range []int{1, 3, 8, 16, 20, 24, 48} {
				for _, size := range []int{6, 7} {
					t.Run(fmt.Sprintf("%v of %d channels, size %d", window, c, size), func(t *testing.T) {
						checkPool(t, MaxPool, firstLargest, window, size, c)
						checkPool(t, AvgPool, equalShares, window, size, c)
					})
				}
			}
		}
	})
}

func checkPool(t *testing.T, pool func(*gorgonia.Node, Window) (*gorgonia.Node, error), weigh func([]float64) []float64, window Window, size, c int) {
	graph := gorgonia.NewGraph()
	x := input(graph, "x", 1, 2, size, size+1, c)
	for i, v := range elements(x.Value()) { // equal values, to see that the first is taken
		elements(x.Value())[i] = float32(math.Round(float64(v)))
	}
	out, err := pool(computed(t, x), window)
	if err != nil {
		t.Fatal(err)
	}
	dy := random(4, out.Shape().TotalSize())
	y, grads := run(t, out, dy, x)
	g, _ := window.geometry(2, size, size+1, c)
	g.cout = c
	wantY, wantX := poolReference(g, elements(x.Value()), dy, weigh)
	near(t, "output", y, wantY, 1e-6)
	near(t, "gradient", grads[0], wantX, 1e-6)
}

func TestGlobalAvgPool(t *testing.T) {
	graph := gorgonia.NewGraph()
	x := input(graph, "x", 1, 3, 4, 5, 6)
	out := gorgonia.Must(GlobalAvgPool(computed(t, x)))
	dy := random(4, 3*6)
	y, grads := run(t, out, dy, x)
	wantY, wantX := make([]float64, 18), make([]float64, 3*4*5*6)
	for i, v := range elements(x.Value()) {
		at := i/(4*5*6)*6 + i%6
		wantY[at] += float64(v) / 20
		wantX[i] = float64(dy[at]) / 20
	}
	near(t, "output", y, wantY, 1e-6)
	near(t, "gradient", grads[0], wantX, 1e-6)
}

// TestNaNComesOutOfAPool holds that a NaN comes out of a pool, wherever it is under the window, and that the
// gradient survives it.
func TestNaNComesOutOfAPool(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for at := range 4 {
			graph := gorgonia.NewGraph()
			x := inputOf(graph, "x", make([]float32, 4*16), 1, 2, 2, 16)
			elements(x.Value())[at*16+5] = float32(math.NaN())
			y, _ := run(t, gorgonia.Must(MaxPool(computed(t, x), Window{2, 2, 2, 2, false})), make([]float32, 16), x)
			for c, v := range y {
				if (c == 5) != (v != v) {
					t.Errorf("NaN at pixel %d: channel %d is %g", at, c, v)
				}
			}
		}
	})
}
