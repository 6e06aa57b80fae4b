package plots

import (
	"fmt"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Discrimination is how well the probability of one class tells its hits from all others:
// points for falling thresholds, each a share.
type Discrimination struct {
	Class                            string
	Precision, Recall, FalsePositive []float64
	AveragePrecision, AUC            float64
}

// Discriminations draws, for each class, precision by recall and the ROC.
func Discriminations(w io.Writer, title string, classes []Discrimination) error {
	note := "Each class against all others, by the probability of held-out hits: precision by recall, and how many hits of the class are found by how many of others are taken for it. In brackets: average precision, area below the ROC."
	var keys []key
	for i, c := range classes {
		keys = append(keys, key{category(i), fmt.Sprintf("%s (%.3f, %.3f)", c.Class, c.AveragePrecision, c.AUC)})
	}
	s := newSheet(w, 2*pageMargin+headingHeight(note)+legendHeight(keys, pageWidth-2*pageMargin)+330)
	page := s.page()
	s.heading(&page, title, note)
	s.legend(&page, keys)
	left := page.cutLeft(page.w()/2).inset(42, 12, 34, 10)
	s.drawShares(left, "recall (%)", "precision (%)", keys, classes, func(d Discrimination) (x, y []float64) { return d.Recall, d.Precision })
	s.drawShares(page.inset(42, 12, 34, 10), "of others (%)", "of the class (%)", keys, classes,
		func(d Discrimination) (x, y []float64) { return d.FalsePositive, d.Recall })
	return s.encode()
}

// drawShares draws a course of shares a class.
func (s *sheet) drawShares(at box, across, up string, keys []key, classes []Discrimination, of func(Discrimination) (x, y []float64)) {
	p := panel(linear(across, 0, 100, 6), linear(up, 0, 101, 6))
	gridlines(p)
	p.Add(marks(func(c draw.Canvas, x, y func(float64) vg.Length) {
		for i, d := range classes {
			var course []vg.Point
			shares, heights := of(d)
			for j := range shares {
				course = append(course, vg.Point{X: x(100 * shares[j]), Y: y(100 * heights[j])})
			}
			c.StrokeLines(draw.LineStyle{Color: keys[i].color, Width: 1.4}, course)
		}
	}))
	s.draw(p, at)
}
