package conv

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// flatten returns x, N x ..., as N x F without copying it.
func flatten(x *gorgonia.Node) (*gorgonia.Node, error) {
	n, f := flatShape(x)
	return apply(&flattenOp{newOp("flatten", tensor.Shape{n, f}, x)}, x)
}

// flatShape returns the batch and the elements of one sample.
func flatShape(x *gorgonia.Node) (n, f int) {
	n = x.Shape()[0]
	return n, x.Shape().TotalSize() / n
}

type flattenOp struct{ op }

func (o *flattenOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
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

func (o *flattenOp) DiffWRT(int) []bool { return []bool{true} }

func (o *flattenOp) SymDiff(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	d := &flattenGradient{newMapGradient("flatten'", in[0].Shape(), grad)}
	d.reuseIncoming(grad)
	dx, err := apply(d, grad)
	return gorgonia.Nodes{dx}, err
}

type flattenGradient struct{ mapGradient }

func (o *flattenGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, dx := o.result()
	copy(dx, elements(in[0])) // onto itself when in place
	return t, nil
}
