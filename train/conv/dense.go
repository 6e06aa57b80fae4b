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
	if err := hasShape(weights, "weights", d.f, d.k); err != nil {
		return d, err
	}
	return d, hasShape(bias, "bias", d.k)
}

type denseOp struct {
	op
	dense
	act   Activation
	first bool
}

func (o *denseOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recovered(&err)
	t, y := o.result()
	o.forward(elements(in[0]), elements(in[1]), elements(in[2]), y, o.act)
	return t, nil
}

func (o *denseOp) DiffWRT(int) []bool { return []bool{!o.first, true, true} }

// SymDiff returns the gradients of input (nil for the first layer), weights and bias.
func (o *denseOp) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	grad, err := throughReLU(o.act, out, grad)
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
	defer o.recovered(&err)
	t, dw := o.result()
	o.weightGradient(elements(in[0]), elements(in[1]), dw)
	return t, nil
}

type denseInputGradient struct {
	mapGradient
	dense
}

func (o *denseInputGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recovered(&err)
	t, dx := o.result()
	o.inputGradient(elements(in[0]), elements(in[1]), dx)
	return t, nil
}

func (d dense) forward(x, w, bias, y []float32, act Activation) {
	parallel(d.n, func(n int) {
		dst := y[n*d.k:][:d.k]
		copy(dst, bias)
		for i, v := range x[n*d.f:][:d.f] {
			axpy(dst, v, w[i*d.k:])
		}
		if act == ReLU {
			for i := range dst {
				dst[i] = max(dst[i], 0)
			}
		}
	})
}

func (d dense) weightGradient(x, dy, dw []float32) {
	parallel(d.f, func(i int) {
		dst := dw[i*d.k:][:d.k]
		clear(dst)
		for n := range d.n {
			axpy(dst, x[n*d.f+i], dy[n*d.k:])
		}
	})
}

func (d dense) inputGradient(dy, w, dx []float32) {
	parallel(d.n, func(n int) {
		for i := range d.f {
			dx[n*d.f+i] = dot(dy[n*d.k:][:d.k], w[i*d.k:])
		}
	})
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s float32
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}
