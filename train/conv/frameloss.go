package conv

import (
	"errors"
	"fmt"
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SigmoidCrossEntropy returns the scalar sum_i w_i ce_i / sum_i w_i with
// ce_i = log(1 + exp(z_i)) - t_i z_i: how surely each of many elements, the frames of sequences, is
// what a target between 0 and 1 says.
//
// logits, targets and weights have one shape. An element of weight 0 counts for nothing whatever it
// holds; with no weight at all the loss is 0. Gradients go to the logits only. It fails on shapes that
// differ and on types other than float32.
func SigmoidCrossEntropy(logits, targets, weights *gorgonia.Node) (*gorgonia.Node, error) {
	shape := logits.Shape()
	err := errors.Join(isFloat32(logits), checkShape(targets, "targets", shape...), checkShape(weights, "weights", shape...))
	if err != nil {
		return nil, fmt.Errorf("sigmoid cross-entropy: %w", err)
	}
	return apply(&frameLoss{newOp("sigmoid cross-entropy", tensor.ScalarShape(), logits, targets, weights)}, logits, targets, weights)
}

type frameLoss struct{ op }

func (o *frameLoss) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	logits, targets := elements(in[0]), elements(in[1])
	var loss, total float64
	for i, w := range elements(in[2]) {
		if w != 0 {
			z := float64(logits[i])
			total += float64(w)
			loss += float64(w) * (max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) - float64(targets[i])*z)
		}
	}
	if total == 0 {
		return gorgonia.NewF32(0), nil
	}
	return gorgonia.NewF32(float32(loss / total)), nil
}

func (o *frameLoss) DiffWRT(int) []bool { return []bool{true, false, false} }

func (o *frameLoss) SymDiff(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	logits, targets, weights := in[0], in[1], in[2]
	d := &frameLossGradient{newMapGradient("sigmoid cross-entropy'", logits.Shape(), grad, logits, targets, weights)}
	dx, err := apply(d, grad, logits, targets, weights)
	return gorgonia.Nodes{dx, nil, nil}, err
}

type frameLossGradient struct{ mapGradient }

// Do sets element i to grad w_i (1 / (1 + exp(-z_i)) - t_i) / sum(w).
func (o *frameLossGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, dx := o.result()
	logits, targets, weights := elements(in[1]), elements(in[2]), elements(in[3])
	clear(dx)
	total := total64(weights)
	for i, w := range weights {
		if w != 0 {
			dx[i] = float32(float64(scalar(in[0])) * float64(w) / total * (1/(1+math.Exp(-float64(logits[i]))) - float64(targets[i])))
		}
	}
	return t, nil
}
