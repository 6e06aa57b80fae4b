package augment

import (
	"math"
	"math/rand/v2"

	"prep/data"
)

// settleSeconds of audio before what is kept let filters settle.
const settleSeconds = 0.020

// settled is the need of a filter.
func settled(_ amounts, rate data.Rate, out span) span {
	return out.longer(int(settleSeconds * float64(rate)))
}

// equalizers are the transforms by linear filters without echo.
func equalizers() []Transform {
	return []Transform{{
		Name: "tilt", Unit: "db_per_octave", Lo: -6, Hi: 6, Identity: 0, need: settled,
		About: "Spectral tilt around 1 kHz: distance, angle and tone controls. " +
			"Consumer microphones differ by a few dB an octave at the edges of their range.",
		apply: func(w *window, a amounts, _ span, _ *rand.Rand) { w.tilt(a["db_per_octave"]) },
	}, {
		Name: "lowpass", Unit: "lowpass_hz", Lo: 1000, Hi: 100000, Identity: math.Inf(1), log: true, need: settled,
		About: "Band limit from above, 24 dB an octave: telephones 3.4 kHz, wide-band calls 7 kHz, FM 15 kHz.",
		apply: func(w *window, a amounts, _ span, _ *rand.Rand) {
			if hz := a["lowpass_hz"]; hz < float64(w.rate)/2 {
				w.filter(butterworth(hz, float64(w.rate), lowpassSection)...)
			}
		},
	}, {
		Name: "highpass", Unit: "highpass_hz", Lo: 10, Hi: 2000, Identity: 0, log: true, need: settled,
		About: "Band limit from below, 24 dB an octave: headsets and laptops lose what is under 100 to 300 Hz.",
		apply: func(w *window, a amounts, _ span, _ *rand.Rand) {
			w.filter(butterworth(a["highpass_hz"], float64(w.rate), highpassSection)...)
		},
	}, {
		Name: "microphone", Unit: "strength", Lo: 0, Hi: 1, Identity: 0, need: settled,
		About: "A microphone's curve: corner below, presence, roll-off above, from a studio's (0) to a cheap headset's (1). " +
			"Data sheets of vocal microphones give 50 Hz to 15 kHz with 3 to 6 dB of presence at 4 to 6 kHz.",
		also: []amount{{"low_hz", 40, 240, true}, {"presence_hz", 2000, 6000, true},
			{"presence_db", -3, 8, false}, {"high_hz", 7000, 17500, true}},
		apply: func(w *window, a amounts, _ span, _ *rand.Rand) { w.microphone(a) },
	}}
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

// A microphone without a curve goes from studioLowHz to studioHighHz.
const (
	studioLowHz  = 20
	studioHighHz = 20000
)

// microphone applies a curve; its strength moves the corners, on the scale of
// octaves, and the presence, in dB, between none and what was drawn.
func (w *window) microphone(a amounts) {
	fs, strength := float64(w.rate), a["strength"]
	low := studioLowHz * math.Pow(a["low_hz"]/studioLowHz, strength)
	high := studioHighHz * math.Pow(a["high_hz"]/studioHighHz, strength)
	w.filter(highpassSection(low, math.Sqrt2/2, fs),
		peakSection(a["presence_hz"], a["presence_db"]*strength, fs),
		lowpassSection(high, math.Sqrt2/2, fs))
}

// peakSection is the cookbook's peaking filter, of about two octaves.
func peakSection(hz, gainDB, fs float64) section {
	cos, alpha := angle(hz, 0.7, fs)
	g := ratio(gainDB / 2)
	a0 := 1 + alpha/g
	return section{(1 + alpha*g) / a0, -2 * cos / a0, (1 - alpha*g) / a0, -2 * cos / a0, (1 - alpha/g) / a0}
}

const (
	tiltLowHz  = 40 // of the lowest pole
	tiltPoles  = 6  // a pole every 1.6 octaves: ripple under 0.3 dB at 6 dB an octave
	tiltPivot  = 1000
	tiltOctave = 1.6
)

// tilt gives the spectrum a slope: first-order sections whose poles and zeros
// lie evenly on the octaves, their distance set by the slope (Smith and Smith,
// "Closed form fractional integration and differentiation via real
// exponentially spaced pole-zero pairs", 2016, https://arxiv.org/abs/1606.06154).
func (w *window) tilt(dbPerOctave float64) {
	fs := float64(w.rate)
	slope := dbPerOctave / (20 * math.Log10(2)) // in powers of the frequency
	shelves := make([]section, tiltPoles)
	gain := 1.0
	for i := range shelves {
		pole := tiltLowHz * math.Exp2(tiltOctave*float64(i))
		shelves[i] = shelf(pole*math.Exp2(-slope*tiltOctave), pole, fs)
		gain *= shelves[i].gainAt(tiltPivot, fs)
	}
	shelves[0].b0 /= gain
	shelves[0].b1 /= gain
	var sections []section
	for i := 0; i < tiltPoles; i += 2 {
		sections = append(sections, shelves[i].times(shelves[i+1]))
	}
	w.filter(sections...)
}

// times returns two sections of the first order as one of the second.
func (f section) times(g section) section {
	return section{f.b0 * g.b0, f.b0*g.b1 + f.b1*g.b0, f.b1 * g.b1, f.a1 + g.a1, f.a1 * g.a1}
}

// shelf is a zero and a pole, by the bilinear transform warped at each.
func shelf(zeroHz, poleHz, fs float64) section {
	z := math.Tan(math.Pi * min(zeroHz, 0.48*fs) / fs)
	p := math.Tan(math.Pi * min(poleHz, 0.48*fs) / fs)
	return section{b0: (1 + z) / (1 + p), b1: (z - 1) / (1 + p), a1: (p - 1) / (1 + p)}
}

// gainAt returns the magnitude of the response at hz.
func (f section) gainAt(hz, fs float64) float64 {
	sin, cos := math.Sincos(2 * math.Pi * hz / fs)
	sin2, cos2 := math.Sincos(4 * math.Pi * hz / fs)
	num := math.Hypot(f.b0+f.b1*cos+f.b2*cos2, f.b1*sin+f.b2*sin2)
	return num / math.Hypot(1+f.a1*cos+f.a2*cos2, f.a1*sin+f.a2*sin2)
}
