package plots

import (
	"fmt"
	"io"
	"math"

	"prep/data/num"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Calibration draws how often a classifier is right when it says it is p sure:
// a dot a bin, with the 95 % interval of its share (Wilson, Journal of the
// American Statistical Association 22, 1927).
func Calibration(w io.Writer, title string, c num.Calibration) error {
	hits, most := 0, 1
	for _, b := range c.Bins {
		hits, most = hits+b.Hits, max(most, b.Hits)
	}
	note := "No hits."
	if hits > 0 {
		note = fmt.Sprintf("%d hits. Expected calibration error %.1f %%: below the line it is surer than it is right, above it less sure.", hits, 100*c.ECE)
	}
	s := newSheet(w, 2*pageMargin+headingHeight(note)+290)
	page := s.page()
	s.heading(&page, title, note)
	left := page.cutLeft(310).inset(40, 20, 34, 10)
	s.drawReliability(left, c.Bins)
	p := panel(linear("confidence (%)", 0, 100, 6), linear("hits", 0, 1.05*float64(most), 5))
	gridlines(p)
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		for _, b := range c.Bins {
			s.fill(mix(blue, paper, 0.35), box{x(100*b.Low) + 1, y(0), x(100*b.High) - 1, y(float64(b.Hits))})
		}
	}))
	s.draw(p, page.inset(40, 8, 34, 10))
	return s.encode()
}

// wilson returns the 95 % interval of a share p of n.
func wilson(p float64, n int) (lo, hi float64) {
	const z = 1.959964 // the normal distribution's 97.5 % quantile
	m := float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return mid - half, mid + half
}

func (s *sheet) drawReliability(data box, bins []num.ReliabilityBin) {
	p := panel(linear("confidence (%)", 0, 100, 6), linear("right (%)", 0, 100, 6))
	gridlines(p)
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		s.StrokeLine2(draw.LineStyle{Color: quiet, Width: 0.8, Dashes: []vg.Length{4, 3}}, x(0), y(0), x(100), y(100))
		var line []vg.Point
		for _, b := range bins {
			if b.Hits == 0 || !num.Finite(b.Confidence) {
				continue
			}
			at := x(100 * min(max(b.Confidence, 0), 1))
			lo, hi := wilson(b.Accuracy, b.Hits)
			s.line(mix(blue, paper, 0.4), 1.5, at, y(100*lo), at, y(100*hi))
			line = append(line, vg.Point{X: at, Y: y(100 * b.Accuracy)})
		}
		s.StrokeLines(draw.LineStyle{Color: blue, Width: 1.5}, line)
		for _, pt := range line {
			s.dot(blue, 2.8, pt.X, pt.Y)
		}
	}))
	s.draw(p, data)
}
