package conv

import "fmt"

// Window is the geometry of a convolution kernel or a pool, in cells of the map it slides over.
type Window struct {
	KernelH, KernelW int
	StrideH, StrideW int
	// Same pads with zeros so that a map of h x w gives ceil(h/StrideH) x ceil(w/StrideW): ONNX's
	// SAME_UPPER, which is TensorFlow's SAME; an odd cell goes below and right. Pools leave the padding
	// out of their maxima and averages. Without Same a window must lie inside the map.
	Same bool
}

// outputSize returns the height and width of what the window makes of a map of h x w. It fails when a size
// is not positive or no window fits.
func (w Window) outputSize(h, width int) (oh, ow int, err error) {
	if w.KernelH < 1 || w.KernelW < 1 || w.StrideH < 1 || w.StrideW < 1 {
		return 0, 0, fmt.Errorf("window %v: kernel and stride must be at least 1", w)
	}
	if h < 1 || width < 1 {
		return 0, 0, fmt.Errorf("window %v: empty map of %d x %d", w, h, width)
	}
	if w.Same {
		return (h + w.StrideH - 1) / w.StrideH, (width + w.StrideW - 1) / w.StrideW, nil
	}
	if w.KernelH > h || w.KernelW > width {
		return 0, 0, fmt.Errorf("window %v: larger than the map of %d x %d", w, h, width)
	}
	return (h-w.KernelH)/w.StrideH + 1, (width-w.KernelW)/w.StrideW + 1, nil
}

// String is the window as people write it: "5x5 stride 1x1 same".
func (w Window) String() string {
	pad := "valid"
	if w.Same {
		pad = "same"
	}
	return fmt.Sprintf("%dx%d stride %dx%d %s", w.KernelH, w.KernelW, w.StrideH, w.StrideW, pad)
}

// geometry is a window over one batch: every size that a kernel asks for.
type geometry struct {
	n, h, w, cin   int
	oh, ow, cout   int
	kh, kw, sh, sw int
	top, left      int // padding before the first row and column
}

// geometry lays the window over n maps of h x w x cin. The caller sets cout.
func (w Window) geometry(n, h, width, cin int) (geometry, error) {
	oh, ow, err := w.outputSize(h, width)
	if err != nil {
		return geometry{}, err
	}
	g := geometry{n: n, h: h, w: width, cin: cin, oh: oh, ow: ow,
		kh: w.KernelH, kw: w.KernelW, sh: w.StrideH, sw: w.StrideW}
	if w.Same {
		g.top = max((oh-1)*g.sh+g.kh-h, 0) / 2
		g.left = max((ow-1)*g.sw+g.kw-width, 0) / 2
	}
	return g, nil
}

// rows returns the part of the window at output row oy that lies inside the map: input rows [lo, hi).
func (g geometry) rows(oy int) (lo, hi int) {
	lo = oy*g.sh - g.top
	return max(lo, 0), min(lo+g.kh, g.h)
}

// columns is rows for output column ox.
func (g geometry) columns(ox int) (lo, hi int) {
	lo = ox*g.sw - g.left
	return max(lo, 0), min(lo+g.kw, g.w)
}

// lattice is where the outputs of a convolution go in a larger map: one in every stepY rows and stepX
// columns.
type lattice struct {
	h, w                    int
	top, left, stepY, stepX int
}

// fullLattice is the lattice that fills the map.
func (g geometry) fullLattice() lattice { return lattice{g.oh, g.ow, 0, 0, 1, 1} }

// row returns the pixel where the first output of output row oy of sample n goes.
func (l lattice) row(n, oy int) int { return (n*l.h+oy*l.stepY+l.top)*l.w + l.left }
