package conv

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
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
	// kernels in several segments, square, tall and wide, and strides
	{2, 19, 14, 8, 17, Window{9, 3, 1, 1, true}, ReLU},
	{1, 9, 21, 17, 8, Window{3, 9, 1, 1, false}, Linear},
	{1, 16, 13, 9, 33, Window{11, 7, 1, 1, true}, ReLU},
	{3, 17, 13, 8, 24, Window{5, 5, 2, 2, true}, ReLU},
	{1, 25, 23, 12, 8, Window{7, 11, 3, 2, true}, Linear},
	{2, 33, 29, 8, 8, Window{5, 6, 4, 4, true}, ReLU},
}

func TestConvAgainstDefinition(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, c := range append(convCases, oddCases(24)...) {
			t.Run(c.String(), func(t *testing.T) { checkConv(t, c) })
		}
	})
}

// oddCases draws shapes that nobody would think of.
func oddCases(n int) (cases []convCase) {
	r := rand.New(rand.NewPCG(1, 2))
	for len(cases) < n {
		c := convCase{n: 1 + r.IntN(5), h: 1 + r.IntN(14), w: 1 + r.IntN(14), cin: 1 + r.IntN(40), cout: 1 + r.IntN(70),
			window: Window{1 + r.IntN(7), 1 + r.IntN(7), 1 + r.IntN(3), 1 + r.IntN(3), r.IntN(2) == 0}, act: Activation(r.IntN(2))}
		if _, _, err := c.window.outputSize(c.h, c.w); err == nil {
			cases = append(cases, c)
		}
	}
	return cases
}

// Limits on the relative distance from float64: of products in the order of the definition, and of
// Winograd's, which adds numbers of different sizes and is 5e-6 off on a large layer.
const (
	directLimit   = 1e-5
	winogradLimit = 1e-4
)

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
	g, _ := c.window.geometry(c.n, c.h, c.w, c.cin)
	g.cout = c.cout
	limit := directLimit
	if g.usesTiles() {
		limit = winogradLimit
	}
	want := convolve(g, elements(x.Value()), elements(w.Value()), elements(b.Value()), dy, c.act)
	near(t, "output", y, want.y, limit)
	near(t, "input gradient", grads[0], want.dx, limit)
	near(t, "weight gradient", grads[1], want.dw, limit)
	near(t, "bias gradient", grads[2], want.db, limit)
}

// usesTiles reports whether any of the three passes is in tiles.
func (g geometry) usesTiles() bool {
	_, tiles := g.tiling()
	for i := range g.sh * g.sw {
		phase, _ := g.phase(i/g.sw, i%g.sw)
		_, pays := phase.tiling()
		tiles = tiles || pays
	}
	return tiles
}

// TestConvPlainInput has a first layer: its input gets no gradient, its weights do.
func TestConvPlainInput(t *testing.T) {
	graph := gorgonia.NewGraph()
	x, w, b := input(graph, "x", 1, 2, 6, 6, 1), input(graph, "w", 2, 3, 3, 1, 4), input(graph, "b", 3, 4)
	window := Window{3, 3, 1, 1, true}
	out := gorgonia.Must(Conv(x, w, b, window, ReLU))
	dy := random(4, out.Shape().TotalSize())
	_, grads := run(t, out, dy, w, b)
	g, _ := window.geometry(2, 6, 6, 1)
	g.cout = 4
	want := convolve(g, elements(x.Value()), elements(w.Value()), elements(b.Value()), dy, ReLU)
	near(t, "weight gradient", grads[0], want.dw, directLimit)
	near(t, "bias gradient", grads[1], want.db, directLimit)
}

// TestTwoConvolutionsOfOneMapAddTheirGradients feeds one map to two convolutions: their input gradients are added, and neither may
// write over what the other still reads.
func TestTwoConvolutionsOfOneMapAddTheirGradients(t *testing.T) {
	graph := gorgonia.NewGraph()
	window := Window{3, 3, 1, 1, true}
	x := input(graph, "x", 1, 2, 6, 6, 8)
	w1, w2, b := input(graph, "w1", 2, 3, 3, 8, 8), input(graph, "w2", 3, 3, 3, 8, 8), inputOf(graph, "b", make([]float32, 8), 8)
	shared := computed(t, x)
	out := gorgonia.Must(gorgonia.Add(gorgonia.Must(Conv(shared, w1, b, window, Linear)), gorgonia.Must(Conv(shared, w2, b, window, Linear))))
	dy := random(4, out.Shape().TotalSize())
	_, grads := run(t, out, dy, x, w1, w2)
	g, _ := window.geometry(2, 6, 6, 8)
	sum := append([]float32(nil), elements(w1.Value())...)
	addTo(sum, elements(w2.Value()))
	g.cout = 8
	want := convolve(g, elements(x.Value()), sum, make([]float32, 8), dy, Linear)
	near(t, "input gradient", grads[0], want.dx, winogradLimit)
	near(t, "first weights", grads[1], want.dw, winogradLimit)
	near(t, "second weights", grads[2], want.dw, winogradLimit)
}

// TestConvPlaceInBatch holds that a sample's output is the same bits alone and among others.
func TestConvPlaceInBatch(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, window := range []Window{{3, 3, 1, 1, true}, {5, 3, 2, 1, true}} {
			g, _ := window.geometry(5, 9, 9, 11)
			g.cout = 18
			x, w, b := random(1, 5*9*9*11), random(2, g.kh*g.kw*11*18), random(3, 18)
			all := make([]float32, 5*g.oh*g.ow*18)
			forward(g, x, w, b, all, ReLU)
			one := g
			one.n = 1
			y := make([]float32, g.oh*g.ow*18)
			forward(one, x[3*9*9*11:], w, b, y, ReLU)
			sameBits(t, window.String(), all[3*len(y):][:len(y)], y)
		}
	})
}

func TestConvErrors(t *testing.T) {
	graph := gorgonia.NewGraph()
	x, w, b := input(graph, "x", 1, 2, 4, 4, 3), input(graph, "w", 1, 3, 3, 3, 5), input(graph, "b", 1, 5)
	flat := input(graph, "flat", 1, 2, 48)
	double := gorgonia.NewTensor(graph, tensor.Float64, 4, gorgonia.WithShape(2, 4, 4, 3), gorgonia.WithName("double"))
	for name, c := range map[string]struct {
		x, w, b *gorgonia.Node
		window  Window
	}{
		"kernel larger than the map": {x, w, b, Window{5, 5, 1, 1, false}},
		"no stride":                  {x, w, b, Window{3, 3, 0, 1, true}},
		"kernel of another size":     {x, w, b, Window{5, 3, 1, 1, true}},
		"bias of another size":       {x, w, input(graph, "b2", 1, 4), Window{3, 3, 1, 1, true}},
		"input without channels":     {flat, w, b, Window{3, 3, 1, 1, true}},
		"weights of two dimensions":  {x, input(graph, "w2", 1, 27, 5), b, Window{3, 3, 1, 1, true}},
		"float64":                    {double, w, b, Window{3, 3, 1, 1, true}},
	} {
		if _, err := Conv(c.x, c.w, c.b, c.window, ReLU); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
