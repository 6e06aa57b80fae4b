package plots

import (
	"io"

	"gonum.org/v1/plot/vg"
)

// Features draws patches of one hit side by side, three in a row, each with
// axes and colours of its own.
func Features(w io.Writer, title string, patches []NamedPatch) error {
	const (
		columns = 3
		side    = 128 // four pixels a cell of 64
		row     = 44 + side + 34
	)
	rows := (len(patches) + columns - 1) / columns
	note := "The same hit, as a network is shown it by each kind of feature."
	s := newSheet(w, 2*pageMargin+headingHeight(note)+row*vg.Length(rows))
	page := s.page()
	s.heading(&page, title, note)
	for i := 0; i < len(patches); i += columns {
		line := page.cutTop(row)
		for _, v := range patches[i:min(i+columns, len(patches))] {
			s.drawNamed(line.cutLeft((pageWidth-2*pageMargin)/columns), v, side)
		}
	}
	return s.encode()
}

// writeTitle writes a patch's title and note above it, two lines of the note at
// most; the last leaves room for the colour bar's unit.
func (s *sheet) writeTitle(at box, v NamedPatch, width vg.Length) {
	lines := tinyText.wrap(v.Note, width)
	lines = lines[:min(len(lines), 2)]
	y := at.y1 + 15 + 9*vg.Length(len(lines))
	s.write(boldText, at.x0, y, 0, boldText.fit(v.Title, width))
	for i, line := range lines {
		s.write(tinyText, at.x0, y-10-9*vg.Length(i), 0, line)
	}
}

// drawNamed draws a patch with its title and note over it.
func (s *sheet) drawNamed(b box, v NamedPatch, side vg.Length) {
	at := b.inset(30, 0, 34, 0)
	at.x1, at.y1 = at.x0+side, at.y0+side
	p, shades := s.patchPlot(v.Patch, 0, v.Axes, at)
	s.draw(p, at)
	s.colorBar(box{at.x1 + 5, at.y0, at.x1 + 33, at.y1}, shades)
	s.writeTitle(at, v, side+28)
}
