package plots

import (
	"fmt"
	"image/color"
	"io"
	"math"

	"prep/data/num"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Curve is one fold's course of training, an entry an epoch. Slices may be
// empty or of different lengths; NaN leaves a gap.
type Curve struct {
	Name string
	// TrainLoss and HeldLoss are mean cross-entropies (nats), on what is fitted
	// and on the groups held out to choose the epoch.
	TrainLoss, HeldLoss []float64
	// TrainAccuracy and HeldAccuracy are shares in [0, 1].
	TrainAccuracy, HeldAccuracy []float64
	// Best is the epoch (from 0) whose weights were kept, or -1.
	Best int
}

// Curves draws loss and accuracy by epoch: every fold thin, their mean thick,
// the kept epoch of each fold as a dot.
func Curves(w io.Writer, title string, curves []Curve) error {
	note := fmt.Sprintf("%d folds: thin lines, their mean thick, the epoch whose weights were kept a dot. "+
		"A fold that has stopped counts in the mean with what it ended with.", len(curves))
	s := newSheet(w, 2*pageMargin+headingHeight(note)+270)
	page := s.page()
	s.heading(&page, title, note)
	keys := []key{{blue, "validation: groups held out to choose the epoch"}, {orange, "training"}}
	s.legend(&page, keys)
	left := page.cutLeft(page.w() / 2)
	s.drawQuantity(left.inset(38, 10, 30, 14), "loss (nats)", curves, func(c Curve) (train, held []float64) {
		return c.TrainLoss, c.HeldLoss
	})
	s.drawQuantity(page.inset(38, 4, 30, 14), "accuracy (%)", curves, func(c Curve) (train, held []float64) {
		return multiply(100, c.TrainAccuracy), multiply(100, c.HeldAccuracy)
	})
	return s.encode()
}

func multiply(f float64, values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = f * v
	}
	return out
}

// drawQuantity draws one quantity of all folds.
func (s *sheet) drawQuantity(data box, label string, curves []Curve, of func(Curve) (train, held []float64)) {
	var trains, helds [][]float64
	for _, c := range curves {
		train, held := of(c)
		trains, helds = append(trains, train), append(helds, held)
	}
	lo, hi, epochs := rangeOf(append(append([][]float64{}, trains...), helds...))
	if label == "accuracy (%)" {
		hi = max(hi, 100)
	} else {
		lo = 0
	}
	margin := 0.04 * (hi - lo)
	p := panel(linear("epoch", 1, float64(max(epochs, 2)), 9), linear(label, lo-margin, hi+margin, 7))
	gridlines(p)
	p.Add(marks(func(c draw.Canvas, x, y func(float64) vg.Length) {
		for _, set := range []struct {
			lines [][]float64
			color color.RGBA
		}{{trains, orange}, {helds, blue}} {
			thin := draw.LineStyle{Color: mix(set.color, paper, 0.55), Width: 0.7}
			for _, line := range set.lines {
				c.StrokeLines(thin, polyline(line, x, y)...)
			}
			c.StrokeLines(draw.LineStyle{Color: set.color, Width: 2}, polyline(meanOf(set.lines), x, y)...)
		}
		for i, held := range helds {
			if best := curves[i].Best; best >= 0 && best < len(held) && num.Finite(held[best]) {
				s.dot(paper, 3.2, x(float64(best+1)), y(held[best]))
				s.dot(blue, 2.3, x(float64(best+1)), y(held[best]))
			}
		}
	}))
	s.draw(p, data)
}

// rangeOf returns the range of the finite values and the longest length.
func rangeOf(lines [][]float64) (lo, hi float64, longest int) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, line := range lines {
		longest = max(longest, len(line))
		for _, v := range line {
			if num.Finite(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	lo, hi = drawableRange(lo, hi)
	return lo, hi, longest
}

// polyline returns the stretches of finite values, at x = 1, 2, ...
func polyline(values []float64, x, y func(float64) vg.Length) [][]vg.Point {
	var lines [][]vg.Point
	var line []vg.Point
	for i, v := range values {
		if !num.Finite(v) {
			lines, line = append(lines, line), nil
			continue
		}
		line = append(line, vg.Point{X: x(float64(i + 1)), Y: y(v)})
	}
	return append(lines, line)
}

// meanOf returns the mean by epoch. A line that has ended counts with its last
// value: without it the mean would jump where a poor fold stops.
func meanOf(lines [][]float64) []float64 {
	_, _, epochs := rangeOf(lines)
	mean := make([]float64, epochs)
	for i := range mean {
		sum, n := 0.0, 0
		for _, line := range lines {
			if len(line) == 0 {
				continue
			}
			if v := line[min(i, len(line)-1)]; num.Finite(v) {
				sum, n = sum+v, n+1
			}
		}
		mean[i] = sum / float64(n) // NaN, a gap, without any
	}
	return mean
}
