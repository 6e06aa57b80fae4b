package conv

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// pair is two buffers that a chain of layers hands its gradient back in, each layer reading one and
// writing the other, so that training needs the two largest maps and not one a layer. It is safe
// because every Op that writes the other buffer has all readers of this one among its children.
type pair struct {
	size   [2]int
	buffer [2][]float32
}

// mapGradient is the part of an Op whose output is the gradient of a layer's input.
type mapGradient struct {
	op
	pair *pair
	slot int
}

// gradientSource is an Op whose output lives in a pair and is read by one layer only.
type gradientSource interface{ home() (*pair, int) }

func (o *mapGradient) home() (*pair, int) { return o.pair, o.slot }

// newMapGradient describes the Op that turns grad, the gradient of a layer's output, into one of the
// given shape. Where grad comes from another of our layers the two share a pair.
func newMapGradient(name string, shape tensor.Shape, grad *gorgonia.Node, others ...*gorgonia.Node) mapGradient {
	o := mapGradient{op: newOp(name, shape, append([]*gorgonia.Node{grad}, others...)...)}
	if source, ok := grad.Op().(gradientSource); ok {
		o.pair, o.slot = source.home()
		o.slot = 1 - o.slot
	} else {
		o.pair = new(pair)
	}
	o.reserve()
	return o
}

// reuseIncoming makes the Op write over its incoming gradient, if that is in a pair: nobody else reads it.
func (o *mapGradient) reuseIncoming(grad *gorgonia.Node) {
	if _, ok := grad.Op().(gradientSource); ok {
		o.slot = 1 - o.slot
		o.reserve()
	}
}

func (o *mapGradient) reserve() {
	o.pair.size[o.slot] = max(o.pair.size[o.slot], o.shape.TotalSize())
}

// result is op.result in the pair's memory.
func (o *mapGradient) result() (*tensor.Dense, []float32) {
	p, s := o.pair, o.slot
	if len(p.buffer[s]) < p.size[s] {
		p.buffer[s] = make([]float32, p.size[s])
	}
	data := p.buffer[s][:o.shape.TotalSize()]
	if o.out == nil || &o.out.Float32s()[0] != &data[0] {
		o.out = tensor.New(tensor.WithShape(o.shape...), tensor.WithBacking(data))
	}
	return o.out, data
}

// apply is gorgonia.ApplyOp over mixed lists of children.
func apply(o gorgonia.Op, child *gorgonia.Node, others ...*gorgonia.Node) (*gorgonia.Node, error) {
	return gorgonia.ApplyOp(o, append([]*gorgonia.Node{child}, others...)...)
}
