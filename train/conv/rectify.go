package conv

import "gorgonia.org/gorgonia"

// Activation is what Conv and Dense do to their sums.
type Activation int

// Linear leaves the sums as they are; ReLU is max(0, x), the derivative at 0 being 0.
const (
	Linear Activation = iota
	ReLU
)

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
