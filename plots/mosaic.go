package plots

import (
	"io"
	"math"

	"prep/data/num"

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

// The largest and the smallest side of a tile, the gap between two, and the room
// for the names of the rows, in points.
const (
	mosaicSide  = 52
	mosaicLeast = 24
	mosaicGap   = 6
	mosaicName  = 120
)

// Mosaic draws rows of tiles, a square a cell, values above zero blue and below
// it red, each row up to its own largest. Where a row has many its tiles are
// smaller; the thirteenth is the last that is drawn.
func Mosaic(w io.Writer, title, note string, rows []Tiles) error {
	side := mosaicTile(rows)
	height := side + 18
	s := newSheet(w, 2*pageMargin+headingHeight(note)+height*vg.Length(max(len(rows), 1)))
	page := s.page()
	s.heading(&page, title, note)
	for _, row := range rows {
		tiles(s, page.cutTop(height), row, side)
	}
	return s.encode()
}

// mosaicTile returns the side at which the longest row fits.
func mosaicTile(rows []Tiles) vg.Length {
	longest := 1
	for _, row := range rows {
		longest = max(longest, len(row.Fields))
	}
	room := vg.Length(pageWidth - 2*pageMargin - mosaicName)
	return min(mosaicSide, max(mosaicLeast, room/vg.Length(longest)-mosaicGap))
}

// tiles draws one row.
func tiles(s *sheet, b box, row Tiles, side vg.Length) {
	name := b.cutLeft(mosaicName)
	s.write(noteText.withColor(ink), name.x0, name.y1-22, 0, noteText.fit(row.Name, mosaicName-6))
	s.write(tinyText, name.x0, name.y1-33, 0, tinyText.fit(row.Note, mosaicName-6))
	largest := row.largestMagnitude()
	for _, t := range row.Fields {
		if b.w() < side {
			return
		}
		at := b.cutLeft(side+mosaicGap).inset(0, mosaicGap, 4, 14)
		s.write(tinyText, at.x0, at.y1+3, 0, tinyText.fit(t.Title, at.w()))
		tile(s, at, t, largest)
	}
}

// largestMagnitude returns the largest magnitude of the row's finite values, at least a
// little above zero.
func (t Tiles) largestMagnitude() float64 {
	most := 1e-12
	for _, f := range t.Fields {
		for _, v := range f.Values {
			if num.Finite(float64(v)) {
				most = max(most, math.Abs(float64(v)))
			}
		}
	}
	return most
}

// tile draws one field at the lower left of b.
func tile(s *sheet, b box, t Tile, largest float64) {
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
