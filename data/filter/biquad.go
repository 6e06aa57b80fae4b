// Package filter has the filters that more than one room needs: second-order
// sections, and what windowed-sinc interpolation is made of.
package filter

import (
	"math"

	"prep/data/num"
)

// Section is a second-order filter,
//
//	H(z) = (B0 + B1/z + B2/z²) / (1 + A1/z + A2/z²).
//
// Its designs are those of R. Bristow-Johnson's Audio EQ Cookbook
// (https://www.w3.org/TR/audio-eq-cookbook/): hz is the corner or the centre, q
// the quality, fs the sampling rate; a frequency is kept below 0.49 fs.
type Section struct{ B0, B1, B2, A1, A2 float64 }

// Lowpass passes what is below hz.
func Lowpass(hz, q, fs float64) Section {
	cos, alpha := angle(hz, q, fs)
	a0 := 1 + alpha
	b := (1 - cos) / a0
	return Section{b / 2, b, b / 2, -2 * cos / a0, (1 - alpha) / a0}
}

// Highpass passes what is above hz.
func Highpass(hz, q, fs float64) Section {
	cos, alpha := angle(hz, q, fs)
	a0 := 1 + alpha
	b := (1 + cos) / a0
	return Section{b / 2, -b, b / 2, -2 * cos / a0, (1 - alpha) / a0}
}

// Resonator passes hz at a gain of one, and less of what is around it.
func Resonator(hz, q, fs float64) Section {
	cos, alpha := angle(hz, q, fs)
	a0 := 1 + alpha
	return Section{alpha / a0, 0, -alpha / a0, -2 * cos / a0, (1 - alpha) / a0}
}

// Peak raises what is around hz by gainDB.
func Peak(hz, q, gainDB, fs float64) Section {
	cos, alpha := angle(hz, q, fs)
	g := num.Amplitude(gainDB / 2)
	a0 := 1 + alpha/g
	return Section{(1 + alpha*g) / a0, -2 * cos / a0, (1 - alpha*g) / a0, -2 * cos / a0, (1 - alpha/g) / a0}
}

// angle returns the cookbook's cos w and alpha.
func angle(hz, q, fs float64) (cos, alpha float64) {
	sin, cos := math.Sincos(2 * math.Pi * min(hz, 0.49*fs) / fs)
	return cos, sin / (2 * q)
}

// Gain returns the magnitude of the response at hz.
func (s Section) Gain(hz, fs float64) float64 {
	sin, cos := math.Sincos(2 * math.Pi * hz / fs)
	sin2, cos2 := math.Sincos(4 * math.Pi * hz / fs)
	above := math.Hypot(s.B0+s.B1*cos+s.B2*cos2, s.B1*sin+s.B2*sin2)
	return above / math.Hypot(1+s.A1*cos+s.A2*cos2, s.A1*sin+s.A2*sin2)
}

// Run passes x through the sections in turn, in place, from rest, by direct form
// II transposed in float64. It takes two at a time: each waits for its last
// output, so that a second one costs no time.
func Run[T float32 | float64](x []T, sections ...Section) {
	if len(sections)%2 == 1 {
		sections = append(sections[:len(sections):len(sections)], Section{B0: 1})
	}
	for ; len(sections) > 0; sections = sections[2:] {
		f, g := sections[0], sections[1]
		var f1, f2, g1, g2 float64
		for i, v := range x {
			x0 := float64(v)
			y := f.B0*x0 + f1
			f1 = f.B1*x0 - f.A1*y + f2
			f2 = f.B2*x0 - f.A2*y
			z := g.B0*y + g1
			g1 = g.B1*y - g.A1*z + g2
			g2 = g.B2*y - g.A2*z
			x[i] = T(z)
		}
	}
}
