package train

import (
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"prep/data"
	"prep/train/conv"
	"prep/train/tensors"
)

// blob is one named array of a network.
type blob = tensors.Array

// weights are everything a network learns. All graphs of the network share
// their memory.
type weights struct {
	trained []blob // by gradient: kernels, biases, gammas and betas, in order of the layers
	stats   []blob // by watching: mean and variance of each batch norm, in order
}

// The last parts of the blobs' names.
const (
	partKernel = "kernel" // conv: bands x frames x inputs x outputs; dense: inputs x outputs
	partBias   = "bias"
	partGamma  = "gamma"
	partBeta   = "beta"
	partMean   = "mean"
	partVar    = "var"
)

// blobName returns the name of a part of layer i, counted from 0; the output
// layer comes after the described ones.
func (n Net) blobName(i int, part string) string {
	if i == len(n.Layers) {
		return "output." + part
	}
	return fmt.Sprintf("%d.%s.%s", i+1, n.Layers[i].Type, part)
}

// newWeights draws weights: kernels He normal, sqrt(2 / inputs) wide (He et
// al., "Delving Deep into Rectifiers", 2015, eq. 10), the output layer, which
// no ReLU follows, sqrt(1 / inputs); biases zero. The same seed and id give the
// same bits.
func (n Net) newWeights(in Shape, classes int, seed uint64, id string) (weights, error) {
	d, err := n.Describe(in, classes)
	if err != nil {
		return weights{}, err
	}
	var w weights
	random := data.Rand(seed, id+"/weights")
	kernel := func(i, inputs int, gain float64, shape ...int) {
		k := blob{Name: n.blobName(i, partKernel), Shape: shape, Data: make([]float32, tensor.Shape(shape).TotalSize())}
		for j := range k.Data {
			k.Data[j] = float32(random.NormFloat64() * math.Sqrt(gain/float64(inputs)))
		}
		w.trained = append(w.trained, k, constant(n.blobName(i, partBias), shape[len(shape)-1], 0))
	}
	at := in
	for i, l := range n.Layers {
		switch l.Type {
		case layerConv:
			k := l.Kernel
			kernel(i, k.Bands*k.Frames*at.Channels, 2, k.Bands, k.Frames, at.Channels, l.Filters)
		case layerDense:
			kernel(i, at.size(), 2, at.size(), l.Units)
		case layerPCEN:
			w.addPCEN(func(part string) string { return n.blobName(i, part) }, at)
		case layerNorm:
			w.trained = append(w.trained, constant(n.blobName(i, partGamma), at.Channels, 1),
				constant(n.blobName(i, partBeta), at.Channels, 0))
			w.stats = append(w.stats, constant(n.blobName(i, partMean), at.Channels, 0),
				constant(n.blobName(i, partVar), at.Channels, 1))
		}
		at = d.Rows[i].Out
	}
	kernel(len(n.Layers), at.size(), 1, at.size(), classes)
	return w, nil
}

func constant(name string, n int, value float32) blob {
	b := blob{Name: name, Shape: []int{n}, Data: make([]float32, n)}
	for i := range b.Data {
		b.Data[i] = value
	}
	return b
}

// list returns every blob: first the trained, then the statistics.
func (w weights) list() []blob { return append(append([]blob{}, w.trained...), w.stats...) }

// clone returns a copy with memory of its own.
func (w weights) clone() weights {
	return weights{cloneBlobs(w.trained), cloneBlobs(w.stats)}
}

func cloneBlobs(blobs []blob) []blob {
	copies := make([]blob, len(blobs))
	for i, b := range blobs {
		copies[i] = blob{Name: b.Name, Shape: b.Shape, Data: append([]float32{}, b.Data...)}
	}
	return copies
}

// set copies values into w, which must have blobs of those names and sizes.
func (w weights) set(values []blob) error {
	named := map[string]blob{}
	for _, b := range values {
		named[b.Name] = b
	}
	for _, b := range w.list() {
		v, ok := named[b.Name]
		if !ok || !tensor.Shape(v.Shape).Eq(tensor.Shape(b.Shape)) {
			return fmt.Errorf("weights %s: got shape %v, want %v", b.Name, v.Shape, b.Shape)
		}
		copy(b.Data, v.Data)
	}
	return nil
}

// follow moves w towards v, of the same blobs, keeping a share of itself.
func (w weights) follow(v weights, keep float64) {
	to := v.list()
	for i, b := range w.list() {
		for j, x := range to[i].Data[:len(b.Data)] {
			b.Data[j] += float32(1-keep) * (x - b.Data[j])
		}
	}
}

// runningStats returns the statistics of the i-th batch norm, in w's memory.
func (w weights) runningStats(i int) *conv.RunningStats {
	mean, variance := w.stats[2*i].Data, w.stats[2*i+1].Data
	s := conv.NewRunningStats(len(mean))
	s.Mean, s.Var = mean, variance
	return s
}
