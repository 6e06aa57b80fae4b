package conv

import (
	"fmt"

	"gorgonia.org/gorgonia"
)

// Activation is what Conv and Dense do to their sums.
type Activation int

// Linear leaves the sums as they are; ReLU is max(0, x), the derivative at 0 being 0.
const (
	Linear Activation = iota
	ReLU
)

// Rectify returns max(0, x), of x's shape. NaN stays NaN.
func Rectify(x *gorgonia.Node) (*gorgonia.Node, error) {
	if err := isFloat32(x); err != nil {
		return nil, fmt.Errorf("rectify: %w", err)
	}
	return apply(&rectifyOp{newOp("rectify", x.Shape(), x)}, x)
}

type rectifyOp struct{ op }

func (o *rectifyOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recovered(&err)
	t, y := o.result()
	x := elements(in[0])
	parallelSpans(len(y), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			y[i] = max(x[i], 0)
		}
	})
	return t, nil
}

func (o *rectifyOp) DiffWRT(int) []bool { return []bool{true} }

func (o *rectifyOp) SymDiff(_ gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := throughReLU(ReLU, out, grad)
	return gorgonia.Nodes{dx}, err
}

// throughReLU returns the gradient before the activation, given the one after it.
func throughReLU(act Activation, out, grad *gorgonia.Node) (*gorgonia.Node, error) {
	if act == Linear {
		return grad, nil
	}
	o := &rectifyGradient{newMapGradient("rectify'", out.Shape(), grad, out)}
	o.inPlace(grad)
	return apply(o, grad, out)
}

type rectifyGradient struct{ mapGradient }

func (o *rectifyGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recovered(&err)
	t, dx := o.result()
	dy, y := elements(in[0]), elements(in[1])
	parallelSpans(len(dx), func(lo, hi int) { maskNegative(dx[lo:hi], dy[lo:hi], y[lo:hi]) })
	return t, nil
}

// maskNegative sets dx to dy where y > 0 or y is NaN, and to 0 elsewhere. dx may be dy.
func maskNegative(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	for i := range dx {
		if y[i] <= 0 {
			dx[i] = 0
		} else {
			dx[i] = dy[i]
		}
	}
}
