package conv

// axis is one axis of a convolution as Winograd's filters take it: the outputs in tiles of m, the taps
// in segments of r that are a stride apart. A long kernel is the sum of its segments, and one of stride s
// the sum of s kernels of stride 1, each over every s-th input; transformed, all of them add up as input
// channels do.
type axis struct {
	*filter
	lines    lineKernels
	tiles    int   // that cover the outputs
	stride   int   // from one tap of a segment to the next, and from one output's taps to the next's
	segments []int // the first tap of each
}

// newAxis cuts an axis of so many outputs with the filter that multiplies least.
func newAxis(outputs, kernel, stride int) (best axis) {
	for kind, f := range filters {
		a := axis{filter: f, lines: active.lines[kind], tiles: (outputs + f.m - 1) / f.m, stride: stride}
		for phase := range min(stride, kernel) {
			for first := phase; first < kernel; first += f.r * stride {
				a.segments = append(a.segments, first)
			}
		}
		if best.filter == nil || a.products() < best.products() {
			best = a
		}
	}
	return best
}

// products is how many products of transformed inputs and weights all outputs take.
func (a axis) products() int { return a.tiles * a.points * len(a.segments) }

// outputs is how many outputs the tiles make, at least as many as are wanted.
func (a axis) outputs() int { return a.tiles * a.m }

// span is how many inputs the tiles see, padding among them.
func (a axis) span() int {
	last := a.outputs() - 1 + a.r - 1
	return last*a.stride + a.lastSegment() + 1
}

func (a axis) lastSegment() (tap int) {
	for _, first := range a.segments {
		tap = max(tap, first)
	}
	return tap
}
