package plots

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"prep/data"

	"gonum.org/v1/plot/vg"
)

// Mistake is a hit that was called something else.
type Mistake struct {
	Patch data.Patch
	// Name says where the hit is from, Group who was recorded.
	Name, Group  string
	True, Called string
	// Confidence in [0, 1] is that of the wrong call.
	Confidence float64
}

// maxMistakes fill four rows.
const maxMistakes = 24

// Mistakes draws the mistakes a model was surest of as patches, the surest
// first, in colours of their own (a quiet hit is as visible as a loud one).
// The axes are said once, on top.
func Mistakes(w io.Writer, title string, axes Axes, mistakes []Mistake) error {
	const (
		columns = 6
		side    = 80
		row     = side + 48
	)
	worst := slices.Clone(mistakes)
	slices.SortStableFunc(worst, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Name, b.Name))
	})
	worst = worst[:min(len(worst), maxMistakes)]
	note := fmt.Sprintf("%d mistakes; here the %d the model was surest of. Under each: true class → what it was called, how sure, whose.", len(mistakes), len(worst))
	scales := "Patches: " + axes.X.words("left to right") + ", " + axes.Y.words("bottom to top") + "."
	s := newSheet(w, 2*pageMargin+headingHeight(note, scales)+4+row*vg.Length((len(worst)+columns-1)/columns))
	page := s.page()
	s.heading(&page, title, note, scales)
	page.cutTop(4)
	for i := 0; i < len(worst); i += columns {
		line := page.cutTop(row)
		for _, m := range worst[i:min(i+columns, len(worst))] {
			drawMistake(s, line.cutLeft((pageWidth-2*pageMargin)/columns), m, side)
		}
	}
	return s.encode()
}

// words says what the axis is and, when it is known, how far it goes.
func (a Axis) words(way string) string {
	label := a.Label
	if label == "" {
		label = "cells"
	}
	if n := len(a.Edges); n > 1 {
		label += fmt.Sprintf(" from %s to %s", number(a.Edges[0], 1), number(a.Edges[n-1], 1))
	}
	return label + " " + way
}

func drawMistake(s *sheet, b box, m Mistake, side vg.Length) {
	at := box{b.x0, snap(b.y1 - side), b.x0 + side, b.y1}
	r := s.patchRaster(m.Patch, 0, shading{})
	r.lo, r.hi = patchRange(r.values)
	s.fill(noValue, at)
	r.paintOver(at)
	half := (b.w() - 6 - noteText.width(" → ")) / 2
	calls := noteText.fit(m.True, half) + " → " + noteText.fit(m.Called, half)
	s.write(noteText.withColor(ink), b.x0, at.y0-11, 0, calls)
	s.write(tinyText.withColor(red), b.x0, at.y0-21, 0, fmt.Sprintf("%s %% sure", Percent(m.Confidence)))
	s.write(tinyText, b.x0, at.y0-31, 0, tinyText.fitMiddle(m.Group, b.w()-8))
}
