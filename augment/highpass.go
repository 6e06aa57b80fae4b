package augment

import (
	"math/rand/v2"

	"prep/data/filter"
)

var highpass = Transform{
	Name: "highpass", Unit: "highpass_hz", Lo: 10, Hi: 2000, Identity: 0, log: true, need: filterNeed,
	About: "Band limit from below, 24 dB an octave: headsets and laptops lose what is under 100 to 300 Hz.",
	apply: func(w *window, a amounts, _ span, _ *rand.Rand) {
		filter.Run(w.samples, butterworth(a["highpass_hz"], float64(w.rate), filter.Highpass)...)
	},
}
