package augment

import (
	"math"
	"math/rand/v2"

	"prep/data/filter"
)

var tilt = Transform{
	Name: "tilt", Unit: "db_per_octave", Lo: -6, Hi: 6, Identity: 0, need: filterNeed,
	About: "Spectral tilt around 1 kHz: distance, angle and tone controls. " +
		"Consumer microphones differ by a few dB an octave at the edges of their range.",
	apply: func(w *window, a amounts, _ span, _ *rand.Rand) {
		filter.Run(w.samples, tiltSections(a["db_per_octave"], float64(w.rate))...)
	},
}

const (
	tiltLowHz  = 40 // of the lowest pole
	tiltPoles  = 6  // a pole every 1.6 octaves: ripple under 0.3 dB at 6 dB an octave
	tiltPivot  = 1000
	tiltOctave = 1.6
)

// tiltSections give the spectrum a slope: first-order sections whose poles and
// zeros lie evenly on the octaves, their distance set by the slope (Smith and
// Smith, "Closed form fractional integration and differentiation via real
// exponentially spaced pole-zero pairs", 2016, https://arxiv.org/abs/1606.06154).
func tiltSections(dbPerOctave, fs float64) []filter.Section {
	slope := dbPerOctave / (20 * math.Log10(2)) // in powers of the frequency
	shelves := make([]filter.Section, tiltPoles)
	gain := 1.0
	for i := range shelves {
		pole := tiltLowHz * math.Exp2(tiltOctave*float64(i))
		shelves[i] = shelf(pole*math.Exp2(-slope*tiltOctave), pole, fs)
		gain *= shelves[i].Gain(tiltPivot, fs)
	}
	shelves[0].B0 /= gain
	shelves[0].B1 /= gain
	var sections []filter.Section
	for i := 0; i < tiltPoles; i += 2 {
		sections = append(sections, product(shelves[i], shelves[i+1]))
	}
	return sections
}

// shelf is a zero and a pole, by the bilinear transform warped at each.
func shelf(zeroHz, poleHz, fs float64) filter.Section {
	z := math.Tan(math.Pi * min(zeroHz, 0.48*fs) / fs)
	p := math.Tan(math.Pi * min(poleHz, 0.48*fs) / fs)
	return filter.Section{B0: (1 + z) / (1 + p), B1: (z - 1) / (1 + p), A1: (p - 1) / (1 + p)}
}

// product returns two sections of the first order as one of the second.
func product(f, g filter.Section) filter.Section {
	return filter.Section{B0: f.B0 * g.B0, B1: f.B0*g.B1 + f.B1*g.B0, B2: f.B1 * g.B1, A1: f.A1 + g.A1, A2: f.A1 * g.A1}
}
