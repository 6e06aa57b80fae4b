package sweep

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strconv"

	"prep/train"
)

// Family describes networks by a few numbers. Depth blocks follow each other,
// each a convolution, batch norm, ReLU and a pool, the filters doubling from
// block to block; then time is averaged away, frequency kept, and 30 % of the
// values are dropped before the dense output. What is left out is 3x3 kernels,
// stride 1, max pools of 2x2, 4 blocks, 8 filters in the first.
type Family struct {
	Kernel   Extent     `yaml:"kernel" json:"kernel,omitzero"`
	Stride   train.Size `yaml:"stride" json:"stride,omitzero"` // of every convolution
	Pool     train.Size `yaml:"pool" json:"pool,omitzero"`     // 1x1 for none
	PoolKind string     `yaml:"pool_kind" json:"pool_kind,omitempty"`
	Depth    int        `yaml:"depth" json:"depth,omitempty"`
	Width    int        `yaml:"width" json:"width,omitempty"`
	// Scale multiplies the filters and units of whatever network it is, also of
	// train's own; 0 is 1.
	Scale float64 `yaml:"scale" json:"scale,omitempty"`
}

// Bounds of a family: 12 blocks double 8 filters to 16384, the most there are.
const (
	maxDepth     = 12
	maxScale     = 100
	finalDropout = 0.3 // preset compact's
)

func (f Family) validate() error {
	switch {
	case f.Depth < 0 || f.Depth > maxDepth:
		return fmt.Errorf("net: depth is %d: want 1 to %d blocks", f.Depth, maxDepth)
	case f.Width < 0:
		return fmt.Errorf("net: width is %d: want at least 1 filter", f.Width)
	case !(f.Scale >= 0 && f.Scale <= maxScale):
		return fmt.Errorf("net: scale is %g: want more than 0, at most %d", f.Scale, maxScale)
	case f.PoolKind != "" && f.PoolKind != "max" && f.PoolKind != "avg":
		return fmt.Errorf("net: pool_kind is %q: want max or avg", f.PoolKind)
	}
	return nil
}

// describesNetwork reports whether f describes a network, and not at most the scale of
// another.
func (f Family) describesNetwork() bool {
	f.Scale = 0
	return f != Family{}
}

// network returns the network that f describes for patches of the given shape
// and grid or, if f describes none, the one of c; scaled. It fails when its
// layers do not fit.
func (f Family) network(c train.Config, in train.Shape, g Grid) (train.Net, error) {
	n, err := c.Network()
	if f.describesNetwork() {
		n, err = f.blocks(in, g)
	}
	if err != nil {
		return train.Net{}, err
	}
	return f.scaleNet(n), nil
}

// blocks returns f's layers.
func (f Family) blocks(in train.Shape, g Grid) (n train.Net, err error) {
	kernel, err := f.Kernel.orElse(Extent{Bins: train.Size{Bands: 3, Frames: 3}}).bins(g)
	if err != nil {
		return n, err
	}
	pool := orSize(f.Pool, train.Size{Bands: 2, Frames: 2})
	width := cmp.Or(f.Width, 8)
	for i := range cmp.Or(f.Depth, 4) {
		n.Layers = append(n.Layers,
			train.Layer{Type: "conv", Filters: width << i, Kernel: kernel, Stride: f.Stride}, train.Layer{Type: "batch_norm"})
		if pool != (train.Size{Bands: 1, Frames: 1}) {
			n.Layers = append(n.Layers, train.Layer{Type: "pool", Kind: cmp.Or(f.PoolKind, "max"), Size: pool})
		}
	}
	d, err := n.Describe(in, 1)
	if err != nil {
		return n, err
	}
	if frames := d.Rows[len(n.Layers)-1].Out.Frames; frames > 1 {
		n.Layers = append(n.Layers, train.Layer{Type: "pool", Kind: "avg", Size: train.Size{Bands: 1, Frames: frames}})
	}
	n.Layers = append(n.Layers, train.Layer{Type: "dropout", Rate: finalDropout})
	return n, nil
}

// scaleNet returns n with its filters and units multiplied by f's scale, rounded,
// at least 1.
func (f Family) scaleNet(n train.Net) train.Net {
	if f.Scale == 0 {
		return n
	}
	by := func(width int) int { return max(1, int(math.Round(f.Scale*float64(width)))) }
	layers := make([]train.Layer, len(n.Layers))
	for i, l := range n.Layers {
		if l.Filters > 0 {
			l.Filters = by(l.Filters)
		}
		if l.Units > 0 {
			l.Units = by(l.Units)
		}
		layers[i] = l
	}
	return train.Net{Layers: layers}
}

func orSize(s, t train.Size) train.Size {
	if s.IsZero() {
		return t
	}
	return s
}

// Grid is how far apart the frames and, on average, the bands of a patch are.
// HzPerBand is 0 where bands are no frequencies.
type Grid struct{ HopMs, HzPerBand float64 }

// Extent is the size of a kernel, in bins or in what they stand for. In text it
// is "7x3", bands x frames, or "4ms x 800Hz", in either order.
type Extent struct {
	Bins   train.Size
	Ms, Hz float64 // both 0 when Bins are given
}

// orElse returns e, and d when e was left out.
func (e Extent) orElse(d Extent) Extent {
	if e == (Extent{}) {
		return d
	}
	return e
}

// String returns the text that UnmarshalText reads.
func (e Extent) String() string {
	if e.Ms > 0 {
		return fmt.Sprintf("%gms x %gHz", e.Ms, e.Hz)
	}
	return e.Bins.String()
}

// MarshalText implements encoding.TextMarshaler.
func (e Extent) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

var (
	msByHz = regexp.MustCompile(`^([0-9.]+) ?ms ?x ?([0-9.]+) ?Hz$`)
	hzByMs = regexp.MustCompile(`^([0-9.]+) ?Hz ?x ?([0-9.]+) ?ms$`)
)

// UnmarshalText reads either form. It fails unless both numbers are positive.
func (e *Extent) UnmarshalText(text []byte) error {
	ms, hz := "", ""
	if m := msByHz.FindSubmatch(text); m != nil {
		ms, hz = string(m[1]), string(m[2])
	} else if m := hzByMs.FindSubmatch(text); m != nil {
		ms, hz = string(m[2]), string(m[1])
	} else {
		*e = Extent{}
		return e.Bins.UnmarshalText(text)
	}
	var x Extent
	var errMs, errHz error
	x.Ms, errMs = strconv.ParseFloat(ms, 64)
	x.Hz, errHz = strconv.ParseFloat(hz, 64)
	if errMs != nil || errHz != nil || !(x.Ms > 0 && x.Hz > 0) {
		return fmt.Errorf("kernel %q: want both numbers above 0, such as 4ms x 800Hz", text)
	}
	*e = x
	return nil
}

// bins returns the extent in bands x frames of g: the nearest odd numbers, so
// that a kernel has a middle.
func (e Extent) bins(g Grid) (train.Size, error) {
	switch {
	case e.Ms == 0:
		return e.Bins, nil
	case !(g.HopMs > 0 && g.HzPerBand > 0):
		return train.Size{}, fmt.Errorf("kernel %v: the patch's bands are not frequencies: give it in bins, such as 5x5", e)
	}
	odd := func(x float64) int { return 2*int(math.Round((x-1)/2)) + 1 }
	return train.Size{Bands: max(1, odd(e.Hz/g.HzPerBand)), Frames: max(1, odd(e.Ms/g.HopMs))}, nil
}
