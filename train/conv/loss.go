package conv

import (
	"errors"
	"fmt"
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SoftmaxCrossEntropy returns the scalar sum_n w_n ce_n / sum_n w_n with
// ce_n = -sum_k targets_nk log softmax(logits_n)_k.
//
// logits and targets are N x K, sampleWeights N. Targets may be soft (label smoothing, mixup). A row
// of weight 0 counts for nothing whatever it holds; with no weight at all the loss is 0. A NaN in a row
// that counts makes the loss NaN. Gradients go to the logits only. It fails on shapes that do not fit
// and on types other than float32.
func SoftmaxCrossEntropy(logits, targets, sampleWeights *gorgonia.Node) (*gorgonia.Node, error) {
	if logits.Dims() != 2 {
		return nil, fmt.Errorf("cross-entropy: logits have shape %v, want samples x classes", logits.Shape())
	}
	n, k := logits.Shape()[0], logits.Shape()[1]
	err := errors.Join(isFloat32(logits), checkShape(targets, "targets", n, k), checkShape(sampleWeights, "sample weights", n))
	if err != nil {
		return nil, fmt.Errorf("cross-entropy: %w", err)
	}
	o := &lossOp{newOp("cross-entropy", tensor.ScalarShape(), logits, targets, sampleWeights), n, k}
	return apply(o, logits, targets, sampleWeights)
}

type lossOp struct {
	op
	n, k int
}

func (o *lossOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	logits, targets, weights := elements(in[0]), elements(in[1]), elements(in[2])
	var loss, total float64
	for n, w := range weights {
		if w == 0 {
			continue
		}
		total += float64(w)
		row := logits[n*o.k:][:o.k]
		top := logSumExp(row)
		for k, t := range targets[n*o.k:][:o.k] {
			if t != 0 {
				loss += float64(w) * float64(t) * (top - float64(row[k]))
			}
		}
	}
	if total == 0 {
		return gorgonia.NewF32(0), nil
	}
	return gorgonia.NewF32(float32(loss / total)), nil
}

// logSumExp is log(sum(exp(x))), without overflow.
func logSumExp(x []float32) float64 {
	top := largestOf(x)
	var sum float64
	for _, v := range x {
		sum += math.Exp(float64(v) - top)
	}
	return top + math.Log(sum)
}

func total64(x []float32) (sum float64) {
	for _, v := range x {
		sum += float64(v)
	}
	return sum
}

func largestOf(x []float32) float64 {
	top := float64(x[0])
	for _, v := range x[1:] {
		top = max(top, float64(v))
	}
	return top
}

func (o *lossOp) DiffWRT(int) []bool { return []bool{true, false, false} }

func (o *lossOp) SymDiff(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	logits, targets, weights := in[0], in[1], in[2]
	d := &lossGradient{newMapGradient("cross-entropy'", logits.Shape(), grad, logits, targets, weights), o}
	dx, err := apply(d, grad, logits, targets, weights)
	return gorgonia.Nodes{dx, nil, nil}, err
}

type lossGradient struct {
	mapGradient
	loss *lossOp
}

// Do sets row n to grad w_n (softmax(logits_n) sum_k targets_nk - targets_n) / sum(w).
func (o *lossGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, dx := o.result()
	logits, targets, weights := elements(in[1]), elements(in[2]), elements(in[3])
	clear(dx)
	total, k := total64(weights), o.loss.k
	for n, w := range weights {
		if w != 0 {
			share := float64(scalar(in[0])) * float64(w) / total
			crossEntropyGradient(dx[n*k:][:k], logits[n*k:][:k], targets[n*k:][:k], share)
		}
	}
	return t, nil
}

func crossEntropyGradient(dx, logits, targets []float32, share float64) {
	var mass float64
	for _, t := range targets {
		mass += float64(t)
	}
	top := logSumExp(logits)
	for i, v := range logits {
		dx[i] = float32(share * (math.Exp(float64(v)-top)*mass - float64(targets[i])))
	}
}

// Softmax replaces each row of k logits by its probabilities, which are positive or zero and sum to 1.
func Softmax(logits []float32, k int) {
	for ; len(logits) >= k; logits = logits[k:] {
		row := logits[:k]
		top := logSumExp(row)
		for i, v := range row {
			row[i] = float32(math.Exp(float64(v) - top))
		}
	}
}
