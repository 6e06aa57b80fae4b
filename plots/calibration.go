package plots

import (
	"fmt"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// calibrationBins is how many equal bins of confidence are drawn.
const calibrationBins = 10

// Calibration draws how often a classifier is right when it says it is p sure:
// confidence[i] in [0, 1] is that of the class it called, right[i] whether that
// was so. Bars are 95 % intervals (Wilson, Journal of the American Statistical
// Association 22, 1927); the expected calibration error is the mean distance
// from the diagonal over hits (Guo et al., On Calibration of Modern Neural
// Networks, ICML 2017, equation 3).
func Calibration(w io.Writer, title string, confidence []float64, right []bool) error {
	bins := binned(confidence, right)
	note := "No hits."
	if n, e := calibrationError(bins); n > 0 {
		note = fmt.Sprintf("%d hits. Expected calibration error %.1f %%: below the line it is surer than it is right, above it less sure.", n, 100*e)
	}
	s := newSheet(2*pageMargin + headingHeight(note) + 290)
	page := s.page()
	s.heading(&page, title, note)
	left := page.cutLeft(310).inset(40, 20, 34, 10)
	s.reliability(left, bins)
	most := 1
	for _, b := range bins {
		most = max(most, b.n)
	}
	p := panel(linear("confidence (%)", 0, 100, 6), linear("hits", 0, 1.05*float64(most), 5))
	gridlines(p)
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		for i, b := range bins {
			from := float64(i) * 100 / calibrationBins
			s.fill(mix(blue, paper, 0.35), box{x(from) + 1, y(0), x(from+100/calibrationBins) - 1, y(float64(b.n))})
		}
	}))
	s.draw(p, page.inset(40, 8, 34, 10))
	return s.encode(w)
}

// sureness is one bin of confidence.
type sureness struct {
	n, right   int
	confidence float64 // mean
}

func binned(confidence []float64, right []bool) []sureness {
	bins := make([]sureness, calibrationBins)
	for i, c := range confidence {
		if !finite(c) || i >= len(right) {
			continue
		}
		b := &bins[min(max(int(c*calibrationBins), 0), calibrationBins-1)]
		b.n++
		b.confidence += (c - b.confidence) / float64(b.n)
		if right[i] {
			b.right++
		}
	}
	return bins
}

func calibrationError(bins []sureness) (n int, e float64) {
	for _, b := range bins {
		n += b.n
		e += math.Abs(float64(b.right) - b.confidence*float64(b.n))
	}
	return n, e / float64(max(n, 1))
}

// wilson returns the 95 % interval of a share of k in n.
func wilson(k, n int) (lo, hi float64) {
	const z = 1.959964 // the normal distribution's 97.5 % quantile
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return mid - half, mid + half
}

func (s *sheet) reliability(data box, bins []sureness) {
	p := panel(linear("confidence (%)", 0, 100, 6), linear("right (%)", 0, 100, 6))
	gridlines(p)
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		s.StrokeLine2(draw.LineStyle{Color: quiet, Width: 0.8, Dashes: []vg.Length{4, 3}}, x(0), y(0), x(100), y(100))
		var line []vg.Point
		for _, b := range bins {
			if b.n == 0 {
				continue
			}
			at := x(100 * min(max(b.confidence, 0), 1))
			lo, hi := wilson(b.right, b.n)
			s.line(mix(blue, paper, 0.4), 1.5, at, y(100*lo), at, y(100*hi))
			line = append(line, vg.Point{X: at, Y: y(100 * float64(b.right) / float64(b.n))})
		}
		s.StrokeLines(draw.LineStyle{Color: blue, Width: 1.5}, line)
		for _, pt := range line {
			s.dot(blue, 2.8, pt.X, pt.Y)
		}
	}))
	s.draw(p, data)
}
