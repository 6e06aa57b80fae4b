package conv

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Dense returns act(x * weights + bias), N x K.
//
// x is N x F or any N x ... of F elements a sample, flattened in memory order (for a map: row, column,
// channel); weights is F x K, bias K. It fails on shapes that do not fit and on a type other than
// float32. No gradient goes to an x that is a plain graph input.
func Dense(x, weights, bias *gorgonia.Node, act Activation) (*gorgonia.Node, error) {
	d, err := denseShape(x, weights, bias)
	if err != nil {
		return nil, fmt.Errorf("dense: %w", err)
	}
	o := &denseOp{newOp("dense", tensor.Shape{d.n, d.k}, x, weights, bias), d, act, isPlainInput(x)}
	return apply(o, x, weights, bias)
}

// dense is the sizes of a dense layer: samples, inputs, outputs.
type dense struct{ n, f, k int }

func denseShape(x, weights, bias *gorgonia.Node) (dense, error) {
	if x.Dims() < 2 || weights.Dims() != 2 {
		return dense{}, fmt.Errorf("input %v, weights %v: want samples x inputs and inputs x outputs", x.Shape(), weights.Shape())
	}
	n, f := flatShape(x)
	d := dense{n: n, f: f, k: weights.Shape()[1]}
	if err := isFloat32(x); err != nil {
		return d, err
	}
	if err := checkShape(weights, "weights", d.f, d.k); err != nil {
		return d, err
	}
	return d, checkShape(bias, "bias", d.k)
}

type denseOp struct {
	op
	dense
	act   Activation
	first bool
}

func (o *denseOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, y := o.result()
	o.forward(elements(in[0]), elements(in[1]), elements(in[2]), y, o.act)
	return t, nil
}

func (o *denseOp) DiffWRT(int) []bool { return []bool{!o.first, true, true} }

// SymDiff returns the gradients of input (nil for the first layer), weights and bias.
func (o *denseOp) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	grad, err := reluGradient(o.act, out, grad)
	if err != nil {
		return nil, err
	}
	x, weights, bias := in[0], in[1], in[2]
	dw, err := apply(&denseWeightGradient{newOp("dense weights'", weights.Shape(), x, grad), o.dense}, x, grad)
	if err != nil {
		return nil, err
	}
	db, err := biasGradient(bias, grad)
	if err != nil || o.first {
		return gorgonia.Nodes{nil, dw, db}, err
	}
	dx, err := apply(&denseInputGradient{newMapGradient("dense input'", x.Shape(), grad, weights, dw, db), o.dense},
		grad, weights, dw, db)
	return gorgonia.Nodes{dx, dw, db}, err
}

type denseWeightGradient struct {
	op
	dense
}

func (o *denseWeightGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, dw := o.result()
	o.weightGradient(elements(in[0]), elements(in[1]), dw)
	return t, nil
}

type denseInputGradient struct {
	mapGradient
	dense
}

func (o *denseInputGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, dx := o.result()
	o.inputGradient(elements(in[0]), elements(in[1]), dx)
	return t, nil
}

// forward sets y to act(x * w + bias), a few samples a worker.
func (d dense) forward(x, w, bias, y []float32, act Activation) {
	const few = 8
	wide := active.paddedChannels(d.k)
	shared, parts := borrowParts(d.f*wide, wide, lines(d.n*wide))
	defer shared.giveBack()
	padColumns(parts[0], w, d.f, d.k, wide)
	padRow(parts[1], bias)
	parallel((d.n+few-1)/few, func(i int) {
		lo, hi := i*few, min((i+1)*few, d.n)
		sums := parts[2][lo*wide:]
		panels(wide, func(from, vectors int) {
			active.multiply(hi-lo, d.f, vectors, operand{x[lo*d.f:], d.f, 1},
				operand{parts[0][from:], wide, 1}, operand{sums[from:], wide, 1}, false)
		})
		active.finishRows(y[lo*d.k:], d.k, sums, wide, hi-lo, parts[1], d.k, act)
	})
}

// inputsPerPiece is how many rows of weights a worker takes at a time.
const inputsPerPiece = 256

func (d dense) eachPiece(f func(lo, hi int)) {
	parallel((d.f+inputsPerPiece-1)/inputsPerPiece, func(i int) {
		f(i*inputsPerPiece, min((i+1)*inputsPerPiece, d.f))
	})
}

// weightGradient sets dw to x' * dy.
func (d dense) weightGradient(x, dy, dw []float32) {
	wide := active.paddedChannels(d.k)
	shared, parts := borrowParts(d.n * wide)
	defer shared.giveBack()
	padColumns(parts[0], dy, d.n, d.k, wide)
	d.eachPiece(func(lo, hi int) {
		space, sums := borrowParts((hi - lo) * wide)
		defer space.giveBack()
		panels(wide, func(from, vectors int) {
			active.multiply(hi-lo, d.n, vectors, operand{x[lo:], 1, d.f},
				operand{parts[0][from:], wide, 1}, operand{sums[0][from:], wide, 1}, false)
		})
		for r := range hi - lo {
			copy(dw[(lo+r)*d.k:][:d.k], sums[0][r*wide:])
		}
	})
}

// inputGradient sets dx to dy * w'.
func (d dense) inputGradient(dy, w, dx []float32) {
	d.eachPiece(func(lo, hi int) {
		wide := active.paddedChannels(hi - lo)
		space, parts := borrowParts(d.k*(hi-lo), d.k*wide, d.n*wide)
		defer space.giveBack()
		transpose(parts[0], w[lo*d.k:hi*d.k], hi-lo, d.k)
		padColumns(parts[1], parts[0], d.k, hi-lo, wide)
		panels(wide, func(from, vectors int) {
			active.multiply(d.n, d.k, vectors, operand{dy, d.k, 1},
				operand{parts[1][from:], wide, 1}, operand{parts[2][from:], wide, 1}, false)
		})
		for n := range d.n {
			copy(dx[n*d.f+lo:n*d.f+hi], parts[2][n*wide:])
		}
	})
}
