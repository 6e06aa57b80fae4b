package conv

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
)

// reference is convolution and its gradients in float64, straight from the definition.
type reference struct{ y, dx, dw, db []float64 }

func convolve(g geometry, x, w, bias, dy []float32, act Activation) reference {
	r := reference{make([]float64, g.n*g.oh*g.ow*g.cout), make([]float64, len(x)), make([]float64, len(w)), make([]float64, len(bias))}
	for row := range g.n * g.oh {
		for ox := range g.ow {
			for co := range g.cout {
				r.point(g, row, ox, co, x, w, bias, dy, act)
			}
		}
	}
	return r
}

func (r reference) point(g geometry, row, ox, co int, x, w, bias, dy []float32, act Activation) {
	at := (row*g.ow+ox)*g.cout + co
	sum := float64(bias[co])
	g.everyTap(row, ox, co, func(xi, wi int) { sum += float64(x[xi]) * float64(w[wi]) })
	if act == ReLU && sum <= 0 {
		return
	}
	r.y[at] = sum
	d := float64(dy[at])
	r.db[co] += d
	g.everyTap(row, ox, co, func(xi, wi int) {
		r.dx[xi] += d * float64(w[wi])
		r.dw[wi] += d * float64(x[xi])
	})
}

func (g geometry) everyTap(row, ox, co int, f func(x, w int)) {
	for ky := range g.kh {
		for kx := range g.kw {
			y, x := row%g.oh*g.sh-g.top+ky, ox*g.sw-g.left+kx
			if y < 0 || y >= g.h || x < 0 || x >= g.w {
				continue
			}
			for ci := range g.cin {
				f(((row/g.oh*g.h+y)*g.w+x)*g.cin+ci, ((ky*g.kw+kx)*g.cin+ci)*g.cout+co)
			}
		}
	}
}

type convCase struct {
	n, h, w, cin, cout int
	window             Window
	act                Activation
}

func (c convCase) String() string {
	return fmt.Sprintf("%dx%dx%dx%d to %d, %v, act %d", c.n, c.h, c.w, c.cin, c.cout, c.window, c.act)
}

var convCases = []convCase{
	{1, 1, 1, 1, 1, Window{1, 1, 1, 1, false}, Linear},
	{2, 7, 5, 1, 3, Window{3, 3, 1, 1, true}, ReLU},
	{1, 8, 8, 2, 16, Window{5, 5, 1, 1, true}, ReLU},
	{3, 9, 9, 3, 24, Window{3, 3, 2, 2, true}, Linear},
	{2, 12, 10, 5, 7, Window{1, 7, 1, 1, true}, ReLU},
	{2, 10, 12, 16, 17, Window{7, 1, 1, 1, true}, ReLU},
	{1, 13, 13, 4, 33, Window{11, 11, 1, 1, true}, Linear},
	{2, 15, 14, 6, 12, Window{7, 7, 2, 2, true}, ReLU},
	{2, 11, 13, 32, 48, Window{3, 5, 1, 2, false}, ReLU},
	{1, 6, 6, 70, 69, Window{3, 3, 1, 1, false}, Linear},
	{5, 4, 4, 9, 40, Window{2, 2, 2, 2, false}, ReLU},
	{1, 5, 9, 8, 8, Window{2, 4, 3, 3, true}, Linear},
	{2, 3, 3, 20, 20, Window{5, 5, 1, 1, true}, ReLU},
	{2, 10, 10, 16, 32, Window{3, 3, 1, 1, true}, ReLU},
	{2, 9, 11, 24, 17, Window{3, 3, 1, 1, true}, Linear},
	{3, 13, 9, 17, 48, Window{5, 5, 1, 1, true}, ReLU},
	{1, 16, 16, 64, 64, Window{5, 5, 1, 1, true}, ReLU},
	{2, 14, 15, 33, 16, Window{5, 5, 1, 1, false}, ReLU},
	{4, 8, 8, 64, 32, Window{3, 3, 1, 1, false}, ReLU},
	{1, 2, 2, 2, 2, Window{1, 1, 2, 2, true}, Linear},
}

func TestConvAgainstDefinition(t *testing.T) {
	for _, c := range convCases {
		t.Run(c.String(), func(t *testing.T) { checkConv(t, c) })
	}
}

func checkConv(t *testing.T, c convCase) {
	graph := gorgonia.NewGraph()
	x := input(graph, "x", 1, c.n, c.h, c.w, c.cin)
	w := input(graph, "w", 2, c.window.KernelH, c.window.KernelW, c.cin, c.cout)
	b := input(graph, "b", 3, c.cout)
	out, err := Conv(computed(t, x), w, b, c.window, c.act)
	if err != nil {
		t.Fatal(err)
	}
	dy := random(4, out.Shape().TotalSize())
	y, grads := run(t, out, dy, x, w, b)
	g, _ := c.window.over(c.n, c.h, c.w, c.cin)
	g.cout = c.cout
	want := convolve(g, elements(x.Value()), elements(w.Value()), elements(b.Value()), dy, c.act)
	near(t, "output", y, want.y, 1e-5)
	near(t, "input gradient", grads[0], want.dx, 1e-5)
	near(t, "weight gradient", grads[1], want.dw, 1e-5)
	near(t, "bias gradient", grads[2], want.db, 1e-5)
}
