package corpus

import (
	"math"
	"math/rand/v2"

	"prep/data/filter"
	"prep/data/num"
)

// band is one resonance of a tract: centre, quality and gain.
type band struct{ hz, q, gain float64 }

// burst is noise under an envelope through parallel resonances. Times are in
// seconds; gain is the peak magnitude of the result.
type burst struct {
	delay, attack, hold, decay float64
	gain                       float64
	bands                      []band
}

// thump is a pitched sound that glides from one frequency to another: a sine,
// and voicing times a train of glottal pulses through the bands.
type thump struct {
	delay, from, to, glide, decay float64
	gain, voicing                 float64
	bands                         []band
}

// stroke synthesizes one hit.
type stroke struct {
	fs      float64
	rng     *rand.Rand
	out     []float64
	scratch []float64
}

// tailFloor is where a part of a hit is cut: 70 dB below its peak.
var tailFloor = math.Log(num.Amplitude(70))

func (s *stroke) addBurst(b burst) {
	length := b.attack + b.hold + b.decay*tailFloor
	x := s.clearScratch(length)
	for i := range x {
		x[i] = s.rng.NormFloat64() * envelope(float64(i+1)/s.fs, b.attack, b.hold, b.decay)
	}
	s.mix(filterBands(x, b.bands, s.fs), b.delay, b.gain)
}

func (s *stroke) addThump(t thump) {
	x := s.clearScratch(t.decay * tailFloor)
	pulses := make([]float64, len(x))
	phase := 0.0
	for i := range x {
		at := float64(i+1) / s.fs
		phase += (t.to + (t.from-t.to)*math.Exp(-at/t.glide)) / s.fs
		e := envelope(at, 0.0015, 0, t.decay)
		x[i] = e * math.Sin(2*math.Pi*phase)
		pulses[i] = e * glottal(phase-math.Floor(phase))
	}
	if t.voicing > 0 {
		addScaled(x, filterBands(pulses, t.bands, s.fs), t.voicing)
	}
	s.mix(x, t.delay, t.gain)
}

// glottal is the derivative of the KLGLOTT88 flow 27/4 (p^2 - p^3) over one
// period (Klatt and Klatt, JASA 87, 1990), with the glottis never closed.
func glottal(p float64) float64 { return 6.75 * (2*p - 3*p*p) }

// envelope rises linearly over attack, holds, then falls exponentially with
// the time constant decay. It is above zero at every at > 0.
func envelope(at, attack, hold, decay float64) float64 {
	switch {
	case at < attack:
		return at / attack
	case at < attack+hold:
		return 1
	}
	return math.Exp(-(at - attack - hold) / decay)
}

// filterBands returns the sum of x through each band.
func filterBands(x []float64, bands []band, fs float64) []float64 {
	sum, through := make([]float64, len(x)), make([]float64, len(x))
	for _, b := range bands {
		copy(through, x)
		filter.Run(through, filter.Resonator(belowHalf(b.hz, fs), b.q, fs))
		// White noise keeps its power whatever the width of the band.
		addScaled(sum, through, b.gain*math.Sqrt(b.q*fs/(2*b.hz)))
	}
	return sum
}

// clearScratch returns a zeroed scratch of so many seconds.
func (s *stroke) clearScratch(seconds float64) []float64 {
	n := int(seconds*s.fs) + 1
	if cap(s.scratch) < n {
		s.scratch = make([]float64, n)
	}
	x := s.scratch[:n]
	clear(x)
	return x
}

// mix adds x at the delay, scaled so that its peak magnitude is gain.
func (s *stroke) mix(x []float64, delay, gain float64) {
	at := int(delay * s.fs)
	if need := at + len(x); need > len(s.out) {
		s.out = append(s.out, make([]float64, need-len(s.out))...)
	}
	var peak float64
	for _, v := range x {
		peak = max(peak, math.Abs(v))
	}
	if peak > 0 {
		addScaled(s.out[at:], x, gain/peak)
	}
}
