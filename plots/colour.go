package plots

import (
	"encoding/hex"
	"image/color"
	"math"
)

// ramp is a colour map of 256 steps, of which every second is used: 128 shades
// are more than the eye tells apart, and leave half of a PNG palette to the rest.
type ramp [256]color.RGBA

// at returns the colour of t in [0, 1]; what lies outside is clamped, and NaN
// is a grey that the map does not contain.
func (r *ramp) at(t float64) color.RGBA {
	if math.IsNaN(t) {
		return noValue
	}
	return r[int(min(max(t, 0), 1)*127+0.5)*2]
}

var noValue = color.RGBA{R: 190, G: 190, B: 190, A: 255}

// magma is the perceptually even colour map by Nathaniel Smith and Stéfan van
// der Walt (CC0), the table of matplotlib 3.11 rounded to 8 bits:
// https://bids.github.io/colormap/ and
// https://github.com/BIDS/colormap/blob/master/colormaps.py
var magma = parseRamp(magmaHex)

// right and wrong are the light-to-dark maps of counts: CIELAB lightness falls
// evenly along each because both run straight in linear steps from white.
var (
	right = straightRamp(color.RGBA{R: 255, G: 255, B: 255, A: 255}, color.RGBA{R: 12, G: 74, B: 129, A: 255})
	wrong = straightRamp(color.RGBA{R: 255, G: 255, B: 255, A: 255}, color.RGBA{R: 160, G: 32, B: 24, A: 255})
)

func parseRamp(s string) *ramp {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	var r ramp
	for i := range r {
		r[i] = color.RGBA{R: b[3*i], G: b[3*i+1], B: b[3*i+2], A: 255}
	}
	return &r
}

func straightRamp(from, to color.RGBA) *ramp {
	var r ramp
	for i := range r {
		r[i] = mix(from, to, float64(i)/255)
	}
	return &r
}

// mix returns the colour a share t of the way from a to b.
func mix(a, b color.RGBA, t float64) color.RGBA {
	part := func(x, y uint8) uint8 { return uint8(float64(x) + t*(float64(y)-float64(x)) + 0.5) }
	return color.RGBA{R: part(a.R, b.R), G: part(a.G, b.G), B: part(a.B, b.B), A: 255}
}

// The colours of the page. Categories are Okabe and Ito's, told apart by the
// colour-blind too (https://jfly.uni-koeln.de/color/), in an order that keeps
// neighbours far apart; their yellow is darkened to be seen on white.
var (
	ink     = color.RGBA{R: 32, G: 33, B: 36, A: 255}
	quiet   = color.RGBA{R: 95, G: 99, B: 104, A: 255}
	faint   = color.RGBA{R: 218, G: 220, B: 224, A: 255}
	paper   = color.RGBA{R: 255, G: 255, B: 255, A: 255}
	wash    = color.RGBA{R: 241, G: 243, B: 246, A: 255}
	blue    = color.RGBA{R: 0, G: 114, B: 178, A: 255}
	orange  = color.RGBA{R: 230, G: 130, B: 0, A: 255}
	green   = color.RGBA{R: 0, G: 158, B: 115, A: 255}
	red     = color.RGBA{R: 200, G: 40, B: 30, A: 255}
	palette = [...]color.RGBA{
		blue, orange, green, {R: 204, G: 90, B: 160, A: 255}, {R: 86, G: 180, B: 233, A: 255},
		{R: 213, G: 94, B: 0, A: 255}, {R: 150, G: 140, B: 20, A: 255}, {R: 90, G: 80, B: 160, A: 255},
		{R: 110, G: 70, B: 50, A: 255}, {R: 120, G: 125, B: 130, A: 255},
	}
)

// category returns the colour of the i-th class: after the ten of the palette
// the same hues come again, lighter and then darker.
func category(i int) color.RGBA {
	c := palette[i%len(palette)]
	switch (i / len(palette)) % 3 {
	case 1:
		return mix(c, paper, 0.45)
	case 2:
		return mix(c, ink, 0.5)
	}
	return c
}

const magmaHex = "" +
	"00000401000501010601010802010902020b02020d03030f03031204041405041606051806051a07061c08071e090720" +
	"0a08220b09240c09260d0a290e0b2b100b2d110c2f120d31130d34140e36150e38160f3b180f3d19103f1a10421c1044" +
	"1d11471e114920114b21114e22115024125325125527125829115a2a115c2c115f2d11612f1163311165331067341069" +
	"36106b38106c390f6e3b0f703d0f713f0f72400f74420f75440f764510774710784910784a10794c117a4e117b4f127b" +
	"51127c52137c54137d56147d57157e59157e5a167e5c167f5d177f5f187f601880621980641a80651a80671b80681c81" +
	"6a1c816b1d816d1d816e1e81701f81721f817320817521817621817822817922827b23827c23827e2482802582812581" +
	"8326818426818627818827818928818b29818c29818e2a81902a81912b81932b80942c80962c80982d80992d809b2e7f" +
	"9c2e7f9e2f7fa02f7fa1307ea3307ea5317ea6317da8327daa337dab337cad347cae347bb0357bb2357bb3367ab5367a" +
	"b73779b83779ba3878bc3978bd3977bf3a77c03a76c23b75c43c75c53c74c73d73c83e73ca3e72cc3f71cd4071cf4070" +
	"d0416fd2426fd3436ed5446dd6456cd8456cd9466bdb476adc4869de4968df4a68e04c67e24d66e34e65e44f64e55064" +
	"e75263e85362e95462ea5661eb5760ec5860ed5a5fee5b5eef5d5ef05f5ef1605df2625df2645cf3655cf4675cf4695c" +
	"f56b5cf66c5cf66e5cf7705cf7725cf8745cf8765cf9785df9795df97b5dfa7d5efa7f5efa815ffb835ffb8560fb8761" +
	"fc8961fc8a62fc8c63fc8e64fc9065fd9266fd9467fd9668fd9869fd9a6afd9b6bfe9d6cfe9f6dfea16efea36ffea571" +
	"fea772fea973feaa74feac76feae77feb078feb27afeb47bfeb67cfeb77efeb97ffebb81febd82febf84fec185fec287" +
	"fec488fec68afec88cfeca8dfecc8ffecd90fecf92fed194fed395fed597fed799fed89afdda9cfddc9efddea0fde0a1" +
	"fde2a3fde3a5fde5a7fde7a9fde9aafdebacfcecaefceeb0fcf0b2fcf2b4fcf4b6fcf6b8fcf7b9fcf9bbfcfbbdfcfdbf"
