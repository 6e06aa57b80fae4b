package corpus

import (
	"math"

	"prep/data/num"
)

// biquad is a second-order section, transposed direct form II, after the Audio
// EQ Cookbook (R. Bristow-Johnson, https://www.w3.org/TR/audio-eq-cookbook/).
type biquad struct {
	b0, b1, b2, a1, a2 float64
	z1, z2             float64
}

// step returns the filter's next output.
func (f *biquad) step(x float64) float64 {
	y := f.b0*x + f.z1
	f.z1 = f.b1*x - f.a1*y + f.z2
	f.z2 = f.b2*x - f.a2*y
	return y
}

// apply filters x in place.
func (f *biquad) apply(x []float64) {
	for i, v := range x {
		x[i] = f.step(v)
	}
}

// cookbook returns sin w, cos w and alpha for a frequency kept below 0.45 fs.
func cookbook(hz, q, fs float64) (sin, cos, alpha float64) {
	sin, cos = math.Sincos(2 * math.Pi * min(hz, 0.45*fs) / fs)
	return sin, cos, sin / (2 * q)
}

// resonator passes hz at unit gain with quality q.
func resonator(hz, q, fs float64) biquad {
	_, cos, alpha := cookbook(hz, q, fs)
	a0 := 1 + alpha
	return biquad{b0: alpha / a0, b2: -alpha / a0, a1: -2 * cos / a0, a2: (1 - alpha) / a0}
}

func lowpass(hz, q, fs float64) biquad {
	_, cos, alpha := cookbook(hz, q, fs)
	a0 := 1 + alpha
	b := (1 - cos) / a0
	return biquad{b0: b / 2, b1: b, b2: b / 2, a1: -2 * cos / a0, a2: (1 - alpha) / a0}
}

func highpass(hz, q, fs float64) biquad {
	_, cos, alpha := cookbook(hz, q, fs)
	a0 := 1 + alpha
	b := (1 + cos) / a0
	return biquad{b0: b / 2, b1: -b, b2: b / 2, a1: -2 * cos / a0, a2: (1 - alpha) / a0}
}

func peaking(hz, q, gainDB, fs float64) biquad {
	_, cos, alpha := cookbook(hz, q, fs)
	a := num.Amplitude(gainDB / 2)
	a0 := 1 + alpha/a
	return biquad{b0: (1 + alpha*a) / a0, b1: -2 * cos / a0, b2: (1 - alpha*a) / a0,
		a1: -2 * cos / a0, a2: (1 - alpha/a) / a0}
}
