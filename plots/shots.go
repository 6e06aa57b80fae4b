package plots

import (
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ShotPoint is the accuracy, a share, after so many of a person's own hits of each class.
type ShotPoint struct {
	Shots                    int
	Personal, General, Alone float64
	Low, High                float64 // the ends of Personal's interval
}

// Shots draws what a person's own hits are worth: the accuracy by their number.
func Shots(w io.Writer, title string, points []ShotPoint) error {
	note := "Of each person held out the first hits of each class are given and the others named. Bars are 95 % intervals over people."
	s := newSheet(w, 2*pageMargin+headingHeight(note)+290)
	page := s.page()
	s.heading(&page, title, note)
	s.legend(&page, []key{{blue, "with own hits"}, {orange, "the network without them"}, {noValue, "own hits alone"}})
	lo, hi, most := 1.0, 0.0, 1
	for _, p := range points {
		lo, hi, most = min(lo, p.Low, p.General, p.Alone), max(hi, p.High), max(most, p.Shots)
	}
	lo, hi = drawableRange(100*lo, 100*hi)
	p := panel(linear("own hits of each class", 0, float64(most), 9), linear("accuracy (%)", lo-2, min(hi+2, 101), 7))
	gridlines(p)
	p.Add(marks(func(c draw.Canvas, x, y func(float64) vg.Length) {
		for _, line := range []struct {
			style draw.LineStyle
			of    func(ShotPoint) float64
		}{
			{draw.LineStyle{Color: noValue, Width: 1.2}, func(p ShotPoint) float64 { return p.Alone }},
			{draw.LineStyle{Color: orange, Width: 1.2}, func(p ShotPoint) float64 { return p.General }},
			{draw.LineStyle{Color: blue, Width: 2}, func(p ShotPoint) float64 { return p.Personal }},
		} {
			var course []vg.Point
			for _, p := range points {
				if p.Shots == 0 && line.style.Color == noValue {
					continue // own hits alone, and there are none
				}
				course = append(course, vg.Point{X: x(float64(p.Shots)), Y: y(100 * line.of(p))})
			}
			c.StrokeLines(line.style, course)
		}
		for _, p := range points {
			at := x(float64(p.Shots))
			c.StrokeLine2(draw.LineStyle{Color: blue, Width: 0.8}, at, y(100*p.Low), at, y(100*p.High))
			s.dot(blue, 2.6, at, y(100*p.Personal))
		}
	}))
	s.draw(p, page.inset(42, 8, 34, 14))
	return s.encode()
}
