package augment

import (
	"math/rand/v2"

	"prep/data/num"
)

var clipping = Transform{
	Name: "clipping", Unit: "clip_db", Lo: 0, Hi: 30, Identity: 0,
	About: "Cuts peaks so many dB below the hit's own: a microphone too close, a gain too high. " +
		"Studies of declipping go down to 1 dB of signal to distortion (Záviška et al., IEEE JSTSP 15, 2021).",
	apply: func(w *window, a amounts, _ span, _ *rand.Rand) {
		clip(w.samples, peak(w.hit())*float32(num.Amplitude(-a["clip_db"])))
	},
}

// clip keeps x within the ceiling.
func clip(x []float32, ceiling float32) {
	for i, v := range x {
		x[i] = min(max(v, -ceiling), ceiling)
	}
}
