package plots

import (
	"image"
	"image/color"
	"math"
	"testing"
)

func TestColorMapGetsLighterEvenly(t *testing.T) {
	last := -1.0
	for i := range 128 {
		c := magma.at(float64(i) / 127)
		l := 0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B)
		if l < last || l-last > 6 {
			t.Errorf("shade %d: luma from %.1f to %.1f", i, last, l)
		}
		last = l
	}
	if got := magma.at(math.NaN()); got != noValue {
		t.Errorf("NaN is %v, want %v", got, noValue)
	}
	if magma.at(math.Inf(-1)) != magma.at(0) || magma.at(7) != magma.at(1) {
		t.Error("values beyond the range are not clamped")
	}
}

func TestReduceKeepsFewColors(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 40, 10))
	for i := range 400 {
		img.SetRGBA(i%40, i/40, palette[i%len(palette)])
	}
	got := reduce(img)
	for i := range 400 {
		if d := distance(got.At(i%40, i/40), palette[i%len(palette)]); d != 0 {
			t.Fatalf("pixel %d is %d off", i, d)
		}
	}
}

func TestReduceIsFaithful(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 600, 400))
	for i := range 240000 { // all shades of the map, all greys, and a mark of six pixels
		c := magma[i%256]
		if i%7 == 0 {
			c = color.RGBA{R: uint8(i / 600), G: uint8(i / 600), B: uint8(i / 600), A: 255}
		}
		if i > 1000 && i < 1007 {
			c = overOctave
		}
		img.SetRGBA(i%600, i/600, c)
	}
	got := reduce(img).(*image.Paletted)
	worst := 0
	for i := range 240000 {
		worst = max(worst, distance(got.At(i%600, i/600), img.RGBAAt(i%600, i/600)))
	}
	if len(got.Palette) > 256 || worst > 8 {
		t.Errorf("%d colours, one %d of 255 off", len(got.Palette), worst)
	}
}

func TestReduceGivesUpOnTooManyColors(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 300, 300))
	for i := range 90000 {
		img.SetRGBA(i%300, i/300, color.RGBA{R: uint8(i), G: uint8(i >> 8), B: uint8(i >> 16), A: 255})
	}
	if reduce(img) != image.Image(img) {
		t.Error("90000 colours were reduced")
	}
}
