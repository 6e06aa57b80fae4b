package train

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gorgonia.org/gorgonia"

	"prep/data/num"
	"prep/data/tcn"
	"prep/train/conv"
)

// sequence is a temporal network as a Gorgonia graph: batch x frames x bands x
// channels go in, a logit a frame comes out. Batch norm follows every convolution but
// the last. Frames are padded with zeros here, where tcn pads none: what lies near the
// ends of a crop does not count.
type sequence struct {
	net     tcn.Network
	batch   int
	frames  int
	x       []float32 // batch x frames x bands x channels
	targets []float32 // batch x frames
	counts  []float32 // batch x frames
	dropout conv.DropoutSource
	weights weights
	learn   gorgonia.Nodes
	loss    gorgonia.Value
	vm      gorgonia.VM
}

// newSequenceWeights draws weights as newWeights does.
func newSequenceWeights(n tcn.Network, random *rand.Rand) (w weights) {
	for i, l := range n.Layers {
		name := func(part string) string { return fmt.Sprintf("%d.%s", i+1, part) }
		inputs := l.Frames * l.Bands * l.Inputs
		gain := 2.0
		if l.Linear {
			gain = 1
		}
		k := blob{Name: name(partKernel), Shape: []int{l.Frames, l.Bands, l.Inputs, l.Filters}, Data: make([]float32, inputs*l.Filters)}
		for j := range k.Data {
			k.Data[j] = float32(random.NormFloat64() * math.Sqrt(gain/float64(inputs)))
		}
		w.trained = append(w.trained, k, constant(name(partBias), l.Filters, 0))
		if !l.Linear {
			w.trained = append(w.trained, constant(name(partGamma), l.Filters, 1), constant(name(partBeta), l.Filters, 0))
			w.stats = append(w.stats, constant(name(partMean), l.Filters, 0), constant(name(partVar), l.Filters, 1))
		}
	}
	return w
}

// newSequence builds the graph of n over w, for training.
func newSequence(n tcn.Network, w weights, batch, frames int, rate float64, seed uint64) (*sequence, error) {
	building.Lock()
	defer building.Unlock()
	s := &sequence{net: n, batch: batch, frames: frames, weights: w, dropout: conv.DropoutSource{Seed: seed}}
	b := &builder{graph: &graph{}, w: w, g: gorgonia.NewGraph()}
	x := b.input("levels", &s.x, batch, frames, n.Bands, n.Channels)
	for i, l := range n.Layers {
		var err error
		if x, err = s.layer(b, i, x, rate); err != nil {
			return nil, fmt.Errorf("layer %d (%d @ %dx%d): %w", i+1, l.Filters, l.Frames, l.Bands, err)
		}
	}
	logits, err := conv.Reshape(x, batch, frames)
	if err != nil {
		return nil, err
	}
	loss, err := conv.SigmoidCrossEntropy(logits, b.input("targets", &s.targets, batch, frames), b.input("counts", &s.counts, batch, frames))
	if err != nil {
		return nil, err
	}
	gorgonia.Read(loss, &s.loss)
	s.learn = b.learn
	if _, err := gorgonia.Grad(loss, s.learn...); err != nil {
		return nil, err
	}
	s.vm = machine(b.g, gorgonia.BindDualValues(s.learn...))
	return s, nil
}

// layer adds layer i: dropout where bands are one, the convolution, batch norm.
func (s *sequence) layer(b *builder, i int, x *gorgonia.Node, rate float64) (*gorgonia.Node, error) {
	l := s.net.Layers[i]
	kernel, bias := b.take()
	var err error
	if l.Whole || x.Shape()[2] == 1 {
		if x, err = conv.Dropout(x, float32(rate), uint64(i), &s.dropout); err != nil {
			return nil, err
		}
	}
	if l.Dilation > 1 {
		if x, err = conv.Reshape(x, s.batch, s.frames/l.Dilation, l.Dilation, l.Inputs); err != nil {
			return nil, err
		}
	}
	window := conv.Window{KernelH: l.Frames, KernelW: l.Bands, StrideH: 1, StrideW: max(l.Stride, 1), Same: !l.Whole}
	if x, err = conv.Conv(x, kernel, bias, window, conv.Linear); err != nil {
		return nil, err
	}
	if l.Dilation > 1 {
		if x, err = conv.Reshape(x, s.batch, s.frames, 1, l.Filters); err != nil {
			return nil, err
		}
	}
	if l.Linear {
		return x, nil
	}
	gamma, beta := b.take()
	stats := s.weights.runningStats(b.norms)
	b.norms++
	return conv.BatchNorm(x, gamma, beta, stats, conv.Training, conv.ReLU)
}

// step trains on what the inputs hold, the number-th time, and returns the mean loss.
func (s *sequence) step(solver gorgonia.Solver, number uint64) (float64, error) {
	s.dropout.Step = number
	defer s.vm.Reset()
	if err := s.vm.RunAll(); err != nil {
		return 0, err
	}
	loss := float64(s.loss.Data().(float32))
	if !num.Finite(loss) {
		return loss, fmt.Errorf("%w: the loss is %g at step %d; a lower learning_rate may help", ErrDiverged, loss, number)
	}
	return loss, solver.Step(gorgonia.NodesToValueGrads(s.learn))
}

// folded returns n with the weights, each batch norm folded into the convolution before
// it: kernel * g and (bias - mean) * g + beta, with g = gamma / sqrt(var + epsilon).
func (w weights) folded(n tcn.Network) tcn.Network {
	n.Layers = append([]tcn.Layer{}, n.Layers...)
	at, norms := 0, 0
	for i := range n.Layers {
		l := &n.Layers[i]
		l.Kernel = append([]float32{}, w.trained[at].Data...)
		l.Bias = append([]float32{}, w.trained[at+1].Data...)
		at += 2
		if l.Linear {
			continue
		}
		stats := w.runningStats(norms)
		for f := range l.Filters {
			g := float64(w.trained[at].Data[f]) / math.Sqrt(float64(stats.Var[f])+float64(stats.Epsilon))
			for j := f; j < len(l.Kernel); j += l.Filters {
				l.Kernel[j] = float32(float64(l.Kernel[j]) * g)
			}
			l.Bias[f] = float32((float64(l.Bias[f])-float64(stats.Mean[f]))*g + float64(w.trained[at+1].Data[f]))
		}
		at, norms = at+2, norms+1
	}
	return n
}
