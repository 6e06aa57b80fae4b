package plots

import (
	"prep/data"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Axis says what the cells of a patch are along one side.
type Axis struct {
	// Label has the unit: "time (ms)", "frequency (kHz)", "coefficient".
	Label string
	// Edges are the n+1 rising values between which the n cells lie, in the
	// label's unit; they need not be evenly spaced. Nil: cells are counted.
	Edges []float64
}

// stepAxis returns the axis of n cells that lie step apart, the first centred
// on first.
func stepAxis(label string, first, step float64, n int) Axis {
	edges := make([]float64, max(n, 0)+1)
	for i := range edges {
		edges[i] = first + step*(float64(i)-0.5)
	}
	return Axis{label, edges}
}

// TimeAxis returns the axis of frames that lie hopMs apart, the first centred
// on firstMs after the onset.
func TimeAxis(firstMs, hopMs float64, frames int) Axis {
	return stepAxis("time after onset (ms)", firstMs, hopMs, frames)
}

// FrequencyAxis returns the axis of bands between rising edges in Hz, drawn in
// kHz. From n centres, pass EdgesOf(centres).
func FrequencyAxis(edgesHz []float64) Axis {
	edges := make([]float64, len(edgesHz))
	for i, hz := range edgesHz {
		edges[i] = hz / 1000
	}
	return Axis{"frequency (kHz)", edges}
}

// EdgesOf returns n+1 edges half way between n rising centres, the outer ones
// as far out as the nearest inner ones; never below zero when no centre is.
func EdgesOf(centres []float64) []float64 {
	n := len(centres)
	if n < 2 {
		return nil
	}
	edges := make([]float64, n+1)
	for i := 1; i < n; i++ {
		edges[i] = (centres[i-1] + centres[i]) / 2
	}
	edges[0] = 2*centres[0] - edges[1]
	if centres[0] >= 0 {
		edges[0] = max(edges[0], 0)
	}
	edges[n] = 2*centres[n-1] - edges[n-1]
	return edges
}

// span returns the axis in cells, of the given length, with labels that take up
// room along it.
func (a Axis) span(cells int, length, room vg.Length) span {
	cells = max(cells, 1)
	edges := a.Edges
	if len(edges) != cells+1 {
		edges = make([]float64, cells+1)
		for i := range edges {
			edges[i] = float64(i)
		}
	}
	gap := float64(cells) * float64(room/max(length, room))
	return span{a.Label, 0, float64(cells), warpedTicks(edges, gap)}
}

// What a label needs of its axis, in points: its width, or its height.
const (
	acrossRoom = 24
	upRoom     = 14
)

// Axes say what the columns, rows and values of a patch mean.
type Axes struct {
	X, Y Axis
	Unit string // of the values: "dB"
}

// NamedPatch is a patch with what its axes mean.
type NamedPatch struct {
	Title string
	// Note is a line on its resolution: "11.6 ms x 86 Hz a cell".
	Note  string
	Patch data.Patch
	Axes  Axes
}

// patchRaster returns channel c of a patch as cells without interpolation.
func (s *sheet) patchRaster(p data.Patch, c int, v shading) raster {
	return raster{
		sheet: s,
		field: fieldOf(p.Values, p.Bands, p.Frames, c),
		x1:    float64(max(p.Frames, 1)), y1: float64(max(p.Bands, 1)),
		shading: v,
	}
}

// patchPlot returns channel c of a patch with its axes.
func (s *sheet) patchPlot(p data.Patch, c int, axes Axes, data box) (*plot.Plot, shading) {
	r := s.patchRaster(p, c, shading{unit: axes.Unit})
	r.lo, r.hi = patchRange(r.values)
	out := panel(axes.X.span(p.Frames, data.w(), acrossRoom), axes.Y.span(p.Bands, data.h(), upRoom))
	out.Add(r)
	return out, r.shading
}
