package train

import (
	"fmt"

	"prep/data"
)

// Shape is what flows between layers for one patch: Channels planes of Bands x
// Frames. A vector has Bands = Frames = 1.
type Shape struct{ Bands, Frames, Channels int }

// size returns the number of values.
func (s Shape) size() int { return s.Bands * s.Frames * s.Channels }

// validate fails unless s is the shape of a patch.
func (s Shape) validate() error {
	for _, side := range []int{s.Bands, s.Frames, s.Channels} {
		if side < 1 || side > data.MaxPatch {
			return fmt.Errorf("patches of %v values: each side is 1 to %d", s, data.MaxPatch)
		}
	}
	if s.Bands*s.Frames > data.MaxPatch || s.size() > data.MaxPatch {
		return fmt.Errorf("patches of %v values: a patch has at most %d", s, data.MaxPatch)
	}
	return nil
}

// String returns "bands x frames x channels": "64x64x1".
func (s Shape) String() string { return fmt.Sprintf("%dx%dx%d", s.Bands, s.Frames, s.Channels) }

// Row is one line of a network's table.
type Row struct {
	Layer string `json:"layer"` // "conv 64 @ 5x5"
	Out   Shape  `json:"out"`
	// Parameters is the number of trained values, MACs that of multiplications
	// with accumulation for one patch.
	Parameters int `json:"parameters"`
	MACs       int `json:"macs"`
	// Field is the receptive field of one output, in bands x frames of the
	// patch: what it can see where nothing is cut off at an edge.
	Field Size `json:"field"`
}

// Description is a network worked out for one shape of patch.
type Description struct {
	In         Shape `json:"in"`
	Rows       []Row `json:"rows"` // one a layer, and one for the dense output
	Parameters int   `json:"parameters"`
	MACs       int   `json:"macs"`
	// Field is the receptive field of the last convolution or pooling, in
	// bands x frames.
	Field Size `json:"field"`
}

// mapValues returns how many values the layers make of one patch.
func (d Description) mapValues() (n int) {
	for _, r := range d.Rows {
		n += r.Out.size()
	}
	return n
}

// Describe works out shapes, parameters, multiplications and receptive fields
// of n on a patch of the given shape with that many classes. It fails, naming
// the layer, when a layer does not fit what reaches it.
//
// The receptive field grows by (kernel - 1) x jump and the jump by the stride
// of every layer (Araujo, Norris and Sim, "Computing Receptive Fields of
// Convolutional Neural Networks", Distill 2019, eq. 2).
func (n Net) Describe(in Shape, classes int) (Description, error) {
	if err := n.validate(); err != nil {
		return Description{}, err
	}
	if err := in.validate(); err != nil {
		return Description{}, err
	}
	d := Description{In: in, Field: Size{1, 1}}
	jump := Size{1, 1}
	at, flat := in, false
	for i, l := range n.Layers {
		out, err := l.outputShape(at)
		if flat && (l.Type == layerConv || l.Type == layerPool || l.Type == layerAverage) {
			err = fmt.Errorf("it needs a map, but a vector of %d reaches it", at.Channels)
		}
		if err != nil {
			return Description{}, fmt.Errorf("layer %d (%v): %w", i+1, l, err)
		}
		flat = flat || l.Type == layerDense || l.Type == layerAverage
		d.Field, jump = l.widenField(d.Field, jump, in)
		d.add(l, l.String(), at, out)
		at = out
	}
	last := Layer{Type: layerDense, Units: classes}
	d.add(last, fmt.Sprintf("dense %d, softmax", classes), at, Shape{1, 1, classes})
	if d.Parameters > maxParameters {
		return Description{}, fmt.Errorf("%d parameters: at most %d fit", d.Parameters, maxParameters)
	}
	if v := d.values(); v > maxValues {
		return Description{}, fmt.Errorf("its maps have %d values of one patch: at most %d fit", v, maxValues)
	}
	return d, nil
}

// values returns how many values all the layers make of one patch.
func (d Description) values() (n int) {
	for _, r := range d.Rows {
		n += r.Out.size()
	}
	return n
}

// add appends the row of layer l and its totals.
func (d *Description) add(l Layer, words string, in, out Shape) {
	parameters, macs := l.cost(in, out)
	d.Rows = append(d.Rows, Row{words, out, parameters, macs, d.Field})
	d.Parameters += parameters
	d.MACs += macs
}

// outputShape returns the shape of l's output for input in.
func (l Layer) outputShape(in Shape) (Shape, error) {
	switch l.Type {
	case layerConv:
		s := l.Stride.orElse(Size{1, 1})
		return Shape{ceil(in.Bands, s.Bands), ceil(in.Frames, s.Frames), l.Filters}, nil
	case layerPool:
		if l.Size.Bands > in.Bands || l.Size.Frames > in.Frames {
			return Shape{}, fmt.Errorf("the pool is larger than the %dx%d map that reaches it", in.Bands, in.Frames)
		}
		s := l.Stride.orElse(l.Size)
		return Shape{(in.Bands-l.Size.Bands)/s.Bands + 1, (in.Frames-l.Size.Frames)/s.Frames + 1, in.Channels}, nil
	case layerAverage:
		return Shape{1, 1, in.Channels}, nil
	case layerDense:
		return Shape{1, 1, l.Units}, nil
	}
	return in, nil
}

// widenField returns the receptive field and the jump after l, from those before it;
// in is the shape of the patch, all of which a dense layer sees.
func (l Layer) widenField(field, jump Size, in Shape) (Size, Size) {
	grow := func(k, s Size) (Size, Size) {
		field = Size{field.Bands + (k.Bands-1)*jump.Bands, field.Frames + (k.Frames-1)*jump.Frames}
		return field, Size{jump.Bands * s.Bands, jump.Frames * s.Frames}
	}
	switch l.Type {
	case layerConv:
		return grow(l.Kernel, l.Stride.orElse(Size{1, 1}))
	case layerPool:
		return grow(l.Size, l.Stride.orElse(l.Size))
	case layerDense, layerAverage:
		return Size{max(field.Bands, in.Bands), max(field.Frames, in.Frames)}, jump
	}
	return field, jump
}

// cost returns the trained values of l and its multiplications for one patch.
func (l Layer) cost(in, out Shape) (parameters, macs int) {
	switch l.Type {
	case layerConv:
		taps := l.Kernel.Bands * l.Kernel.Frames * in.Channels
		return (taps + 1) * l.Filters, taps * out.size()
	case layerDense:
		return (in.size() + 1) * out.Channels, in.size() * out.Channels
	case layerNorm:
		return 2 * in.Channels, in.size()
	case layerPCEN:
		return 4 * in.Bands * in.Channels, 4 * in.size()
	}
	return 0, 0
}

// ceil returns a / b rounded up.
func ceil(a, b int) int { return (a + b - 1) / b }
