package plots

import (
	"image"
	"math"
	"slices"
	"strings"

	"prep/data/num"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// field is a grid of values, rows x cols, row-major, row 0 the lowest.
type field struct {
	rows, cols int
	values     []float32
}

// fieldOf returns channel c of a patch-shaped slice; an incomplete one is
// empty.
func fieldOf(values []float32, rows, cols, c int) field {
	n := rows * cols
	if rows < 1 || cols < 1 || (c+1)*n > len(values) {
		return field{}
	}
	return field{rows, cols, values[c*n : (c+1)*n]}
}

// shading gives the values from lo to hi the colours of magma.
type shading struct {
	lo, hi float64
	unit   string
}

// rangeBelow returns the shading of the given range of decibels under top.
func rangeBelow(top, rangeDB float64) shading { return shading{top - rangeDB, top, "dB"} }

// raster is a plotter that paints a field over the rectangle from (x0, y0) to
// (x1, y1) of the data space.
type raster struct {
	*sheet
	field
	shading
	x0, y0, x1, y1 float64
	// smooth interpolates between the middles of cells; otherwise a cell is a
	// flat rectangle. Where several cells share a pixel the largest is seen.
	smooth bool
}

// Plot implements plot.Plotter. What lies outside the axes is not painted.
func (r raster) Plot(c draw.Canvas, p *plot.Plot) {
	if r.rows < 1 || r.cols < 1 {
		return
	}
	x0, x1 := max(r.x0, p.X.Min), min(r.x1, p.X.Max)
	y0, y1 := max(r.y0, p.Y.Min), min(r.y1, p.Y.Max)
	x, y := p.Transforms(&c)
	b := box{snap(x(x0)), snap(y(y0)), snap(x(x1)), snap(y(y1))}
	w, h := pixels(b.w()), pixels(b.h())
	if w < 1 || h < 1 {
		return
	}
	across := stretch{(x0 - r.x0) / (r.x1 - r.x0), (x1 - r.x0) / (r.x1 - r.x0)}
	up := stretch{(y0 - r.y0) / (r.y1 - r.y0), (y1 - r.y0) / (r.y1 - r.y0)}
	r.paint(b, across.taps(w, r.cols, r.smooth), up.taps(h, r.rows, r.smooth))
}

// paintOver paints all of the raster over b.
func (r raster) paintOver(b box) {
	if r.rows < 1 || r.cols < 1 || pixels(b.w()) < 1 || pixels(b.h()) < 1 {
		return
	}
	r.paint(b, whole.taps(pixels(b.w()), r.cols, r.smooth), whole.taps(pixels(b.h()), r.rows, r.smooth))
}

func pixels(l vg.Length) int { return int(math.Round(float64(l / pixel))) }

// paint sets the pixels of b, one for each tap. It writes to the canvas's image
// rather than drawing one on it: vgimg resamples what it draws, even one to
// one, at ten times the cost.
func (r raster) paint(b box, across, up []tap) {
	w := len(across)
	img, left, bottom := r.sheet.canvasOf(b, w, len(up))
	wide := make([]float32, r.rows*w) // rows x w
	for row := range r.rows {
		src := r.values[row*r.cols:][:r.cols]
		for i, t := range across {
			wide[row*w+i] = t.weigh(src, 1)
		}
	}
	scale := 1 / (r.hi - r.lo)
	for j, t := range up {
		out := img.Pix[img.PixOffset(left, bottom-j):][:4*w]
		for i := range w {
			c := magma.at((float64(t.weigh(wide[i:], w)) - r.lo) * scale)
			out[4*i], out[4*i+1], out[4*i+2], out[4*i+3] = c.R, c.G, c.B, 255
		}
	}
	r.sheet.place(b, img)
}

// canvasOf returns the image to paint b on, of so many pixels, and where its lower left one
// lies: the page's own, or one that place puts there.
func (s *sheet) canvasOf(b box, w, h int) (img *image.RGBA, left, bottom int) {
	if s.svg != nil {
		return image.NewRGBA(image.Rect(0, 0, w, h)), 0, h - 1
	}
	img = s.pixels()
	return img, pixels(b.x0), img.Rect.Dy() - 1 - pixels(b.y0)
}

// place puts what was painted on a canvas of its own into a page of SVG.
func (s *sheet) place(b box, img *image.RGBA) {
	if s.svg != nil {
		s.DrawImage(b.rect(), img)
	}
}

// tap says which cells make a pixel: the largest of [from, to), or, when to is
// 0, a mean of two, the second with the given share.
type tap struct {
	from, to int
	share    float32
}

func (t tap) weigh(src []float32, stride int) float32 {
	a := src[t.from*stride]
	if t.share > 0 {
		a += t.share * (src[(t.from+1)*stride] - a)
	}
	for i := t.from + 1; i < t.to; i++ {
		if v := src[i*stride]; v > a || a != a {
			a = v
		}
	}
	return a
}

// stretch is a part of the cells of an axis, as shares of their number.
type stretch struct{ from, to float64 }

var whole = stretch{0, 1}

// taps maps the cells of a stretch to the given number of pixels.
func (s stretch) taps(pixels, cells int, smooth bool) []tap {
	out := make([]tap, pixels)
	step := (s.to - s.from) * float64(cells) / float64(pixels) // cells a pixel
	last := float64(cells - 1)
	for i := range out {
		at := s.from*float64(cells) + float64(i)*step
		if smooth && step <= 1 {
			at = min(max(at+step/2-0.5, 0), last)
			out[i] = tap{from: int(at), share: float32(at - math.Floor(at))}
			continue
		}
		from := int(min(max(at+1e-9, 0), last))
		out[i] = tap{from: from, to: int(min(max(at+step+1e-9, float64(from+1)), last+1))}
	}
	return out
}

// colorBar draws a shading along b, upright, with its values to the right and
// the unit on top.
func (s *sheet) colorBar(b box, v shading) {
	bar := b
	bar.x1 = snap(bar.x0 + 8)
	values := make([]float32, 256)
	for i := range values {
		values[i] = float32(i)
	}
	raster{sheet: s, field: field{256, 1, values}, shading: shading{hi: 255}}.paintOver(bar)
	lo, hi := drawableRange(v.lo, v.hi)
	for _, t := range niceTicks(lo, hi, max(3, min(6, int(b.h()/14)))) {
		y := bar.y0 + bar.h()*vg.Length((t.Value-lo)/(hi-lo))
		s.line(quiet, 0.5, bar.x1, y, bar.x1+2.5, y)
		s.write(tinyText, bar.x1+5, y-2.6, 0, t.Label)
	}
	s.write(tinyText, bar.x0, bar.y1+4, 0, tinyText.fit(fitUnit(v.unit, b.w()+4), b.w()+4))
}

// fitUnit returns a unit without what there is no room for: "dB" of "dB
// (orthonormal DCT-II)", "PCEN" of "normalized energy (PCEN)".
func fitUnit(unit string, width vg.Length) string {
	bare := bareUnit(unit)
	if _, short, ok := strings.Cut(unit, "("); ok && tinyText.width(bare) > width {
		return strings.TrimSuffix(short, ")")
	}
	return bare
}

// bareUnit returns a unit without what it is relative to: "dB" of "dB re the
// patch's peak", for where there is no room.
func bareUnit(unit string) string {
	unit, _, _ = strings.Cut(unit, " re ")
	unit, _, _ = strings.Cut(unit, " (")
	return unit
}

// valueRange returns the range of the finite values without the given share
// at either end.
func valueRange(values []float32, share float64) (lo, hi float64) {
	return trimmedRange(sortFinite(values), share)
}

// sortFinite returns the finite values in order.
func sortFinite(values []float32) []float32 {
	var sane []float32
	for _, v := range values {
		if num.Finite(float64(v)) {
			sane = append(sane, v)
		}
	}
	slices.Sort(sane)
	return sane
}

func trimmedRange(sane []float32, share float64) (lo, hi float64) {
	if len(sane) == 0 {
		return 0, 1
	}
	k := int(share * float64(len(sane)-1))
	return drawableRange(float64(sane[k]), float64(sane[len(sane)-1-k]))
}

// patchRange returns what the colours of a patch span: nearly all values; where a
// few rows dwarf the rest, twice the range of the middle 94 %; and of values of
// both signs (cepstral coefficients, whose first rows are tens of times the others)
// as far from 0 as twice the larger end of the middle 80 %.
func patchRange(values []float32) (lo, hi float64) {
	sane := sortFinite(values)
	lo, hi = trimmedRange(sane, 0.002)
	if a, b := trimmedRange(sane, 0.1); a < 0 && b > 0 {
		far := 2 * max(-a, b)
		return max(lo, -far), min(hi, far)
	}
	if a, b := trimmedRange(sane, 0.03); b-a < (hi-lo)/4 {
		return max(lo, a-(b-a)/2), min(hi, b+(b-a)/2)
	}
	return lo, hi
}
