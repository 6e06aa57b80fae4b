package augment

import (
	"math"

	"prep/data"
	"prep/data/num"
)

// settleSeconds of audio before what is kept let filters settle.
const settleSeconds = 0.020

// settled is the need of a filter.
func settled(_ amounts, rate data.Rate, out span) span {
	return out.longer(int(settleSeconds * float64(rate)))
}

// section is a second-order filter, direct form II transposed.
type section struct{ b0, b1, b2, a1, a2 float64 }

// filter passes w through the sections in turn, two at a time: each waits for
// its last output, so that a second one costs no time.
func (w *window) filter(sections ...section) {
	if len(sections)%2 == 1 {
		sections = append(sections, section{b0: 1})
	}
	for ; len(sections) > 0; sections = sections[2:] {
		f, g := sections[0], sections[1]
		var f1, f2, g1, g2 float64
		for i, v := range w.samples {
			x := float64(v)
			y := f.b0*x + f1
			f1 = f.b1*x - f.a1*y + f2
			f2 = f.b2*x - f.a2*y
			z := g.b0*y + g1
			g1 = g.b1*y - g.a1*z + g2
			g2 = g.b2*y - g.a2*z
			w.samples[i] = float32(z)
		}
	}
}

// butterworth returns a fourth-order filter as two sections.
func butterworth(hz, fs float64, kind func(hz, q, fs float64) section) []section {
	// The qualities are 1 / (2 cos(pi/8)) and 1 / (2 cos(3 pi/8)).
	return []section{kind(hz, 0.5411961, fs), kind(hz, 1.3065630, fs)}
}

// angle returns the cookbook's cos w and alpha; the frequency is kept below
// 0.49 fs.
func angle(hz, q, fs float64) (cos, alpha float64) {
	sin, cos := math.Sincos(2 * math.Pi * min(hz, 0.49*fs) / fs)
	return cos, sin / (2 * q)
}

// lowpassSection is the low-pass of R. Bristow-Johnson's Audio EQ Cookbook
// (https://www.w3.org/TR/audio-eq-cookbook/), as are the sections below.
func lowpassSection(hz, q, fs float64) section {
	cos, alpha := angle(hz, q, fs)
	a0 := 1 + alpha
	b := (1 - cos) / a0
	return section{b / 2, b, b / 2, -2 * cos / a0, (1 - alpha) / a0}
}

func highpassSection(hz, q, fs float64) section {
	cos, alpha := angle(hz, q, fs)
	a0 := 1 + alpha
	b := (1 + cos) / a0
	return section{b / 2, -b, b / 2, -2 * cos / a0, (1 - alpha) / a0}
}

// peakSection is the cookbook's peaking filter, of about two octaves.
func peakSection(hz, gainDB, fs float64) section {
	cos, alpha := angle(hz, 0.7, fs)
	g := num.Amplitude(gainDB / 2)
	a0 := 1 + alpha/g
	return section{(1 + alpha*g) / a0, -2 * cos / a0, (1 - alpha*g) / a0, -2 * cos / a0, (1 - alpha/g) / a0}
}

// times returns two sections of the first order as one of the second.
func (f section) times(g section) section {
	return section{f.b0 * g.b0, f.b0*g.b1 + f.b1*g.b0, f.b1 * g.b1, f.a1 + g.a1, f.a1 * g.a1}
}

// gainAt returns the magnitude of the response at hz.
func (f section) gainAt(hz, fs float64) float64 {
	sin, cos := math.Sincos(2 * math.Pi * hz / fs)
	sin2, cos2 := math.Sincos(4 * math.Pi * hz / fs)
	num := math.Hypot(f.b0+f.b1*cos+f.b2*cos2, f.b1*sin+f.b2*sin2)
	return num / math.Hypot(1+f.a1*cos+f.a2*cos2, f.a1*sin+f.a2*sin2)
}
