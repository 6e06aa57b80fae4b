package conv

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Conv returns act(x * weights + bias), the cross-correlation that networks call convolution.
//
// x is N x H x W x Cin, weights KernelH x KernelW x Cin x Cout, bias Cout; the result is
// N x OH x OW x Cout with OH x OW the outputs of the window. It fails on shapes that do not fit, on a type
// other than float32 and on a window that does not fit the map. No gradient goes to an x that is a
// plain graph input.
func Conv(x, weights, bias *gorgonia.Node, window Window, act Activation) (*gorgonia.Node, error) {
	g, err := convGeometry(x, weights, bias, window)
	if err != nil {
		return nil, fmt.Errorf("conv: %w", err)
	}
	o := &convOp{op: newOp("conv", tensor.Shape{g.n, g.oh, g.ow, g.cout}, x, weights, bias),
		geometry: g, act: act, first: isPlainInput(x)}
	return apply(o, x, weights, bias)
}

func convGeometry(x, weights, bias *gorgonia.Node, window Window) (geometry, error) {
	g, err := mapGeometry(x, window)
	if err != nil {
		return g, err
	}
	if weights.Dims() != 4 {
		return g, fmt.Errorf("weights have shape %v, want kernel height x width x inputs x outputs", weights.Shape())
	}
	g.cout = weights.Shape()[3]
	if err := checkShape(weights, "weights", g.kh, g.kw, g.cin, g.cout); err != nil {
		return g, err
	}
	return g, checkShape(bias, "bias", g.cout)
}

// mapGeometry lays a window over a node of N x H x W x C; as many channels come out as go in.
func mapGeometry(x *gorgonia.Node, window Window) (geometry, error) {
	s := x.Shape()
	if len(s) != 4 {
		return geometry{}, fmt.Errorf("input has shape %v, want batch x height x width x channels", s)
	}
	if err := isFloat32(x); err != nil {
		return geometry{}, err
	}
	g, err := window.geometry(s[0], s[1], s[2], s[3])
	g.cout = g.cin
	return g, err
}

type convOp struct {
	op
	geometry
	act   Activation
	first bool // x is a plain input: no gradient for it
}

func (o *convOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, y := o.result()
	forward(o.geometry, elements(in[0]), elements(in[1]), elements(in[2]), y, o.act)
	return t, nil
}

func (o *convOp) DiffWRT(int) []bool { return []bool{!o.first, true, true} }

// SymDiff returns the gradients of input (nil for the first layer), weights and bias. That of the
// input comes after the others for it writes where the incoming gradient's predecessor was.
func (o *convOp) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	grad, err := reluGradient(o.act, out, grad)
	if err != nil {
		return nil, err
	}
	x, weights, bias := in[0], in[1], in[2]
	dw, err := apply(&convWeightGradient{newOp("conv weights'", weights.Shape(), x, grad), o.geometry}, x, grad)
	if err != nil {
		return nil, err
	}
	db, err := biasGradient(bias, grad)
	if err != nil || o.first {
		return gorgonia.Nodes{nil, dw, db}, err
	}
	dx, err := apply(&convInputGradient{newMapGradient("conv input'", x.Shape(), grad, weights, dw, db), o.geometry},
		grad, weights, dw, db)
	return gorgonia.Nodes{dx, dw, db}, err
}

type convWeightGradient struct {
	op
	geometry
}

func (o *convWeightGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, dw := o.result()
	weightGradient(o.geometry, elements(in[0]), elements(in[1]), dw)
	return t, nil
}

type convInputGradient struct {
	mapGradient
	geometry
}

func (o *convInputGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, dx := o.result()
	inputGradient(o.geometry, elements(in[0]), elements(in[1]), dx)
	return t, nil
}

// biasGradient sums the gradient over everything but the channels.
func biasGradient(bias, grad *gorgonia.Node) (*gorgonia.Node, error) {
	o := &biasGradientOp{op: newOp("bias'", bias.Shape(), grad)}
	switch source := grad.Op().(type) {
	case *rectifyGradient:
		o.known = source.sums
	case *batchNormGradient: // it takes the mean out of its rows: what is left of a sum is rounding
		o.known = make([]float32, channels(bias))
	}
	return apply(o, grad)
}

type biasGradientOp struct {
	op
	known []float32 // where the Op before leaves the sums, or nil
}

func (o *biasGradientOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, db := o.result()
	if o.known != nil {
		copy(db, o.known)
		return t, nil
	}
	dy, c := elements(in[0]), len(db)
	columnSums(len(dy)/c, db, func(lo, hi int, part []float32) {
		addRows(part, dy[lo*c:hi*c])
	})
	return t, nil
}

// addRows adds the rows of x to sums, which are zero: in whole vectors as a product of a row of ones
// with x.
func addRows(sums, x []float32) {
	c := len(sums)
	rows, whole := len(x)/c, len(sums)/active.lanes*active.lanes
	panels(whole, func(from, vectors int) {
		ones := operand{at: []float32{1}} // one that every step stays at
		active.multiply(1, rows, vectors, ones, operand{at: x[from:], row: c}, operand{at: sums[from:]}, false)
	})
	for r := 0; r < rows && whole < c; r++ {
		addTo(sums[whole:], x[r*c+whole:])
	}
}

// columnSums sets sums to those of a matrix of rows x len(sums), of which add adds rows [lo, hi) to a
// part that starts at zero. The parts are then summed in order.
func columnSums(rows int, sums []float32, add func(lo, hi int, part []float32)) {
	c := len(sums)
	parts := make([]float32, (rows+rowsPerPiece-1)/rowsPerPiece*c)
	parallelRows(rows, func(lo, hi int) { add(lo, hi, parts[lo/rowsPerPiece*c:][:c]) })
	clear(sums)
	for ; len(parts) > 0; parts = parts[c:] {
		addTo(sums, parts)
	}
}

// addTo adds the first len(sum) elements of x to sum.
func addTo(sum, x []float32) {
	x = x[:len(sum)]
	for i := range sum {
		sum[i] += x[i]
	}
}
