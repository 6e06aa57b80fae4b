package plots

import (
	"io"
	"math"

	"gonum.org/v1/plot/vg"
)

// Tiles is a row of a Mosaic: small fields that are compared with each other.
type Tiles struct {
	Name string
	// Note is a line under the name.
	Note   string
	Fields []Tile
}

// Tile is a field of Bands x Frames values, row-major, the lowest band first.
type Tile struct {
	Title         string
	Bands, Frames int
	Values        []float32
}

// The largest and the smallest side of a tile, and the room for the names of
// the rows, in points.
const (
	mosaicSide  = 52
	mosaicLeast = 24
	mosaicName  = 120
)

// Mosaic draws rows of tiles, a square a cell, values above zero blue and below
// it red, each row up to its own largest. Tiles that a row has no room for are
// left out.
func Mosaic(w io.Writer, title, note string, rows []Tiles) error {
	const height = mosaicSide + 18
	s := newSheet(2*pageMargin + headingHeight(note) + height*vg.Length(max(len(rows), 1)))
	page := s.page()
	s.heading(&page, title, note)
	for _, row := range rows {
		s.tiles(page.cutTop(height), row)
	}
	return s.encode(w)
}

// tiles draws one row.
func (s *sheet) tiles(b box, row Tiles) {
	name := b.cutLeft(mosaicName)
	s.write(noteText.in(ink), name.x0, name.y1-22, 0, noteText.fit(row.Name, mosaicName-6))
	s.write(tinyText, name.x0, name.y1-33, 0, tinyText.fit(row.Note, mosaicName-6))
	largest := row.largest()
	for _, t := range row.Fields {
		if b.w() < mosaicSide {
			return
		}
		at := b.cutLeft(mosaicSide+6).inset(0, 6, 4, 14)
		s.write(tinyText, at.x0, at.y1+3, 0, tinyText.fit(t.Title, at.w()))
		s.tile(at, t, largest)
	}
}

// largest returns the largest magnitude of the row's finite values, at least a
// little above zero.
func (t Tiles) largest() float64 {
	most := 1e-12
	for _, f := range t.Fields {
		for _, v := range f.Values {
			if finite(float64(v)) {
				most = max(most, math.Abs(float64(v)))
			}
		}
	}
	return most
}

// tile draws one field at the lower left of b.
func (s *sheet) tile(b box, t Tile, largest float64) {
	if t.Bands < 1 || t.Frames < 1 || len(t.Values) < t.Bands*t.Frames {
		s.fill(noValue, b)
		return
	}
	side := min(b.w()/vg.Length(t.Frames), b.h()/vg.Length(t.Bands))
	for i, v := range t.Values[:t.Bands*t.Frames] {
		x, y := b.x0+side*vg.Length(i%t.Frames), b.y0+side*vg.Length(i/t.Frames)
		shades := right
		if v < 0 {
			shades = wrong
		}
		s.fill(shades.at(math.Abs(float64(v))/largest), box{snap(x), snap(y), snap(x + side), snap(y + side)})
	}
	s.outline(faint, 0.5, box{b.x0, b.y0, b.x0 + side*vg.Length(t.Frames), b.y0 + side*vg.Length(t.Bands)})
}
