package conv

import (
	"errors"
	"fmt"
	"math"

	"gorgonia.org/gorgonia"
)

// Mode says what a graph is built for.
type Mode int

// Training normalizes by the batch and updates the running statistics; Inference uses them.
const (
	Training Mode = iota
	Inference
)

// RunningStats is what BatchNorm remembers between batches, one element a channel. The caller owns it:
// training and inference graphs of one network share it, and a checkpoint holds Mean and Var.
type RunningStats struct {
	Mean, Var []float32
	Momentum  float32 // the share of the newest batch, as in PyTorch: 0.1 is usual
	Epsilon   float32 // added to the variance: 1e-5 is usual
}

// NewRunningStats returns mean 0 and variance 1 for each channel, Momentum 0.1 and Epsilon 1e-5.
func NewRunningStats(channels int) *RunningStats {
	s := &RunningStats{Mean: make([]float32, channels), Var: make([]float32, channels), Momentum: 0.1, Epsilon: 1e-5}
	for i := range s.Var {
		s.Var[i] = 1
	}
	return s
}

// BatchNorm returns act(gamma * (x - mean) / sqrt(variance + epsilon) + beta), of x's shape; gamma, beta
// and the statistics are one element a channel, the last dimension of x (Ioffe & Szegedy 2015).
//
// Training takes mean and biased variance from the batch and, as PyTorch does, moves the running ones
// towards the batch's mean and unbiased variance on every run. All rows of the batch count, also those
// that SoftmaxCrossEntropy gives no weight: fill them with real samples. Inference has no gradient.
// It fails on shapes that do not fit and on a type other than float32.
func BatchNorm(x, gamma, beta *gorgonia.Node, stats *RunningStats, mode Mode, act Activation) (*gorgonia.Node, error) {
	if x.Dims() < 2 {
		return nil, fmt.Errorf("batch norm: input has shape %v, want batch x ... x channels", x.Shape())
	}
	c := x.Shape()[x.Dims()-1]
	if err := errors.Join(isFloat32(x), checkShape(gamma, "gamma", c), checkShape(beta, "beta", c)); err != nil {
		return nil, fmt.Errorf("batch norm: %w", err)
	}
	if len(stats.Mean) != c || len(stats.Var) != c {
		return nil, fmt.Errorf("batch norm: running statistics of %d and %d channels, want %d", len(stats.Mean), len(stats.Var), c)
	}
	o := &batchNormOp{op: newOp("batch norm", x.Shape(), x, gamma, beta), stats: stats, mode: mode, act: act,
		mean: make([]float32, c), scale: make([]float32, c)}
	return apply(o, x, gamma, beta)
}

type batchNormOp struct {
	op
	stats *RunningStats
	mode  Mode
	act   Activation
	mean  []float32 // of the batch, or the running one
	scale []float32 // 1 / sqrt(variance + epsilon)
}

func (o *batchNormOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, y := o.result()
	x, gamma, beta := elements(in[0]), elements(in[1]), elements(in[2])
	o.setStatistics(x)
	c := len(o.mean)
	slope := o.slope(gamma)
	parallelRows(len(x)/c, func(lo, hi int) {
		normalize(y[lo*c:hi*c], x[lo*c:hi*c], o.mean, slope, beta, o.act)
	})
	return t, nil
}

// slope is what a channel is multiplied by: gamma times scale.
func (o *batchNormOp) slope(gamma []float32) []float32 {
	slope := make([]float32, len(gamma))
	for j, g := range gamma {
		slope[j] = g * o.scale[j]
	}
	return slope
}

// vectorChannels returns how many of c channels fill vectors that the kernels of batch norm take.
func (k *kernels) vectorChannels(c int) int {
	if k.normalize == nil {
		return 0
	}
	return c / k.lanes * k.lanes
}

// normalize sets the rows of y to act((x - mean) slope + shift).
func normalize(y, x, mean, slope, shift []float32, act Activation) {
	c := len(mean)
	done := active.vectorChannels(c)
	if done > 0 {
		active.normalize(&y[0], &x[0], bytes(c), len(x)/c, &mean[0], &slope[0], &shift[0], done/active.lanes, act.flag())
	}
	for row := 0; row < len(x) && done < c; row += c {
		for j := done; j < c; j++ {
			v := (x[row+j]-mean[j])*slope[j] + shift[j]
			if act == ReLU {
				v = max(v, 0)
			}
			y[row+j] = v
		}
	}
}

// gate is what lets a gradient pass: where (x - mean) slope + shift is positive, as the positive part in
// front of which it stands does, or NaN.
type gate struct{ mean, slope, shift []float32 }

// openGate returns one that lets everything pass.
func openGate(mean []float32) gate {
	shift := make([]float32, len(mean))
	for j := range shift {
		shift[j] = float32(math.Inf(1))
	}
	return gate{mean, make([]float32, len(mean)), shift}
}

// passed returns what channel j of dy passes at x.
func (g gate) passed(dy, x float32, j int) float32 {
	if (x-g.mean[j])*g.slope[j]+g.shift[j] <= 0 {
		return 0
	}
	return dy
}

// setStatistics sets mean and scale for this run and, in training, moves the running statistics.
func (o *batchNormOp) setStatistics(x []float32) {
	if o.mode == Inference {
		copy(o.mean, o.stats.Mean)
		for i, v := range o.stats.Var {
			o.scale[i] = inverseRoot(float64(v) + float64(o.stats.Epsilon))
		}
		return
	}
	mean, variance := statistics(x, len(o.mean))
	for j := range mean {
		o.mean[j] = float32(mean[j])
		o.scale[j] = inverseRoot(variance[j] + float64(o.stats.Epsilon))
	}
	o.stats.move(mean, variance, float64(len(x)/len(mean)))
}

// statistics returns mean and biased variance of each of c channels. One pass over sums and squares
// does, for float64 holds 29 bits more than the elements.
func statistics(x []float32, c int) (mean, variance []float64) {
	mean, variance = moments(x, x, openGate(make([]float32, c)))
	rows := float64(len(x) / c)
	for j := range mean {
		mean[j] /= rows
		variance[j] = max(variance[j]/rows-mean[j]*mean[j], 0)
	}
	return mean, variance
}

func inverseRoot(x float64) float32 { return float32(1 / math.Sqrt(x)) }

// move takes the statistics of one batch into the running ones.
func (s *RunningStats) move(mean, variance []float64, rows float64) {
	m := float64(s.Momentum)
	unbias := rows / max(rows-1, 1)
	for j := range mean {
		s.Mean[j] = float32((1-m)*float64(s.Mean[j]) + m*mean[j])
		s.Var[j] = float32((1-m)*float64(s.Var[j]) + m*variance[j]*unbias)
	}
}

// rowsPerPiece is how many rows one piece of work over rows takes.
const rowsPerPiece = 256

// parallelRows calls f for ranges of rows [lo, hi) that cover [0, rows).
func parallelRows(rows int, f func(lo, hi int)) {
	parallel((rows+rowsPerPiece-1)/rowsPerPiece, func(i int) {
		f(i*rowsPerPiece, min((i+1)*rowsPerPiece, rows))
	})
}

// moments returns, for each channel, the sums of what passes of a and of that times b - mean over all rows,
// in an order that depends on the number of rows only.
func moments(a, b []float32, g gate) (sums, products []float64) {
	c := len(g.mean)
	rows := len(a) / c
	parts := make([]float64, (rows+rowsPerPiece-1)/rowsPerPiece*2*c)
	parallelRows(rows, func(lo, hi int) {
		part := parts[lo/rowsPerPiece*2*c:][:2*c]
		momentsOf(a[lo*c:hi*c], b[lo*c:hi*c], g, part[:c], part[c:])
	})
	sum := parts[:2*c]
	for rest := parts[2*c:]; len(rest) > 0; rest = rest[2*c:] {
		for j := range sum {
			sum[j] += rest[j]
		}
	}
	return sum[:c], sum[c:]
}

// momentsOf adds to sums and products, which start at zero, those of some rows.
func momentsOf(a, b []float32, g gate, sums, products []float64) {
	c := len(g.mean)
	done := active.vectorChannels(c)
	if done > 0 {
		active.moments(&a[0], &b[0], bytes(c), len(a)/c, &g.mean[0], &g.slope[0], &g.shift[0],
			&sums[0], &products[0], done/active.lanes)
	}
	for row := 0; row < len(a) && done < c; row += c {
		for j := done; j < c; j++ {
			v := float64(g.passed(a[row+j], b[row+j], j))
			sums[j] += v
			products[j] += v * float64(b[row+j]-g.mean[j])
		}
	}
}

func (o *batchNormOp) DiffWRT(int) []bool { return []bool{true, true, true} }

// SymDiff returns the gradients of x, gamma and beta. The first computes all three.
func (o *batchNormOp) SymDiff(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	if o.mode == Inference {
		return nil, errors.New("batch norm built for inference has no gradient")
	}
	x, gamma, beta := in[0], in[1], in[2]
	c := len(o.mean)
	d := &batchNormGradient{mapGradient: newMapGradient("batch norm'", x.Shape(), grad, x, gamma, beta), norm: o,
		dgamma: make([]float64, c), dbeta: make([]float64, c)}
	dx, err := apply(d, grad, x, gamma, beta)
	if err != nil {
		return nil, err
	}
	dgamma, err := apply(&copyOp{newOp("batch norm gamma'", gamma.Shape(), dx), d.dgamma}, dx)
	if err != nil {
		return nil, err
	}
	dbeta, err := apply(&copyOp{newOp("batch norm beta'", beta.Shape(), dx), d.dbeta}, dx)
	return gorgonia.Nodes{dx, dgamma, dbeta}, err
}

type batchNormGradient struct {
	mapGradient
	norm          *batchNormOp
	dgamma, dbeta []float64
}

// Do computes, with z = (x - mean) * scale and g what the activation passes of dy, dbeta = sum g,
// dgamma = sum g z and dx = gamma scale (g - dbeta/rows - z dgamma/rows).
func (o *batchNormGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, dx := o.result()
	dy, x, gamma := elements(in[0]), elements(in[1]), elements(in[2])
	slope := o.norm.slope(gamma)
	g := openGate(o.norm.mean)
	if o.norm.act == ReLU {
		g = gate{o.norm.mean, slope, elements(in[3])}
	}
	o.sumGradients(dy, x, g)
	c := len(gamma)
	tilt, lift := o.corrections(slope, float64(len(x)/c))
	parallelRows(len(x)/c, func(lo, hi int) {
		normalizeGradient(dx[lo*c:hi*c], dy[lo*c:hi*c], x[lo*c:hi*c], g, slope, tilt, lift)
	})
	return t, nil
}

// corrections returns, for each channel, what x - mean is multiplied by in dx, and what is added.
func (o *batchNormGradient) corrections(slope []float32, rows float64) (tilt, lift []float32) {
	tilt, lift = make([]float32, len(slope)), make([]float32, len(slope))
	for j, s := range slope {
		tilt[j] = -s * o.norm.scale[j] * float32(o.dgamma[j]/rows)
		lift[j] = -s * float32(o.dbeta[j]/rows)
	}
	return tilt, lift
}

// normalizeGradient sets the rows of dx to what passes of dy times slope + (x - mean) tilt + lift.
func normalizeGradient(dx, dy, x []float32, g gate, slope, tilt, lift []float32) {
	c := len(g.mean)
	done := active.vectorChannels(c)
	if done > 0 {
		active.normalizeGradient(&dx[0], &dy[0], &x[0], bytes(c), len(x)/c,
			&g.mean[0], &g.slope[0], &g.shift[0], &slope[0], &tilt[0], &lift[0], done/active.lanes)
	}
	for row := 0; row < len(x) && done < c; row += c {
		for j := done; j < c; j++ {
			dx[row+j] = slope[j]*g.passed(dy[row+j], x[row+j], j) + tilt[j]*(x[row+j]-g.mean[j]) + lift[j]
		}
	}
}

func (o *batchNormGradient) sumGradients(dy, x []float32, g gate) {
	sums, products := moments(dy, x, g)
	copy(o.dbeta, sums)
	for j, p := range products {
		o.dgamma[j] = p * float64(o.norm.scale[j])
	}
}

// copyOp returns what its child left in from.
type copyOp struct {
	op
	from []float64
}

func (o *copyOp) Do(...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, y := o.result()
	for i, f := range o.from {
		y[i] = float32(f)
	}
	return t, nil
}
