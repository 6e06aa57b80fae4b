package conv

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gorgonia.org/gorgonia"
)

// DropoutSource is where the masks of a network come from. The masks of a run depend on Seed, Step and
// the layer only, so that a resumed training meets the masks that it would have met.
type DropoutSource struct {
	Seed uint64
	Step uint64 // the caller sets it before each run
}

// Dropout sets each element of x to 0 with probability p and divides the others by 1-p (Srivastava et
// al. 2014, inverted), one mask a run. layer tells apart the dropouts of a network. With a nil source
// or p = 0 it returns x: that is inference. It fails unless 0 <= p < 1 and x holds float32.
func Dropout(x *gorgonia.Node, p float32, layer uint64, source *DropoutSource) (*gorgonia.Node, error) {
	if !(p >= 0 && p < 1) {
		return nil, fmt.Errorf("dropout: p is %g, want 0 <= p < 1", p)
	}
	if err := isFloat32(x); err != nil {
		return nil, fmt.Errorf("dropout: %w", err)
	}
	if source == nil || p == 0 {
		return x, nil
	}
	o := &dropoutOp{op: newOp("dropout", x.Shape(), x), p: p, layer: layer, source: source,
		kept: make([]uint32, x.Shape().TotalSize())}
	return apply(o, x)
}

type dropoutOp struct {
	op
	p      float32
	layer  uint64
	source *DropoutSource
	kept   []uint32 // all bits of a kept element, none of another
}

func (o *dropoutOp) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, y := o.result()
	o.draw()
	o.mask(y, elements(in[0]))
	return t, nil
}

// draw makes the mask of this step, each span of it from a generator of its own.
func (o *dropoutOp) draw() {
	threshold := int64(float64(o.p) * (1 << 32))
	parallelSpans(len(o.kept), func(lo, hi int) {
		r := rand.NewPCG(o.source.Seed^(o.layer+1)*0x9e3779b97f4a7c15, o.source.Step<<24|uint64(lo/span))
		for i := lo; i < hi; i += 2 {
			bits := r.Uint64()
			o.kept[i] = thresholdMask(uint32(bits), threshold)
			if i+1 < hi {
				o.kept[i+1] = thresholdMask(uint32(bits>>32), threshold)
			}
		}
	})
}

// thresholdMask is all bits set if x >= threshold, else none. Masks are chance, and a branch on each would be
// mispredicted as often.
func thresholdMask(x uint32, threshold int64) uint32 { return ^uint32((int64(x) - threshold) >> 63) }

// mask sets y to the kept elements of x, scaled, and to 0 elsewhere.
func (o *dropoutOp) mask(y, x []float32) {
	scale := 1 / (1 - o.p)
	parallelSpans(len(y), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			y[i] = math.Float32frombits(math.Float32bits(x[i]*scale) & o.kept[i])
		}
	})
}

func (o *dropoutOp) DiffWRT(int) []bool { return []bool{true} }

// SymDiff masks the gradient as the elements were; out is a child so that the mask is this run's.
func (o *dropoutOp) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	d := &dropoutGradient{newMapGradient("dropout'", in[0].Shape(), grad, out), o}
	dx, err := apply(d, grad, out)
	return gorgonia.Nodes{dx}, err
}

type dropoutGradient struct {
	mapGradient
	dropout *dropoutOp
}

func (o *dropoutGradient) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer o.recoverPanic(&err)
	t, dx := o.result()
	o.dropout.mask(dx, elements(in[0]))
	return t, nil
}
