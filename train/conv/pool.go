package conv

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// MaxPool returns the largest value under each window, channel by channel: N x H x W x C gives
// N x OH x OW x C with OH x OW the outputs of the window. The gradient goes to the first largest value in
// row order. It fails where Out fails and on inputs that are not float32 maps.
func MaxPool(x *gorgonia.Node, window Window) (*gorgonia.Node, error) {
	return pool(x, window, "max pool", func(g geometry) poolOp {
		return poolOp{geometry: g, forward: maxPool, backward: maxPoolGradient,
			sets: g.halves() && g.oh*2 == g.h && g.ow*2 == g.w && active.maxPool2Gradient != nil}
	})
}

// AvgPool returns the mean of the values under each window, as MaxPool does their maximum. Padding
// does not count.
func AvgPool(x *gorgonia.Node, window Window) (*gorgonia.Node, error) {
	return pool(x, window, "average pool", func(g geometry) poolOp {
		return poolOp{geometry: g, forward: averagePool, backward: averagePoolGradient}
	})
}

func pool(x *gorgonia.Node, window Window, name string, over func(geometry) poolOp) (*gorgonia.Node, error) {
	g, err := mapGeometry(x, window)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	o := over(g)
	o.op = newOp(name, tensor.Shape{g.n, g.oh, g.ow, g.cout}, x)
	return apply(&o, x)
}

// poolKernel sets one output row, row = n*oh + oy, of y.
type poolKernel func(g geometry, row int, x, y []float32)

// poolGradientKernel adds the gradients of one output row to dx, which starts at zero. Rows of one
// image may overlap in dx.
type poolGradientKernel func(g geometry, row int, x, y, dy, dx []float32)

type poolOp struct {
	op
	geometry
	forward  poolKernel
	backward poolGradientKernel
	sets     bool // backward sets every element of dx, which need not start at zero
}

func (o *poolOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, y := o.result()
	x := elements(in[0])
	parallel(o.n*o.oh, func(row int) { o.forward(o.geometry, row, x, y) })
	return t, nil
}

func (o *poolOp) DiffWRT(int) []bool { return []bool{true} }

func (o *poolOp) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	d := &poolGradient{newMapGradient(o.name+"'", in[0].Shape(), grad, in[0], out), o}
	dx, err := apply(d, grad, in[0], out)
	return gorgonia.Nodes{dx}, err
}

type poolGradient struct {
	mapGradient
	pool *poolOp
}

func (o *poolGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, dx := o.result()
	dy, x, y := elements(in[0]), elements(in[1]), elements(in[2])
	g := o.pool.geometry
	image := g.h * g.w * g.cin
	parallel(g.n, func(n int) {
		if !o.pool.sets {
			clear(dx[n*image:][:image])
		}
		for row := n * g.oh; row < (n+1)*g.oh; row++ {
			o.pool.backward(g, row, x, y, dy, dx)
		}
	})
	return t, nil
}

func maxPool(g geometry, row int, x, y []float32) {
	if g.halves() && active.maxPool2 != nil {
		g.halfRow(row, func(at, out, vectors int) {
			active.maxPool2(&x[at], bytes(g.w*g.cin), bytes(g.cin), &y[out], g.ow, vectors)
		})
		return
	}
	var cells []int
	for ox := range g.ow {
		dst := y[(row*g.ow+ox)*g.cout:][:g.cout]
		cells = g.cells(row, ox, cells[:0])
		copy(dst, x[cells[0]:])
		for _, at := range cells[1:] {
			for c, v := range x[at:][:len(dst)] {
				dst[c] = max(dst[c], v)
			}
		}
	}
}

// maxPoolGradient finds the largest value again by comparing: a NaN equals nothing and gets nothing.
func maxPoolGradient(g geometry, row int, x, y, dy, dx []float32) {
	if g.halves() && active.maxPool2Gradient != nil {
		g.halfRow(row, func(at, out, vectors int) {
			active.maxPool2Gradient(&x[at], bytes(g.w*g.cin), bytes(g.cin), &y[out], &dy[out], &dx[at], g.ow, vectors)
		})
		return
	}
	var cells []int
	for ox := range g.ow {
		cells = g.cells(row, ox, cells[:0])
		for c := range g.cout {
			i := (row*g.ow+ox)*g.cout + c
			for _, at := range cells {
				if x[at+c] == y[i] {
					dx[at+c] += dy[i]
					break
				}
			}
		}
	}
}

// halves reports whether the window is 2 x 2 of stride 2 and all windows lie inside the map, with
// channels enough for a vector: what the vector kernels do.
func (g geometry) halves() bool {
	return g.kh == 2 && g.kw == 2 && g.sh == 2 && g.sw == 2 && g.cin >= active.lanes && g.oh*2 <= g.h && g.ow*2 <= g.w
}

// halfRow calls f for the whole vectors of an output row of halves and, if they leave channels over,
// for the last vector, which overlaps them: at is into the input, out into the output.
func (g geometry) halfRow(row int, f func(at, out, vectors int)) {
	at := (row/g.oh*g.h + row%g.oh*2) * g.w * g.cin
	out := row * g.ow * g.cin
	f(at, out, g.cin/active.lanes)
	if last := g.cin - active.lanes; g.cin%active.lanes != 0 {
		f(at+last, out+last, 1)
	}
}

func averagePool(g geometry, row int, x, y []float32) {
	var cells []int
	for ox := range g.ow {
		dst := y[(row*g.ow+ox)*g.cout:][:g.cout]
		clear(dst)
		share := g.share(row, ox)
		cells = g.cells(row, ox, cells[:0])
		for _, at := range cells {
			axpy(dst, share, x[at:])
		}
	}
}

func averagePoolGradient(g geometry, row int, _, _, dy, dx []float32) {
	var cells []int
	for ox := range g.ow {
		d := dy[(row*g.ow+ox)*g.cout:][:g.cout]
		share := g.share(row, ox)
		cells = g.cells(row, ox, cells[:0])
		for _, at := range cells {
			axpy(dx[at:][:g.cout], share, d)
		}
	}
}

// cells appends the offset in the input of each pixel under the window, in row order.
func (g geometry) cells(row, ox int, offsets []int) []int {
	y0, y1 := g.rows(row % g.oh)
	x0, x1 := g.columns(ox)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			offsets = append(offsets, ((row/g.oh*g.h+y)*g.w+x)*g.cin)
		}
	}
	return offsets
}

// share is one over the number of pixels under the window.
func (g geometry) share(row, ox int) float32 {
	y0, y1 := g.rows(row % g.oh)
	x0, x1 := g.columns(ox)
	return 1 / float32((y1-y0)*(x1-x0))
}

// GlobalAvgPool returns the mean of each channel's map: N x H x W x C gives N x C.
func GlobalAvgPool(x *gorgonia.Node) (*gorgonia.Node, error) {
	s := x.Shape()
	if len(s) != 4 {
		return nil, fmt.Errorf("global average pool: input has shape %v, want batch x height x width x channels", s)
	}
	mean, err := AvgPool(x, Window{KernelH: s[1], KernelW: s[2], StrideH: 1, StrideW: 1})
	if err != nil {
		return nil, fmt.Errorf("global %w", err)
	}
	return flatten(mean)
}

// axpy adds a x to dst.
func axpy(dst []float32, a float32, x []float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] += a * x[i]
	}
}
