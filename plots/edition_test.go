package plots

import (
	"image"
	"testing"

	"prep/data/datatest"
)

// Every kind of picture is that of the edition.
func TestEdition(t *testing.T) {
	golden := datatest.NewGolden(t, "plots", "", Edition)
	for _, p := range ordinary() {
		img := drawn(t, p.draw)
		golden.Exact(p.name+" size", img.Bounds())
		datatest.Near(golden, p.name, 1e-5, pixelsOf(img))
	}
}

// pixelsOf returns red, green and blue of every pixel.
func pixelsOf(img image.Image) []uint8 {
	p := img.(*image.Paletted)
	values := make([]uint8, 0, 3*len(p.Pix))
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		for x := p.Rect.Min.X; x < p.Rect.Max.X; x++ {
			r, g, b, _ := p.At(x, y).RGBA()
			values = append(values, uint8(r>>8), uint8(g>>8), uint8(b>>8))
		}
	}
	return values
}
