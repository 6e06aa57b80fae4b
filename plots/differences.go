package plots

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"

	"prep/data/num"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Contrast is how far an arm of a sweep is from the base.
type Contrast struct {
	Name string
	// Value, Low and High are a difference of accuracies, in [-1, 1], and its 95 %
	// interval.
	Value, Low, High float64
	// Found says that the difference stands the correction for many comparisons.
	Found bool
}

// Differences draws a line an arm: its difference from the base with its
// interval, in colour where it was found.
func Differences(w io.Writer, title, note string, arms []Contrast) error {
	const row = 13
	s := newSheet(w, 2*pageMargin+headingHeight(note)+row*vg.Length(len(arms))+44)
	page := s.page()
	s.heading(&page, title, note)
	names := page.cutLeft(170)
	figures := page.cutRight(104)
	at := page.inset(6, 4, 34, 4)
	reach := 1.0 // points
	for _, a := range arms {
		if a.isDrawable() {
			reach = max(reach, -100*a.Low, 100*a.High)
		}
	}
	p := panel(linear("points of accuracy", -reach*1.04, reach*1.04, 9), span{"", 0, float64(max(len(arms), 1)), nil})
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		s.line(quiet, 0.7, x(0), at.y0, x(0), at.y1)
		for i, a := range arms {
			level := y(float64(len(arms)-i) - 0.5)
			s.write(noteText.withColor(ink), names.x0, level-3, 0, noteText.fit(a.Name, names.w()-4))
			if !a.isDrawable() {
				continue
			}
			shade := a.color()
			s.line(shade, 1.3, x(100*a.Low), level, x(100*a.High), level)
			s.dot(shade, 2.6, x(100*a.Value), level)
			s.write(tinyText, figures.x1, level-2.6, 1, fmt.Sprintf("%+.1f (%+.1f to %+.1f)", 100*a.Value, 100*a.Low, 100*a.High))
		}
	}))
	s.draw(p, at)
	return s.encode()
}

func (a Contrast) isDrawable() bool {
	return num.Finite(a.Value) && num.Finite(a.Low) && num.Finite(a.High)
}

// color tells better from worse from not found.
func (a Contrast) color() color.RGBA {
	switch {
	case !a.Found:
		return quiet
	case a.Value > 0:
		return blue
	}
	return red
}

// Learning is a learning curve: accuracies by an amount learnt from, and the
// law that was fitted to them.
type Learning struct {
	// Of names the amount: "training groups".
	Of     string
	Points []LearningPoint
	// Law gives the accuracy expected at an amount; it is drawn from the first
	// point to Until.
	Law   func(amount float64) float64
	Until float64
	// Expected are extrapolations with their intervals.
	Expected []LearningPoint
}

// LearningPoint is an accuracy in [0, 1] with its 95 % interval.
type LearningPoint struct{ Amount, Accuracy, Low, High float64 }

// LearningCurves draws the curves side by side on logarithmic axes, what was
// measured in blue and what is expected in orange.
func LearningCurves(w io.Writer, title, note string, curves []Learning) error {
	s := newSheet(w, 2*pageMargin+headingHeight(note)+16+250)
	page := s.page()
	s.heading(&page, title, note)
	s.legend(&page, []key{{blue, "measured"}, {orange, "expected by the fitted curve"}})
	for i, c := range curves {
		s.drawLearning(page.cutLeft(page.w()/vg.Length(len(curves)-i)).inset(38, 8, 32, 8), c)
	}
	return s.encode()
}

// drawLearning draws one curve. The horizontal axis holds logarithms to base 10.
func (s *sheet) drawLearning(at box, c Learning) {
	c.Points, c.Expected = drawablePoints(c.Points), drawablePoints(c.Expected)
	low, high, first, last := 1.0, 0.0, c.Until, c.Until
	for _, p := range slices.Concat(c.Points, c.Expected) {
		low, high = min(low, p.Low), max(high, p.High)
		first, last = min(first, p.Amount), max(last, p.Amount)
	}
	lo, hi := drawableRange(math.Log10(first)-0.1, math.Log10(last)+0.1)
	low, high = drawableRange(100*low-2, 100*high+2)
	p := panel(span{c.Of, lo, hi, decades(lo, hi)}, linear("accuracy (%)", low, high, 8))
	gridlines(p)
	p.Add(marks(func(canvas draw.Canvas, x, y func(float64) vg.Length) {
		canvas.StrokeLines(draw.LineStyle{Color: orange, Width: 1}, c.lawPoints(first, x, y)...)
		for i, points := range [][]LearningPoint{c.Points, c.Expected} {
			shade := []color.RGBA{blue, orange}[i]
			for _, q := range points {
				s.line(shade, 1.3, x(math.Log10(q.Amount)), y(100*q.Low), x(math.Log10(q.Amount)), y(100*q.High))
				s.dot(shade, 2.8, x(math.Log10(q.Amount)), y(100*q.Accuracy))
			}
		}
	}))
	s.draw(p, at)
}

// lawPoints returns the fitted law from the first amount to the last, as far as
// its values are accuracies.
func (c Learning) lawPoints(first float64, x, y func(float64) vg.Length) [][]vg.Point {
	const steps = 60
	var line []vg.Point
	for i := range steps + 1 {
		amount := first * math.Pow(c.Until/first, float64(i)/steps)
		if v := c.Law(amount); amount > 0 && v >= 0 && v <= 1 {
			line = append(line, vg.Point{X: x(math.Log10(amount)), Y: y(100 * v)})
		}
	}
	return [][]vg.Point{line}
}

// drawablePoints leaves out what has no place on logarithmic axes.
func drawablePoints(points []LearningPoint) []LearningPoint {
	return slices.DeleteFunc(slices.Clone(points), func(p LearningPoint) bool {
		return !(p.Amount > 0) || !num.Finite(p.Amount) || !num.Finite(p.Accuracy) || !num.Finite(p.Low) || !num.Finite(p.High)
	})
}
