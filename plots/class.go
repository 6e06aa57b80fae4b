package plots

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"prep/data"
	"prep/data/num"

	"gonum.org/v1/plot/vg"
)

// ClassView is what a class sounds like to the network.
type ClassView struct {
	Class string
	// Kind names the patches: "mel".
	Kind string
	// Patches are of one shape; Groups[i] is who patch i was recorded from.
	Patches []data.Patch
	Groups  []string
	Axes    Axes
	// Hits, where Patches are a sample, counts the hits of each group that they
	// were taken from; else it is nil.
	Hits map[string]int
}

// hits returns how many hits the class has, and of how many groups.
func (v ClassView) hits() (n, groups int) {
	if v.Hits == nil {
		return len(v.Patches), countOf(v.Groups)
	}
	for _, of := range v.Hits {
		n += of
	}
	return n, len(v.Hits)
}

// The grid of examples: at most so many rows (a group each) of so many patches.
const (
	sheetRows    = 12
	sheetColumns = 9
)

// ClassSheet draws the mean patch of a class, the spread of each cell over its
// patches (standard deviation), and examples by group. All examples share one
// colour scale. Channels after the first are not drawn.
func ClassSheet(w io.Writer, v ClassView) error {
	rows := pick(v)
	hits, n := v.hits()
	note := fmt.Sprintf("%d %s patches of %d groups. Left their mean, right the standard deviation of each cell: "+
		"bright is where they differ.", hits, v.Kind, n)
	if len(v.Patches) < hits {
		note = fmt.Sprintf("%d %s patches of %d groups, of which %d are drawn here. Left their mean, right the standard deviation of each cell: "+
			"bright is where they differ.", hits, v.Kind, n, len(v.Patches))
	}
	more := "Examples, a row a group; all in the mean's colours."
	if n > len(rows) {
		more = fmt.Sprintf("Examples of the %d largest groups of %d, a row a group; all in the mean's colours.", len(rows), n)
	}
	const thumb = 50
	s := newSheet(w, 2*pageMargin+headingHeight(note, more)+245+thumb*vg.Length(len(rows))+2)
	page := s.page()
	s.heading(&page, v.Class, note, more)
	mean, spread := moments(v.Patches)
	lo, hi := patchRange(sampleValues(v.Patches))
	shades := shading{lo, hi, v.Axes.Unit}
	top := page.cutTop(245)
	left := top.cutLeft(top.w() / 2)
	momentPlot(s, left, NamedPatch{Title: "mean", Patch: mean, Axes: v.Axes}, shades)
	_, most := patchRange(spread.Values)
	momentPlot(s, top, NamedPatch{Title: "spread", Patch: spread, Axes: v.Axes}, shading{0, max(most, 1e-9), v.Axes.Unit})
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = row.group
	}
	names = noteText.telling(names, exampleName-6)
	for i, row := range rows {
		row.group = names[i]
		drawExamples(s, page.cutTop(thumb), row, v, shades)
	}
	return s.encode()
}

func momentPlot(s *sheet, b box, v NamedPatch, shades shading) {
	const side = 190
	at := b.inset(40, 0, 0, 16)
	at.x1, at.y0 = at.x0+side, at.y1-side
	r := s.patchRaster(v.Patch, 0, shades)
	out := panel(v.Axes.X.span(v.Patch.Frames, side, acrossRoom), v.Axes.Y.span(v.Patch.Bands, side, upRoom))
	out.Add(r)
	s.draw(out, at)
	s.write(boldText, at.x0, at.y1+5, 0, v.Title)
	s.colorBar(box{at.x1 + 8, at.y0, at.x1 + 44, at.y1}, shades)
}

// exampleRow is a group and the patches chosen of it.
type exampleRow struct {
	group   string
	total   int
	patches []int
}

// pick chooses the groups with the most patches, in name order, and evenly
// spaced patches of each.
func pick(v ClassView) []exampleRow {
	of := map[string][]int{}
	for i := range v.Patches {
		group := ""
		if i < len(v.Groups) {
			group = v.Groups[i]
		}
		of[group] = append(of[group], i)
	}
	var rows []exampleRow
	for group, all := range of {
		rows = append(rows, exampleRow{group, max(len(all), v.Hits[group]), num.Thin(all, sheetColumns)})
	}
	slices.SortFunc(rows, func(a, b exampleRow) int {
		if a.total != b.total {
			return b.total - a.total
		}
		return strings.Compare(a.group, b.group)
	})
	rows = rows[:min(len(rows), sheetRows)]
	slices.SortFunc(rows, func(a, b exampleRow) int { return strings.Compare(a.group, b.group) })
	return rows
}

func countOf(groups []string) int {
	seen := map[string]bool{}
	for _, g := range groups {
		seen[g] = true
	}
	return len(seen)
}

// exampleName is the room for a group's name beside its examples.
const exampleName = 100

func drawExamples(s *sheet, b box, row exampleRow, v ClassView, shades shading) {
	name := b.cutLeft(exampleName)
	s.write(noteText.withColor(ink), name.x0, name.y0+name.h()/2+1, 0, row.group)
	s.write(tinyText, name.x0, name.y0+name.h()/2-9, 0, fmt.Sprintf("%d hits", row.total))
	for _, i := range row.patches {
		drawThumb(s, b.cutLeft(52), v.Patches[i], shades)
	}
}

// drawThumb draws the first channel of a patch, without axes, in the middle of b.
func drawThumb(s *sheet, b box, p data.Patch, shades shading) {
	r := s.patchRaster(p, 0, shades)
	if r.rows == 0 {
		s.fill(noValue, b.inset(1, 1, 1, 1))
		return
	}
	const side = 48
	at := box{snap(b.x0 + (b.w()-side)/2), snap(b.y0 + (b.h()-side)/2), 0, 0}
	at.x1, at.y1 = at.x0+side, at.y0+side
	r.paintOver(at)
}

// moments returns the mean and the standard deviation of every cell over the
// patches of the first one's shape, leaving values that are not finite out.
func moments(patches []data.Patch) (mean, spread data.Patch) {
	if len(patches) == 0 {
		return mean, spread
	}
	mean = data.Patch{Channels: 1, Bands: patches[0].Bands, Frames: patches[0].Frames}
	spread = mean
	n := max(mean.Bands*mean.Frames, 0)
	mean.Values, spread.Values = make([]float32, n), make([]float32, n)
	for i := range n {
		mean.Values[i], spread.Values[i] = cellMoments(patches, i, n)
	}
	return mean, spread
}

func cellMoments(patches []data.Patch, i, size int) (mean, deviation float32) {
	n, sum, squares := 0.0, 0.0, 0.0
	for _, p := range patches {
		if p.Bands*p.Frames != size || i >= len(p.Values) || !num.Finite(float64(p.Values[i])) {
			continue
		}
		v := float64(p.Values[i])
		n, sum, squares = n+1, sum+v, squares+v*v
	}
	if n == 0 {
		return float32(math.NaN()), float32(math.NaN())
	}
	m := sum / n
	return float32(m), float32(math.Sqrt(max(squares/n-m*m, 0)))
}

// sampleValues returns values of at most 200 patches, evenly spaced: enough for a
// quantile.
func sampleValues(patches []data.Patch) []float32 {
	indices := make([]int, len(patches))
	for i := range indices {
		indices[i] = i
	}
	var values []float32
	for _, i := range num.Thin(indices, 200) {
		values = append(values, patches[i].Values...)
	}
	return values
}
