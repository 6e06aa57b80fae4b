// Package tcn runs temporal convolutional networks: stacks of convolutions over
// the frames of a spectrogram, with as many outputs a frame as the last layer has
// filters (Bai, Kolter and Koltun, "An Empirical Evaluation of Generic
// Convolutional and Recurrent Networks for Sequence Modeling", 2018).
//
// Every sum is made in one order, without fused multiplication and addition, so a
// network gives the same bits on every processor and for every length of block.
package tcn

import (
	"errors"
	"fmt"
	"math"
)

// Layer is a convolution over frames and bands, followed by ReLU unless Linear.
// Frames are not padded: a kernel of k frames, Dilation apart, leaves (k-1) *
// Dilation frames fewer. Bands are padded with zeros, so that b of them give
// ceil(b / Stride), an odd one above; a kernel with as many Bands as there are
// gives one band and pads nothing when Whole.
type Layer struct {
	Frames   int  `json:"frames"` // of the kernel
	Bands    int  `json:"bands"`  // of the kernel
	Inputs   int  `json:"inputs"` // channels
	Filters  int  `json:"filters"`
	Dilation int  `json:"dilation,omitempty"` // between the kernel's frames; 0 is 1
	Stride   int  `json:"stride,omitempty"`   // between the bands; 0 is 1
	Whole    bool `json:"whole,omitempty"`
	Linear   bool `json:"linear,omitempty"`

	// Kernel is Frames x Bands x Inputs x Filters, row-major; Bias has Filters.
	Kernel []float32 `json:"-"`
	Bias   []float32 `json:"-"`
}

// dilation returns the frames between those of the kernel, at least 1.
func (l Layer) dilation() int { return max(l.Dilation, 1) }

// stride returns the bands from one output band to the next, at least 1.
func (l Layer) stride() int { return max(l.Stride, 1) }

// reach returns how many frames the layer takes away.
func (l Layer) reach() int { return (l.Frames - 1) * l.dilation() }

// OutputBands returns how many bands the layer makes of so many.
func (l Layer) OutputBands(bands int) int {
	if l.Whole {
		return 1
	}
	return (bands + l.stride() - 1) / l.stride()
}

// padding returns how many bands of zeros lie below the first: those of ONNX's
// SAME_UPPER.
func (l Layer) padding(bands int) int {
	if l.Whole {
		return 0
	}
	return max((l.OutputBands(bands)-1)*l.stride()+l.Bands-bands, 0) / 2
}

// Weights returns how many numbers kernel and bias have.
func (l Layer) Weights() (kernel, bias int) {
	return l.Frames * l.Bands * l.Inputs * l.Filters, l.Filters
}

// Network is a stack of layers over frames of Bands x Channels.
type Network struct {
	Bands    int     `json:"bands"`
	Channels int     `json:"channels"`
	Layers   []Layer `json:"layers"`
}

// Reach returns how many frames a network needs on either side of the one that it
// speaks of: it sees 2 * Reach + 1.
func (n Network) Reach() int {
	sum := 0
	for _, l := range n.Layers {
		sum += l.reach()
	}
	return sum / 2
}

// maxSize bounds each size of a layer that is read from a file.
const maxSize = 1 << 12

// Validate says which layer does not fit the one before it, or lacks weights. It
// counts from 1.
func (n Network) Validate() error {
	if n.Bands < 1 || n.Channels < 1 || n.Bands > maxSize || n.Channels > maxSize || len(n.Layers) == 0 || len(n.Layers) > 64 {
		return errors.New("the network has no bands, channels or layers, or too many")
	}
	bands, channels := n.Bands, n.Channels
	for i, l := range n.Layers {
		if err := l.validate(bands, channels); err != nil {
			return fmt.Errorf("layer %d: %w", i+1, err)
		}
		bands, channels = l.OutputBands(bands), l.Filters
	}
	if bands != 1 {
		return fmt.Errorf("the last layer leaves %d bands, want 1", bands)
	}
	return nil
}

func (l Layer) validate(bands, channels int) error {
	for _, v := range []int{l.Frames, l.Bands, l.Inputs, l.Filters, l.dilation(), l.stride()} {
		if v < 1 || v > maxSize {
			return fmt.Errorf("a size of %d, want 1 to %d", v, maxSize)
		}
	}
	kernel, bias := l.Weights()
	switch {
	case l.Inputs != channels:
		return fmt.Errorf("takes %d channels of %d", l.Inputs, channels)
	case l.Whole && l.Bands != bands:
		return fmt.Errorf("a kernel of %d bands over the whole of %d", l.Bands, bands)
	case l.reach()%2 != 0:
		return errors.New("an even number of frames has no middle")
	case len(l.Kernel) != kernel || len(l.Bias) != bias:
		return fmt.Errorf("%d and %d weights, want %d and %d", len(l.Kernel), len(l.Bias), kernel, bias)
	}
	for _, v := range append(append([]float32{}, l.Kernel...), l.Bias...) {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return errors.New("a weight that is not finite")
		}
	}
	return nil
}
