package corpus

import (
	"math"
	"math/rand/v2"

	"prep/data/num"
)

// noise is a voice's background: hiss from white to pink, and mains hum.
type noise struct {
	snrDB float64 // RMS of a plain hit's first 50 ms over that of the noise
	white float64 // share of white against pink
	humHz float64
	humDB float64 // re the hiss
}

func newNoise(rng *rand.Rand, snrDB float64) noise {
	return noise{snrDB: snrDB, white: 0.6 * rng.Float64(),
		humHz: float64(50 + 10*rng.IntN(2)), humDB: -22 + 16*rng.Float64()}
}

// plainRMS is about the RMS of a hit of unit level over its first 50 ms: the
// crest factor of the classes is around 14 dB.
const plainRMS = 0.45

// addNoise adds the voice's background to x.
func (v *voice) addNoise(x []float64, rng *rand.Rand) {
	n := v.noise
	if math.IsInf(n.snrDB, 1) {
		return
	}
	hiss := make([]float64, len(x))
	var p pink
	var power float64
	for i := range hiss {
		w := rng.NormFloat64()
		hiss[i] = n.white*w + (1-n.white)*p.step(w)
		power += hiss[i] * hiss[i]
	}
	rms := plainRMS * num.Amplitude(-n.snrDB)
	addScaled(x, hiss, rms/math.Sqrt(power/float64(len(hiss))))
	addHum(x, n.humHz/v.fs, rms*num.Amplitude(n.humDB), 2*math.Pi*rng.Float64())
}

// addHum adds a mains hum of the given frequency in cycles a sample, with the
// second and third harmonic falling by 6 and 10 dB.
func addHum(x []float64, cycles, rms, phase float64) {
	for k := 1; k <= 3; k++ {
		sin, cos := math.Sincos(2 * math.Pi * cycles * float64(k))
		s, c := math.Sincos(phase * float64(k))
		a := rms * math.Sqrt2 / float64(k)
		for i := range x {
			x[i] += a * s
			s, c = s*cos+c*sin, c*cos-s*sin
		}
	}
}

// pink turns white noise into pink: Kellet's economy filter, within 0.5 dB of
// 1/f at 44.1 kHz (https://www.firstpr.com.au/dsp/pink-noise/).
type pink struct{ b0, b1, b2 float64 }

func (p *pink) step(white float64) float64 {
	p.b0 = 0.99765*p.b0 + white*0.0990460
	p.b1 = 0.96300*p.b1 + white*0.2965164
	p.b2 = 0.57000*p.b2 + white*1.0526913
	return p.b0 + p.b1 + p.b2 + white*0.1848
}
