package plots

import (
	"image/color"
	"io"
	"math"
	"strings"
	"unicode"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// pageWidth is the width of every picture in points and dpi its resolution:
// 1200 pixels, so that a point is 1.33 CSS pixels where a README shows the
// picture 800 wide, and the smallest text (7.5 points) 10 of them.
const (
	pageWidth = 600
	dpi       = 144
)

const (
	pageMargin = 12 // points
	pixel      = vg.Length(72.0 / dpi)
)

// Sizes of text in points.
const (
	tiny  = 7.5
	small = 8
	body  = 9
	head  = 13
)

// sheet is a page that is being drawn; the origin is at the bottom left.
type sheet struct {
	draw.Canvas
	to  io.Writer
	img *vgimg.Canvas // nil where svg is not
	svg *vgsvg.Canvas
}

// newSheet returns a blank page of the given height in points, which encode writes to w.
func newSheet(w io.Writer, height vg.Length) *sheet {
	if v, ok := w.(svgWriter); ok {
		svg := vgsvg.New(pageWidth, snap(height))
		s := &sheet{Canvas: draw.New(svg), to: v.Writer, svg: svg}
		s.fill(paper, box{0, 0, pageWidth, snap(height)})
		return s
	}
	img := vgimg.NewWith(vgimg.UseWH(pageWidth, snap(height)), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(paper))
	return &sheet{Canvas: draw.New(img), to: w, img: img}
}

// page returns what lies within the margins.
func (s *sheet) page() box {
	return box{pageMargin, pageMargin, pageWidth - pageMargin, s.Max.Y - pageMargin}
}

// snap rounds a length to whole pixels.
func snap(x vg.Length) vg.Length { return vg.Length(math.Round(float64(x/pixel))) * pixel }

// box is a part of a page, in points. Cutting returns a piece from one side
// and leaves the rest.
type box struct{ x0, y0, x1, y1 vg.Length }

func (b box) w() vg.Length { return b.x1 - b.x0 }
func (b box) h() vg.Length { return b.y1 - b.y0 }

func (b *box) cutTop(h vg.Length) box {
	piece := *b
	b.y1 = snap(b.y1 - h)
	piece.y0 = b.y1
	return piece
}

func (b *box) cutLeft(w vg.Length) box {
	piece := *b
	b.x0 = snap(b.x0 + w)
	piece.x1 = b.x0
	return piece
}

func (b *box) cutRight(w vg.Length) box {
	piece := *b
	b.x1 = snap(b.x1 - w)
	piece.x0 = b.x1
	return piece
}

// inset returns b without the given margins.
func (b box) inset(left, right, bottom, top vg.Length) box {
	return box{snap(b.x0 + left), snap(b.y0 + bottom), snap(b.x1 - right), snap(b.y1 - top)}
}

func (b box) rect() vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: b.x0, Y: b.y0}, Max: vg.Point{X: b.x1, Y: b.y1}}
}

// lettering is how a piece of text looks.
type lettering struct {
	size  vg.Length
	bold  bool
	color color.RGBA
}

var (
	titleText = lettering{head, true, ink}
	bodyText  = lettering{body, false, ink}
	boldText  = lettering{body, true, ink}
	noteText  = lettering{small, false, quiet}
	tinyText  = lettering{tiny, false, quiet}
)

func (l lettering) withColor(c color.RGBA) lettering { l.color = c; return l }

var handler = text.Plain{Fonts: font.DefaultCache}

func (l lettering) font() font.Font {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: l.size}
	if l.bold {
		f.Weight = xfont.WeightBold
	}
	return f
}

func (l lettering) style(x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{Color: l.color, Font: l.font(), XAlign: x, YAlign: y, Handler: handler}
}

// width returns the width of a line in points.
func (l lettering) width(line string) vg.Length {
	face := font.DefaultCache.Lookup(l.font(), l.size)
	return face.Width(line)
}

// fit returns s on one line and, where it is wider than width, cut to end in
// an ellipsis.
func (l lettering) fit(s string, width vg.Length) string {
	s = oneLine(s)
	if l.width(s) <= width {
		return s
	}
	runes := []rune(s)
	lo, hi := 0, len(runes) // the longest prefix that fits has lo to hi-1 runes
	for lo+1 < hi {
		mid := (lo + hi) / 2
		if l.width(string(runes[:mid])+"…") <= width {
			lo = mid
		} else {
			hi = mid
		}
	}
	return strings.TrimRight(string(runes[:lo]), " ") + "…"
}

// longest is how many characters of a name are looked at.
const longest = 300

func oneLine(s string) string {
	runes := []rune(s)
	if len(runes) > longest {
		runes = runes[:longest]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, string(runes))
}

// wrap breaks s at spaces, but not at no-break ones, into lines no wider than
// width.
func (l lettering) wrap(s string, width vg.Length) []string {
	var lines []string
	line := ""
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' }) {
		longer := strings.TrimLeft(line+" "+word, " ")
		if line != "" && l.width(longer) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, l.fit(line, width))
	}
	return lines
}

// write draws a line of text with its baseline at y; align is 0 when x is its
// left end, 0.5 its middle and 1 its right end.
func (s *sheet) write(l lettering, x, y vg.Length, align float64, line string) {
	if line == "" {
		return
	}
	face := font.DefaultCache.Lookup(l.font(), l.size)
	s.SetColor(l.color)
	s.FillString(face, vg.Point{X: snap(x - vg.Length(align)*face.Width(line)), Y: snap(y)}, line)
}

// writeUp draws a line of text that reads upwards, its baseline at x.
func (s *sheet) writeUp(l lettering, x, y vg.Length, align float64, line string) {
	s.Push()
	s.Translate(vg.Point{X: snap(x), Y: snap(y)})
	s.Rotate(math.Pi / 2)
	s.write(l, 0, 0, align, line)
	s.Pop()
}

// fill paints b.
func (s *sheet) fill(c color.Color, b box) {
	s.SetColor(c)
	s.Fill(b.rect().Path())
}

// line strokes from (x0, y0) to (x1, y1).
func (s *sheet) line(c color.Color, width, x0, y0, x1, y1 vg.Length) {
	s.StrokeLine2(draw.LineStyle{Color: c, Width: width}, x0, y0, x1, y1)
}

// outline strokes the edge of b.
func (s *sheet) outline(c color.Color, width vg.Length, b box) {
	s.SetLineStyle(draw.LineStyle{Color: c, Width: width})
	s.Stroke(b.rect().Path())
}

// dot fills a disc.
func (s *sheet) dot(c color.Color, radius, x, y vg.Length) {
	s.SetColor(c)
	var p vg.Path
	p.Move(vg.Point{X: x + radius, Y: y})
	p.Arc(vg.Point{X: x, Y: y}, radius, 0, 2*math.Pi)
	p.Close()
	s.Fill(p)
}

// heading writes a title and the lines under it at the top of b and cuts them
// off b.
func (s *sheet) heading(b *box, title string, notes ...string) {
	top := b.cutTop(head + 5)
	s.write(titleText, top.x0, top.y1-head+2, 0, titleText.fit(title, b.w()))
	for _, note := range notes {
		for _, line := range noteText.wrap(note, b.w()) {
			row := b.cutTop(body + 2.5)
			s.write(noteText, row.x0, row.y1-body+1, 0, line)
		}
	}
	b.cutTop(4)
}

// headingHeight is what heading cuts off for these notes.
func headingHeight(notes ...string) vg.Length {
	h := vg.Length(head + 5 + 4)
	for _, note := range notes {
		h += (body + 2.5) * vg.Length(len(noteText.wrap(note, pageWidth-2*pageMargin)))
	}
	return h
}

// key is one entry of a legend.
type key struct {
	color color.RGBA
	name  string
}

// legend writes the keys in rows at the top of b and cuts them off b; names
// are cut at a third of the width.
func (s *sheet) legend(b *box, keys []key) {
	if len(keys) == 0 {
		return
	}
	row := b.cutTop(body + 4)
	x := row.x0
	for _, k := range keys {
		name := noteText.fit(k.name, b.w()/3)
		w := noteText.width(name) + 11
		if x+w > row.x1 && x > row.x0 {
			row, x = b.cutTop(body+4), b.x0
		}
		y := row.y1 - body - 1
		s.fill(k.color, box{x, y, x + 7, y + 7})
		s.write(noteText, x+10, y+1, 0, name)
		x += w + 9
	}
	b.cutTop(3)
}

// legendHeight is what legend cuts off a box of the given width.
func legendHeight(keys []key, width vg.Length) vg.Length {
	if len(keys) == 0 {
		return 0
	}
	rows, x := 1, vg.Length(0)
	for _, k := range keys {
		w := noteText.width(noteText.fit(k.name, width/3)) + 11
		if x+w > width && x > 0 {
			rows, x = rows+1, 0
		}
		x += w + 9
	}
	return vg.Length(rows)*(body+4) + 3
}
