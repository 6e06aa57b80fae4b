package plots

import (
	"fmt"
	"io"
	"math"

	"prep/data/num"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Choice is a network of a sweep.
type Choice struct {
	Name string
	// Cost is what the horizontal axis shows, above 0: parameters, or
	// multiplications a patch.
	Cost float64
	// Accuracy in [0, 1], and its 95 % interval over groups.
	Accuracy, Low, High float64
	// Family gives points one colour: the kind of feature.
	Family string
}

// Tradeoff draws accuracy with its interval against cost, on a logarithmic
// axis, each network numbered and listed. The list says all; a number that
// would cover another is left out of the plot.
func Tradeoff(w io.Writer, title, cost string, choices []Choice) error {
	note := fmt.Sprintf("%d networks. Bars are 95 %% intervals over groups.", len(choices))
	families, colors := familiesOf(choices)
	const row = 12
	height := max(270, row*vg.Length(len(choices))+24)
	s := newSheet(w, 2*pageMargin+headingHeight(note)+legendHeight(families, pageWidth-2*pageMargin)+height)
	page := s.page()
	s.heading(&page, title, note)
	if len(families) > 1 {
		s.legend(&page, families)
	}
	list := page.cutRight(230).inset(14, 0, 0, 4)
	plotArea := page.cutTop(270).inset(40, 6, 32, 10)
	cloud(s, plotArea, cost, choices, colors)
	s.write(tinyText, list.x0+16, list.y1-9, 0, "network")
	s.write(tinyText, list.x1-76, list.y1-9, 1, cost)
	s.write(tinyText, list.x1, list.y1-9, 1, "accuracy (%)")
	list.cutTop(14)
	for i, c := range choices {
		line := list.cutTop(row)
		s.write(tinyText.withColor(colors[c.Family].color), line.x0+11, line.y0+3, 1, fmt.Sprint(i+1))
		s.write(tinyText.withColor(ink), line.x0+16, line.y0+3, 0, tinyText.fit(c.Name, line.w()-16-76-32))
		s.write(tinyText, line.x1-76, line.y0+3, 1, short(c.Cost))
		s.write(tinyText.withColor(ink), line.x1, line.y0+3, 1, fmt.Sprintf("%.1f (%.1f to %.1f)", 100*c.Accuracy, 100*c.Low, 100*c.High))
	}
	return s.encode()
}

func familiesOf(choices []Choice) ([]key, map[string]key) {
	var keys []key
	of := map[string]key{}
	for _, c := range choices {
		if _, seen := of[c.Family]; !seen {
			of[c.Family] = key{category(len(keys)), c.Family}
			keys = append(keys, of[c.Family])
		}
	}
	return keys, of
}

// short writes a count with a unit prefix: 1.72M, 45k.
func short(x float64) string {
	for _, u := range []struct {
		size float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if x >= 0.9995*u.size {
			return fmt.Sprintf("%.3g%s", x/u.size, u.name)
		}
	}
	return fmt.Sprintf("%.3g", x)
}

// cloud draws the points. The axis holds logarithms to base 10.
func cloud(s *sheet, data box, cost string, choices []Choice, colors map[string]key) {
	lo, hi, low, high := math.Inf(1), math.Inf(-1), 1.0, 0.0
	for _, c := range choices {
		if c.isDrawable() {
			lo, hi = min(lo, math.Log10(c.Cost)), max(hi, math.Log10(c.Cost))
			low, high = min(low, c.Low, c.Accuracy), max(high, c.High, c.Accuracy)
		}
	}
	lo, hi = drawableRange(lo-0.15, hi+0.15)
	low, high = drawableRange(100*low-2, 100*high+2)
	p := panel(span{cost, lo, hi, decades(lo, hi)}, linear("accuracy (%)", low, high, 8))
	gridlines(p)
	p.Add(marks(func(_ draw.Canvas, x, y func(float64) vg.Length) {
		var taken []box
		for i, c := range choices {
			if !c.isDrawable() {
				continue
			}
			at, mid := x(math.Log10(c.Cost)), y(100*c.Accuracy)
			color := colors[c.Family].color
			s.line(mix(color, paper, 0.45), 1.3, at, y(100*c.Low), at, y(100*c.High))
			s.dot(color, 2.8, at, mid)
			word := tinyText.withColor(ink)
			label := fmt.Sprint(i + 1)
			spot := box{at + 4, mid - 3, at + 4 + word.width(label), mid + 5}
			if !overlaps(taken, spot) {
				s.write(word, spot.x0, mid-2.6, 0, label)
				taken = append(taken, spot)
			}
		}
	}))
	s.draw(p, data)
}

func (c Choice) isDrawable() bool {
	return c.Cost > 0 && num.Finite(c.Cost) && num.Finite(c.Accuracy) && num.Finite(c.Low) && num.Finite(c.High)
}

func overlaps(taken []box, b box) bool {
	for _, t := range taken {
		if b.x0 < t.x1 && t.x0 < b.x1 && b.y0 < t.y1 && t.y0 < b.y1 {
			return true
		}
	}
	return false
}

// decades returns ticks of an axis of logarithms: 1, 2 and 5 of each decade
// where there are few, else the decades.
func decades(lo, hi float64) []plot.Tick {
	steps := []float64{1, 2, 5}
	if hi-lo > 2.5 {
		steps = steps[:1]
	}
	var ticks []plot.Tick
	for d := math.Floor(lo); d <= hi; d++ {
		for _, m := range steps {
			if at := d + math.Log10(m); at >= lo && at <= hi {
				ticks = append(ticks, plot.Tick{Value: at, Label: short(math.Pow(10, at))})
			}
		}
	}
	return ticks
}
