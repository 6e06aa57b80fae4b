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
	defer o.recoverPanic(&err)
	t, y := o.result()
	x := elements(in[0])
	parallelSpans(len(y), func(lo, hi int) { rectify(y[lo:hi], x[lo:hi]) })
	return t, nil
}

// rectify sets y to the positive part of x: rows of a vector each, and the rest.
func rectify(y, x []float32) {
	lanes := active.lanes
	whole := len(y) / lanes * lanes
	if whole > 0 {
		active.finishRows(y, lanes, x, lanes, whole/lanes, make([]float32, lanes), lanes, ReLU)
	}
	for i, v := range x[whole:] {
		y[whole+i] = max(v, 0)
	}
}

func (o *rectifyOp) DiffWRT(int) []bool { return []bool{true} }

func (o *rectifyOp) SymDiff(_ gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := reluGradient(ReLU, out, grad)
	return gorgonia.Nodes{dx}, err
}

// reluGradient returns the gradient before the activation, given the one after it.
func reluGradient(act Activation, out, grad *gorgonia.Node) (*gorgonia.Node, error) {
	if act == Linear {
		return grad, nil
	}
	o := &rectifyGradient{newMapGradient("rectify'", out.Shape(), grad, out), make([]float32, channels(out))}
	o.reuseIncoming(grad)
	return apply(o, grad, out)
}

// channels is the last dimension of a node.
func channels(n *gorgonia.Node) int { return n.Shape()[n.Dims()-1] }

type rectifyGradient struct {
	mapGradient
	sums []float32 // of each channel of the gradient, which biases need and this pass has at hand
}

func (o *rectifyGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, dx := o.result()
	maskNegative(dx, elements(in[0]), elements(in[1]), o.sums)
	return t, nil
}

// maskNegative sets dx to dy where y > 0 or y is NaN, and to 0 elsewhere, and sums to the sums of dx's
// columns. dx may be dy.
func maskNegative(dx, dy, y, sums []float32) {
	c := len(sums)
	columnSums(len(dx)/c, sums, func(lo, hi int, part []float32) {
		lo, hi = lo*c, hi*c
		if wide := c * active.vectorPixels(c); active.maskNegative != nil && hi-lo >= wide {
			pixels := (hi - lo) / wide
			wideSums := make([]float32, wide)
			active.maskNegative(&dx[lo], &dy[lo], &y[lo], pixels, &wideSums[0], wide/active.lanes)
			lo += pixels * wide
			for ; len(wideSums) > 0; wideSums = wideSums[c:] {
				addTo(part, wideSums)
			}
		}
		for i := lo; i < hi; i++ {
			dx[i] = dy[i]
			if y[i] <= 0 {
				dx[i] = 0
			}
			part[(i-lo)%c] += dx[i]
		}
	})
}

// vectorPixels returns how many pixels of c channels fill vectors without a rest.
func (k *kernels) vectorPixels(c int) int {
	pixels := 1
	for pixels*c%k.lanes != 0 {
		pixels *= 2
	}
	return pixels
}
