package conv

import (
	"errors"
	"fmt"
	"math"

	"gorgonia.org/gorgonia"
)

// Levels take what a PCEN layer reads to natural logarithms of energies: Mean + Scale x, one of each a
// band and channel, bands x channels. The caller owns them.
type Levels struct{ Mean, Scale []float32 }

// PCENEpsilon is what keeps a quotient of energies finite, as in librosa.pcen.
const PCENEpsilon = 1e-6

// PCEN returns the per-channel energy normalization of x, of its shape, with a gain, bias, power and
// smoothing of each band's own (Wang et al., "Trainable Frontend for Robust and Far-Field Keyword
// Spotting", ICASSP 2017, arXiv 1607.05666, equations 1 and 2 and section 4):
//
//	E[t] = exp(mean + scale x[t]),  M[t] = (1-s) M[t-1] + s E[t]
//	y[t] = (E[t] / (epsilon + M[t])^gain + bias)^power - bias^power
//
// x is batch x bands x frames x channels. M[-1] is the mean of E over all bands and frames of the
// patch: one that began in the band itself would take the shape of a short sound's spectrum away. The four
// are of bands x channels; gain, bias and power are natural logarithms, so that they stay positive,
// and smoothing is a logit. Each smoothing is learned itself, where the paper mixes fixed ones.
//
// x must be a plain graph input: no gradient goes to it. It fails on shapes that do not fit and on a
// type other than float32.
func PCEN(x, gain, bias, power, smoothing *gorgonia.Node, levels Levels) (*gorgonia.Node, error) {
	s := x.Shape()
	if len(s) != 4 || !isPlainInput(x) {
		return nil, fmt.Errorf("pcen: input has shape %v, want the batch x bands x frames x channels that are read", s)
	}
	n := s[1] * s[3]
	err := errors.Join(isFloat32(x), checkShape(gain, "gain", n), checkShape(bias, "bias", n), checkShape(power, "power", n), checkShape(smoothing, "smoothing", n))
	if err == nil && (len(levels.Mean) != n || len(levels.Scale) != n) {
		err = fmt.Errorf("levels of %d and %d bands, want %d", len(levels.Mean), len(levels.Scale), n)
	}
	if err != nil {
		return nil, fmt.Errorf("pcen: %w", err)
	}
	o := &pcenOp{newOp("pcen", s, x, gain, bias, power, smoothing), levels, s[1], s[2], s[3]}
	return apply(o, x, gain, bias, power, smoothing)
}

type pcenOp struct {
	op
	levels                  Levels
	bands, frames, channels int
}

// pcenCurve is what a band does: its four parameters, the logarithm of the bias and bias^power.
type pcenCurve struct{ gain, bias, power, smoothing, logBias, rest float64 }

// curves returns those of all bands and channels.
func curves(gain, bias, power, smoothing []float32) []pcenCurve {
	all := make([]pcenCurve, len(gain))
	for i := range all {
		p := pcenCurve{gain: math.Exp(float64(gain[i])), bias: math.Exp(float64(bias[i])), power: math.Exp(float64(power[i])),
			smoothing: 1 / (1 + math.Exp(-float64(smoothing[i]))), logBias: float64(bias[i])}
		p.rest = math.Exp(p.power * p.logBias)
		all[i] = p
	}
	return all
}

// energies sets e to the energies of a patch and returns their mean, by channel.
func (o *pcenOp) energies(e []float64, x []float32) (mean []float64) {
	mean = make([]float64, o.channels)
	for b := range o.bands {
		for t := range o.frames {
			for c := range o.channels {
				i, at := b*o.channels+c, (b*o.frames+t)*o.channels+c
				e[at] = math.Exp(float64(o.levels.Mean[i]) + float64(o.levels.Scale[i])*float64(x[at]))
				mean[c] += e[at] / float64(o.bands*o.frames)
			}
		}
	}
	return mean
}

// follow calls use for each value of a patch with the energy, the level behind it and how that changes
// with the smoothing, in the order of time within a band and channel i.
func (o *pcenOp) follow(x []float32, all []pcenCurve, use func(i, at int, e, level, slope float64)) {
	e := make([]float64, len(x))
	mean := o.energies(e, x)
	for i, p := range all {
		b, c := i/o.channels, i%o.channels
		level, slope := mean[c], 0.0
		for t := range o.frames {
			at := (b*o.frames+t)*o.channels + c
			slope += e[at] - level - p.smoothing*slope
			level += p.smoothing * (e[at] - level)
			use(i, at, e[at], level, slope)
		}
	}
}

func (o *pcenOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, y := o.result()
	x, all := elements(in[0]), curves(elements(in[1]), elements(in[2]), elements(in[3]), elements(in[4]))
	size := len(all) * o.frames
	parallel(len(x)/size, func(n int) {
		y := y[n*size:][:size]
		o.follow(x[n*size:][:size], all, func(i, at int, e, level, _ float64) {
			p := &all[i]
			g := e * math.Exp(-p.gain*math.Log(PCENEpsilon+level))
			y[at] = float32(math.Exp(p.power*math.Log(g+p.bias)) - p.rest)
		})
	})
	return t, nil
}

func (o *pcenOp) DiffWRT(int) []bool { return []bool{false, true, true, true, true} }

// SymDiff returns the gradients of the four parameters. The first computes all.
func (o *pcenOp) SymDiff(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	d := &pcenGradient{op: newOp("pcen gain'", in[1].Shape(), grad, in[0], in[1], in[2], in[3], in[4]), pcen: o}
	for k := range d.sums {
		d.sums[k] = make([]float64, in[1].Shape().TotalSize())
	}
	first, err := apply(d, grad, in[0], in[1], in[2], in[3], in[4])
	grads := gorgonia.Nodes{nil, first}
	for k := 1; k < len(d.sums) && err == nil; k++ {
		var next *gorgonia.Node
		next, err = apply(&copyOp{newOp("pcen'", in[1].Shape(), first), d.sums[k]}, first)
		grads = append(grads, next)
	}
	return grads, err
}

type pcenGradient struct {
	op
	pcen *pcenOp
	sums [4][]float64 // of gain, bias, power and smoothing
}

func (o *pcenGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, first := o.result()
	dy, x := elements(in[0]), elements(in[1])
	all := curves(elements(in[2]), elements(in[3]), elements(in[4]), elements(in[5]))
	size := len(all) * o.pcen.frames
	parts := make([][4]float64, len(x)/size*len(all))
	parallel(len(x)/size, func(n int) {
		part := parts[n*len(all):][:len(all)]
		dy := dy[n*size:][:size]
		o.pcen.follow(x[n*size:][:size], all, func(i, at int, e, level, slope float64) {
			all[i].add(&part[i], float64(dy[at]), e, level, slope)
		})
	})
	for k := range o.sums {
		clear(o.sums[k])
		for j, p := range parts {
			o.sums[k][j%len(all)] += p[k]
		}
	}
	for i, v := range o.sums[0] {
		first[i] = float32(v)
	}
	return t, nil
}

// add adds to the gradients of a band's parameters what one value's gradient dy comes to, where slope is
// the derivative of the level by the smoothing. With g = e / (epsilon + level)^gain and the logarithms
// and the logit that are learned:
//
//	dy/d gain  = gain  power (g + bias)^(power-1) g (-ln(epsilon + level))
//	dy/d bias  = bias  power ((g + bias)^(power-1) - bias^(power-1))
//	dy/d power = power ((g + bias)^power ln(g + bias) - bias^power ln bias)
//	dy/d s     = s (1-s) power (g + bias)^(power-1) g (-gain / (epsilon + level)) slope
func (p *pcenCurve) add(sum *[4]float64, dy, e, level, slope float64) {
	m := PCENEpsilon + level
	logM := math.Log(m)
	g := e * math.Exp(-p.gain*logM)
	logG := math.Log(g + p.bias)
	high := math.Exp(p.power * logG)
	dg := dy * p.power * high / (g + p.bias)
	sum[0] -= p.gain * dg * g * logM
	sum[1] += p.bias*dg - dy*p.power*p.rest
	sum[2] += p.power * dy * (high*logG - p.rest*p.logBias)
	sum[3] -= p.smoothing * (1 - p.smoothing) * dg * g * p.gain / m * slope
}
