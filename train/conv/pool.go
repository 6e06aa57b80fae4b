package conv

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// MaxPool returns the largest value under each window, channel by channel: N x H x W x C gives
// N x OH x OW x C with OH x OW = window.Out(H, W). The gradient goes to the first largest value in
// row order. It fails where Out fails and on inputs that are not float32 maps.
func MaxPool(x *gorgonia.Node, window Window) (*gorgonia.Node, error) {
	return pool(x, window, "max pool", maxPool, maxPoolGradient)
}

// AvgPool returns the mean of the values under each window, as MaxPool does their maximum. Padding
// does not count.
func AvgPool(x *gorgonia.Node, window Window) (*gorgonia.Node, error) {
	return pool(x, window, "average pool", averagePool, averagePoolGradient)
}

func pool(x *gorgonia.Node, window Window, name string, forward poolKernel, backward poolGradientKernel) (*gorgonia.Node, error) {
	g, err := mapGeometry(x, window)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	o := &poolOp{newOp(name, tensor.Shape{g.n, g.oh, g.ow, g.cout}, x), g, forward, backward}
	return apply(o, x)
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
}

func (o *poolOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recovered(&err)
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
	defer o.recovered(&err)
	t, dx := o.result()
	dy, x, y := elements(in[0]), elements(in[1]), elements(in[2])
	g := o.pool.geometry
	image := g.h * g.w * g.cin
	parallel(g.n, func(n int) {
		clear(dx[n*image:][:image])
		for row := n * g.oh; row < (n+1)*g.oh; row++ {
			o.pool.backward(g, row, x, y, dy, dx)
		}
	})
	return t, nil
}

func maxPool(g geometry, row int, x, y []float32) {
	for ox := range g.ow {
		dst := y[(row*g.ow+ox)*g.cout:][:g.cout]
		first := true
		g.cells(row, ox, func(at int) {
			if first {
				copy(dst, x[at:])
				first = false
				return
			}
			for c, v := range x[at:][:len(dst)] {
				dst[c] = max(dst[c], v)
			}
		})
	}
}

// maxPoolGradient finds the largest value again by comparing: a NaN equals nothing and gets nothing.
func maxPoolGradient(g geometry, row int, x, y, dy, dx []float32) {
	for ox := range g.ow {
		for c := range g.cout {
			i := (row*g.ow+ox)*g.cout + c
			found := false
			g.cells(row, ox, func(at int) {
				if !found && x[at+c] == y[i] {
					dx[at+c] += dy[i]
					found = true
				}
			})
		}
	}
}

func averagePool(g geometry, row int, x, y []float32) {
	for ox := range g.ow {
		dst := y[(row*g.ow+ox)*g.cout:][:g.cout]
		clear(dst)
		share := g.share(row, ox)
		g.cells(row, ox, func(at int) { axpy(dst, share, x[at:]) })
	}
}

func averagePoolGradient(g geometry, row int, _, _, dy, dx []float32) {
	for ox := range g.ow {
		d := dy[(row*g.ow+ox)*g.cout:][:g.cout]
		share := g.share(row, ox)
		g.cells(row, ox, func(at int) { axpy(dx[at:][:g.cout], share, d) })
	}
}

// cells calls f with the offset in the input of each pixel under the window.
func (g geometry) cells(row, ox int, f func(at int)) {
	n, oy := row/g.oh, row%g.oh
	y0, y1 := g.rows(oy)
	x0, x1 := g.columns(ox)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			f(((n*g.h+y)*g.w + x) * g.cin)
		}
	}
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
