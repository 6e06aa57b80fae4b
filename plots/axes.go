package plots

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"prep/data/num"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// span is an axis: its label, range and ticks.
type span struct {
	label  string
	lo, hi float64
	ticks  []plot.Tick
}

// linear returns an axis from lo to hi with at most n labelled ticks. A range
// that is empty or not finite becomes one that can be drawn.
func linear(label string, lo, hi float64, n int) span {
	lo, hi = drawableRange(lo, hi)
	return span{label, lo, hi, niceTicks(lo, hi, n)}
}

// withoutWords returns the axis without words: its ticks stay as marks.
func (s span) withoutWords() span {
	marks := make([]plot.Tick, len(s.ticks))
	for i, t := range s.ticks {
		marks[i] = plot.Tick{Value: t.Value}
	}
	return span{"", s.lo, s.hi, marks}
}

func drawableRange(lo, hi float64) (float64, float64) {
	if !num.Finite(lo) || !num.Finite(hi) {
		return 0, 1
	}
	if hi < lo {
		lo, hi = hi, lo
	}
	if hi-lo < 1e-9*max(math.Abs(lo), math.Abs(hi), 1e-3) {
		return lo - 0.5, hi + 0.5
	}
	return lo, hi
}

// niceTicks returns at most n labelled ticks in [lo, hi], at multiples of 1, 2
// or 5 times a power of ten.
func niceTicks(lo, hi float64, n int) []plot.Tick {
	step := niceStep((hi - lo) / float64(n+1))
	for math.Floor(hi/step+1e-9)-math.Ceil(lo/step-1e-9)+1 > float64(n) {
		step = niceStep(step * 1.5)
	}
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	var ticks []plot.Tick
	for i := math.Ceil(lo/step - 1e-9); i <= math.Floor(hi/step+1e-9); i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: number(i*step, decimals)})
	}
	return ticks
}

// niceStep returns the smallest of 1, 2, 5 times a power of ten that is at
// least x.
func niceStep(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= x*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// number writes x with the given decimals and a true minus sign; zero has
// none, and what would have many digits gets an exponent.
func number(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if len(s) > 8 {
		s = strconv.FormatFloat(x, 'g', 3, 64)
	}
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return strings.Replace(s, "-", "−", 1)
}

// panel returns a plot with the page's look.
func panel(x, y span) *plot.Plot {
	p := plot.New()
	p.TextHandler = handler
	p.BackgroundColor = nil
	p.Title.TextStyle = boldText.style(draw.XCenter, draw.YTop)
	styleAxis(&p.X, x, draw.XCenter, draw.YTop)
	styleAxis(&p.Y, y, draw.XRight, draw.YCenter)
	return p
}

func styleAxis(a *plot.Axis, s span, x draw.XAlignment, y draw.YAlignment) {
	a.Min, a.Max = s.lo, s.hi
	a.Label.Text = s.label
	a.Label.TextStyle = noteText.style(draw.XCenter, draw.YBottom)
	a.Label.Padding = 1
	a.Padding = 0
	a.LineStyle = draw.LineStyle{Color: quiet, Width: 0.5}
	a.Tick.LineStyle = a.LineStyle
	a.Tick.Length = 3
	a.Tick.Label = noteText.style(x, y)
	a.Tick.Marker = plot.ConstantTicks(s.ticks)
}

// gridlines adds faint lines at the labelled ticks of the y axis.
func gridlines(p *plot.Plot) {
	g := plotter.NewGrid()
	g.Vertical.Width = 0
	g.Horizontal = draw.LineStyle{Color: faint, Width: 0.5}
	p.Add(g)
}

// draw draws p so that its data area is exactly data; axes and labels come
// out left of it and below.
func (s *sheet) draw(p *plot.Plot, data box) {
	c := draw.Canvas{Canvas: s.Canvas, Rectangle: data.rect()}
	for range 2 { // labels that stick out shift the area by a part of their width: the second round corrects it
		got := p.DataCanvas(c).Rectangle
		c.Min = c.Min.Add(data.rect().Min.Sub(got.Min))
		c.Max = c.Max.Add(data.rect().Max.Sub(got.Max))
	}
	p.Draw(c)
}

// marks is a plotter made of a function.
type marks func(c draw.Canvas, x, y func(float64) vg.Length)

// Plot implements plot.Plotter.
func (m marks) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	m(c, x, y)
}

// warpedTicks returns ticks for an axis whose n cells have the given edges (n+1
// rising values, in the unit of the label): positions are in cells, at least
// gap of them apart, labels at round values; 1, 2, 5, 10, 20, ... where the
// cells widen towards one end.
func warpedTicks(edges []float64, gap float64) []plot.Tick {
	n := len(edges) - 1
	if n < 1 || !sort.Float64sAreSorted(edges) || !num.Finite(edges[0]) || !num.Finite(edges[n]) || edges[0] == edges[n] {
		return nil
	}
	if mid := (edges[0] + edges[n]) / 2; math.Abs(position(edges, mid)-float64(n)/2) < 0.1*float64(n) {
		ticks := niceTicks(edges[0], edges[n], min(max(2, int(float64(n)/gap)), 8))
		for i := range ticks {
			ticks[i].Value = position(edges, ticks[i].Value)
		}
		return ticks
	}
	var ticks []plot.Tick
	for v := math.Pow(10, math.Ceil(math.Log10(edges[n]))); v > edges[n]/1000; v /= 10 {
		for _, m := range []float64{5, 2, 1} {
			ticks = addTick(ticks, edges, m*v, gap)
		}
	}
	return addTick(ticks, edges, 0, gap)
}

// addTick adds a tick at v when it lies on the axis, gap from the others.
func addTick(ticks []plot.Tick, edges []float64, v, gap float64) []plot.Tick {
	if v < edges[0] || v > edges[len(edges)-1] {
		return ticks
	}
	at := position(edges, v)
	for _, t := range ticks {
		if math.Abs(t.Value-at) < gap {
			return ticks
		}
	}
	return append(ticks, plot.Tick{Value: at, Label: shortNumber(v)})
}

// position returns where v lies between the edges, in cells.
func position(edges []float64, v float64) float64 {
	i := min(max(sort.SearchFloat64s(edges, v), 1), len(edges)-1)
	width := edges[i] - edges[i-1]
	if width == 0 {
		return float64(i)
	}
	return float64(i-1) + (v-edges[i-1])/width
}

// shortNumber writes v with up to three decimals and no trailing zeros.
func shortNumber(v float64) string {
	s := number(v, 3)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
