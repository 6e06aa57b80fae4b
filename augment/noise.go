package augment

import (
	"math"
	"math/rand/v2"

	"prep/data/num"
)

// noiseOf returns a transform that adds noise at a ratio of the hit's power,
// from its onset to its end, to that of the noise over the same samples.
func noiseOf(name, color string, fill func([]float32, *rand.Rand)) Transform {
	return Transform{
		Name: name, Unit: "snr_db", Lo: -10, Hi: 80, Identity: math.Inf(1),
		About: color + " noise; Snyder et al. (X-vectors, ICASSP 2018) add noise at 0 to 15 dB over seconds, " +
			"short hits keep their class down to about 10 dB.",
		apply: func(w *window, a amounts, _ span, rng *rand.Rand) {
			noise := make([]float32, len(w.samples))
			fill(noise, rng)
			w.addAt(noise, rms(noise[w.at:w.at+w.post]), a["snr_db"])
		},
	}
}

// addAt adds noise of a level at a ratio of the hit's power to it; none when
// there is none.
func (w *window) addAt(noise []float32, level, snrDB float64) {
	if level > 0 {
		addScaled(w.samples, noise, float32(rms(w.hit())/level*num.Amplitude(-snrDB)))
	}
}
