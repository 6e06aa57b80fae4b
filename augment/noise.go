package augment

import (
	"math"
	"math/rand/v2"
)

// noises are the transforms that add noise at a ratio of the hit's power, from
// its onset to its end, to that of the noise over the same samples.
func noises() []Transform {
	const about = " noise; Snyder et al. (X-vectors, ICASSP 2018) add noise at 0 to 15 dB over seconds, " +
		"short hits keep their class down to about 10 dB."
	return []Transform{
		noiseOf("noise_white", "White"+about, white),
		noiseOf("noise_pink", "Pink (1/f)"+about, pink),
	}
}

func noiseOf(name, about string, fill func([]float32, *rand.Rand)) Transform {
	return Transform{
		Name: name, Unit: "snr_db", Lo: -10, Hi: 80, Identity: math.Inf(1), About: about,
		apply: func(w *window, a amounts, _ span, rng *rand.Rand) {
			noise := make([]float32, len(w.samples))
			fill(noise, rng)
			w.addAt(noise, a["snr_db"])
		},
	}
}

// addAt adds noise at a ratio of the hit's power to the noise's.
func (w *window) addAt(noise []float32, snrDB float64) {
	level := rms(noise[w.at : w.at+w.post])
	if level > 0 {
		w.add(noise, float32(rms(w.hit())/level*ratio(-snrDB)))
	}
}

func white(x []float32, rng *rand.Rand) {
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
}

// pink fills x with noise whose power falls by 3 dB an octave: Kellet's
// filter, within 0.05 dB above 9 Hz at 44.1 kHz
// (https://www.firstpr.com.au/dsp/pink-noise/).
func pink(x []float32, rng *rand.Rand) {
	var b [7]float32
	for i := range x {
		w := float32(rng.NormFloat64())
		b[0] = 0.99886*b[0] + w*0.0555179
		b[1] = 0.99332*b[1] + w*0.0750759
		b[2] = 0.96900*b[2] + w*0.1538520
		b[3] = 0.86650*b[3] + w*0.3104856
		b[4] = 0.55000*b[4] + w*0.5329522
		b[5] = -0.7616*b[5] - w*0.0168980
		x[i] = b[0] + b[1] + b[2] + b[3] + b[4] + b[5] + b[6] + w*0.5362
		b[6] = w * 0.115926
	}
}
