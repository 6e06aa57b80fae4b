package plots

import (
	"fmt"
	"io"
	"math"

	"prep/data/num"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// SpectraView is what classes sound like on the whole, one over the other.
type SpectraView struct {
	Title string
	// Kind names the patches that the spectra are means of: "mel".
	Kind string
	// Rows is the axis of the values of each spectrum, Unit theirs.
	Rows    Axis
	Unit    string
	Spectra []ClassSpectrum
}

// ClassSpectrum is the mean over the frames of a class's patches, a value a row.
type ClassSpectrum struct {
	Class string
	Hits  int
	Mean  []float64
}

// Spectra draws a line a class. Values that are not finite part a line.
func Spectra(w io.Writer, v SpectraView) error {
	note := fmt.Sprintf("The mean of %s patches over their frames and over the hits of each class. Where lines part, a network can tell the classes "+
		"by frequency alone; where they lie together, it needs time.", v.Kind)
	rows, lo, hi := 0, math.Inf(1), math.Inf(-1)
	var keys []key
	for i, c := range v.Spectra {
		keys = append(keys, key{category(i), fmt.Sprintf("%s (%d)", c.Class, c.Hits)})
		rows = max(rows, len(c.Mean))
		for _, y := range c.Mean {
			if num.Finite(y) {
				lo, hi = min(lo, y), max(hi, y)
			}
		}
	}
	const height = 300
	s := newSheet(w, 2*pageMargin+headingHeight(note)+legendHeight(keys, pageWidth-2*pageMargin)+height)
	page := s.page()
	s.heading(&page, v.Title, note)
	s.legend(&page, keys)
	at := page.inset(42, 6, 34, 8)
	low, high := drawableRange(lo, hi)
	p := panel(v.Rows.span(rows, at.w(), acrossRoom), linear(v.Unit, low-0.04*(high-low), high+0.04*(high-low), 8))
	gridlines(p)
	for i, c := range v.Spectra {
		for _, part := range unbroken(c.Mean) {
			line := &plotter.Line{XYs: part, LineStyle: draw.LineStyle{Color: category(i), Width: vg.Length(1.4)}}
			p.Add(line)
		}
	}
	s.draw(p, at)
	return s.encode()
}

// unbroken returns the stretches of finite values, each in the middle of its row.
func unbroken(mean []float64) (parts []plotter.XYs) {
	open := false
	for row, y := range mean {
		if !num.Finite(y) {
			open = false
			continue
		}
		if !open {
			parts, open = append(parts, nil), true
		}
		last := &parts[len(parts)-1]
		*last = append(*last, plotter.XY{X: float64(row) + 0.5, Y: y})
	}
	return parts
}
