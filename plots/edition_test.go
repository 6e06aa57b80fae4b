package plots

import (
	"image"
	"testing"

	"prep/data/datatest"
)

// Every kind of picture is that of the edition.
func TestEdition(t *testing.T) {
	golden := datatest.NewGolden(t, "plots", "", Edition)
	eachOrdinary(t, func(name string, img *image.Paletted) {
		golden.Exact(name+" size", img.Bounds())
		datatest.Near(golden, name, 1e-5, pixelsOf(img))
	})
}

// pixelsOf returns red, green and blue of every pixel.
func pixelsOf(img *image.Paletted) []uint8 {
	values := make([]uint8, 0, 3*len(img.Pix))
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
		for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
			r, g, b, _ := img.Palette[img.ColorIndexAt(x, y)].RGBA()
			values = append(values, uint8(r>>8), uint8(g>>8), uint8(b>>8))
		}
	}
	return values
}
