package augment

import (
	"math/rand/v2"

	"prep/data/num"
)

var gain = Transform{
	Name: "gain", Unit: "gain_db", Lo: -60, Hi: 30, Identity: 0,
	About: "Level; audiomentations draws -12 to 12 dB. Features relative to their maximum do not change.",
	apply: func(w *window, a amounts, _ span, _ *rand.Rand) {
		scale(w.samples, float32(num.Amplitude(a["gain_db"])))
	},
}
