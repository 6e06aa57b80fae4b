package plots

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"
)

// SVG returns a writer for a picture that is to be SVG: lines, letters and bars stay
// sharp at any size; spectrograms and patches are images in it. Every other writer is
// given a PNG.
func SVG(w io.Writer) io.Writer { return svgWriter{w} }

type svgWriter struct{ io.Writer }

// encode writes the page, as a PNG of at most 256 colours: a third of the bytes
// to compress and no filters to try, which is most of the time and size of a
// picture; or as SVG.
func (s *sheet) encode() error {
	if s.svg != nil {
		var text bytes.Buffer
		if _, err := s.svg.WriteTo(&text); err != nil {
			return err
		}
		_, err := s.to.Write(bytes.ReplaceAll(text.Bytes(), []byte(`style="font-family:Liberation Sans;`),
			[]byte(`style="font-family:Liberation Sans,Arial,Helvetica,sans-serif;`))) // of the same widths
		return err
	}
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	return e.Encode(s.to, reduce(s.pixels()))
}

// pixels returns what the page is drawn on.
func (s *sheet) pixels() *image.RGBA { return s.img.Image().(*image.RGBA) }

// reduce returns img in at most 256 colours, or img itself when it holds more
// than maxColors.
func reduce(img *image.RGBA) image.Image {
	t := newColorTable()
	if !t.count(img) {
		return img
	}
	out := image.NewPaletted(img.Rect, t.choose())
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		dst := out.Pix[y*out.Stride:]
		last, index := uint32(1<<24), uint8(0)
		for x := range dst[:img.Rect.Dx()] {
			if c := rgb(row[4*x:]); c != last {
				last, index = c, t.entries[t.find(c)].index
			}
			dst[x] = index
		}
	}
	return out
}

func rgb(p []uint8) uint32 { return uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2]) }

// colorTable counts colours, by open addressing.
type colorTable struct {
	entries []colorEntry
	used    int
}

type colorEntry struct {
	color uint32
	count int // 0: free
	index uint8
}

const (
	tableBits = 16
	maxColors = 1 << (tableBits - 1)
)

func newColorTable() *colorTable {
	return &colorTable{entries: make([]colorEntry, 1<<tableBits)}
}

// find returns the place of a colour, or the free one where it belongs.
func (t *colorTable) find(c uint32) int {
	const golden = 2654435769 // 2^32 over the golden ratio: Knuth, TAOCP 3, section 6.4
	i := int(c * golden >> (32 - tableBits))
	for t.entries[i].count > 0 && t.entries[i].color != c {
		i = (i + 1) % len(t.entries)
	}
	return i
}

// count counts the colours of img; it is false when there are too many.
func (t *colorTable) count(img *image.RGBA) bool {
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		for x := 0; x < len(row); {
			c, from := rgb(row[x:]), x
			for x += 4; x < len(row) && rgb(row[x:]) == c; x += 4 {
			}
			e := &t.entries[t.find(c)]
			if e.count == 0 {
				if t.used++; t.used > maxColors {
					return false
				}
				e.color = c
			}
			e.count += (x - from) / 4
		}
	}
	return true
}

// choose picks the palette, the most frequent colours first, passing over what
// is too near to one already picked, and gives every colour its nearest. Near
// means 2 steps of 256 a channel for frequent colours, 4 for the rare ones on
// the edges of letters and lines, so that small marks keep their own colour.
func (t *colorTable) choose() color.Palette {
	const frequent, nearFrequent, nearRare = 64, 3 * 2 * 2, 3 * 4 * 4
	var order []*colorEntry
	for i := range t.entries {
		if t.entries[i].count > 0 {
			order = append(order, &t.entries[i])
		}
	}
	slices.SortFunc(order, func(a, b *colorEntry) int {
		return cmp.Or(b.count-a.count, cmp.Compare(a.color, b.color))
	})
	var picked []uint32
	for _, e := range order {
		near := nearRare
		if e.count >= frequent {
			near = nearFrequent
		}
		i, far := nearestColor(picked, e.color)
		if far >= near && len(picked) < 256 {
			i, picked = len(picked), append(picked, e.color)
		}
		e.index = uint8(i)
	}
	palette := make(color.Palette, len(picked))
	for i, c := range picked {
		palette[i] = color.RGBA{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 255}
	}
	return palette
}

// nearestColor returns the picked colour with the least squared distance to c.
func nearestColor(picked []uint32, c uint32) (index, distance int) {
	distance = 1 << 30
	r, g, b := int(c>>16), int(c>>8&255), int(c&255)
	for i, p := range picked {
		dr, dg, db := int(p>>16)-r, int(p>>8&255)-g, int(p&255)-b
		if d := dr*dr + dg*dg + db*db; d < distance {
			index, distance = i, d
		}
	}
	return index, distance
}
