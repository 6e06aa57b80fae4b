package conv

import (
	"fmt"
	"hash"
	"hash/fnv"
	"sync/atomic"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

var opCount atomic.Uint64

// op is what every Op here is made of: its place in the graph and the output it owns.
type op struct {
	name  string
	id    uint64
	typ   hm.Type
	arity int
	shape tensor.Shape
	out   *tensor.Dense // made on the first run, for some graphs are never run
}

// newOp describes an Op that makes a tensor of the given shape from the children.
func newOp(name string, shape tensor.Shape, children ...*gorgonia.Node) op {
	var result hm.Type = tensor.Float32
	if len(shape) > 0 {
		result = gorgonia.TensorType{Dims: len(shape), Of: tensor.Float32}
	}
	types := make([]hm.Type, 0, len(children)+1)
	for _, c := range children {
		types = append(types, c.Type())
	}
	return op{name: name, id: opCount.Add(1), arity: len(children), shape: shape,
		typ: hm.NewFnType(append(types, result)...)}
}

func (o *op) Arity() int           { return o.arity }
func (o *op) Type() hm.Type        { return o.typ }
func (o *op) ReturnsPtr() bool     { return true }
func (o *op) CallsExtern() bool    { return false }
func (o *op) OverwritesInput() int { return -1 }
func (o *op) String() string       { return fmt.Sprintf("%s#%d", o.name, o.id) }

func (o *op) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) { return o.shape.Clone(), nil }

// WriteHash writes the Op's own id: nodes of different Ops are never merged.
func (o *op) WriteHash(h hash.Hash) { fmt.Fprint(h, o.String()) }

func (o *op) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

// result returns the Op's output tensor and its elements, still holding the last run's.
func (o *op) result() (*tensor.Dense, []float32) {
	if o.out == nil {
		o.out = tensor.New(tensor.WithShape(o.shape...), tensor.WithBacking(make([]float32, o.shape.TotalSize())))
	}
	return o.out, o.out.Float32s()
}

// recoverPanic turns a panic in Do into its error.
func (o *op) recoverPanic(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%v: %v", o, r)
	}
}

// elements returns the float32 elements of a tensor value.
func elements(v gorgonia.Value) []float32 { return v.(*tensor.Dense).Float32s() }

// scalar returns a scalar value, whether Gorgonia holds it boxed or as a tensor.
func scalar(v gorgonia.Value) float32 {
	if t, ok := v.(*tensor.Dense); ok {
		return t.Float32s()[0]
	}
	return v.Data().(float32)
}

// isFloat32 fails unless every node holds float32.
func isFloat32(nodes ...*gorgonia.Node) error {
	for _, n := range nodes {
		if n.Dtype() != tensor.Float32 {
			return fmt.Errorf("%s holds %v, not float32", n.Name(), n.Dtype())
		}
	}
	return nil
}

// checkShape fails unless the node has this shape.
func checkShape(n *gorgonia.Node, what string, want ...int) error {
	if !n.Shape().Eq(tensor.Shape(want)) {
		return fmt.Errorf("%s has shape %v, want %v", what, n.Shape(), tensor.Shape(want))
	}
	return isFloat32(n)
}

// isPlainInput reports whether the node is fed from outside: a batch of patches, not a layer's output.
func isPlainInput(n *gorgonia.Node) bool { return n.Op() == nil }
