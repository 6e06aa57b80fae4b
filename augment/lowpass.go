package augment

import (
	"math"
	"math/rand/v2"

	"prep/data/filter"
)

var lowpass = Transform{
	Name: "lowpass", Unit: "lowpass_hz", Lo: 1000, Hi: 100000, Identity: math.Inf(1), log: true, need: filterNeed,
	About: "Band limit from above, 24 dB an octave: telephones 3.4 kHz, wide-band calls 7 kHz, FM 15 kHz.",
	apply: func(w *window, a amounts, _ span, _ *rand.Rand) {
		if hz := a["lowpass_hz"]; hz < float64(w.rate)/2 {
			filter.Run(w.samples, butterworth(hz, float64(w.rate), filter.Lowpass)...)
		}
	},
}
