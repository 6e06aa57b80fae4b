package conv

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Reshape returns x in another shape of as many elements, in memory order, without copying it. A map
// of N x H x 1 x C as N x H/d x d x C turns a convolution over H into one dilated by d. It fails when
// the elements are not as many, or are not float32.
func Reshape(x *gorgonia.Node, shape ...int) (*gorgonia.Node, error) {
	if tensor.Shape(shape).TotalSize() != x.Shape().TotalSize() {
		return nil, fmt.Errorf("reshape: %v has not as many elements as %v", shape, x.Shape())
	}
	if err := isFloat32(x); err != nil {
		return nil, fmt.Errorf("reshape: %w", err)
	}
	return apply(&reshapeOp{newOp("reshape", shape, x)}, x)
}

// flatten returns x, N x ..., as N x F without copying it.
func flatten(x *gorgonia.Node) (*gorgonia.Node, error) {
	n, f := flatShape(x)
	return Reshape(x, n, f)
}

// flatShape returns the batch and the elements of one sample.
func flatShape(x *gorgonia.Node) (n, f int) {
	n = x.Shape()[0]
	return n, x.Shape().TotalSize() / n
}

type reshapeOp struct{ op }

func (o *reshapeOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	return o.view(in[0]), nil
}

// view is the Op's output over the elements of v.
func (o *op) view(v gorgonia.Value) *tensor.Dense {
	data := elements(v)
	if o.out == nil || &o.out.Float32s()[0] != &data[0] {
		o.out = tensor.New(tensor.WithShape(o.shape...), tensor.WithBacking(data))
	}
	return o.out
}

func (o *reshapeOp) DiffWRT(int) []bool { return []bool{true} }

func (o *reshapeOp) SymDiff(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	d := &reshapeGradient{newMapGradient("reshape'", in[0].Shape(), grad)}
	d.reuseIncoming(grad)
	dx, err := apply(d, grad)
	return gorgonia.Nodes{dx}, err
}

type reshapeGradient struct{ mapGradient }

func (o *reshapeGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, dx := o.result()
	copy(dx, elements(in[0])) // onto itself when in place
	return t, nil
}
