package augment

import (
	"math"
	"math/rand/v2"

	"prep/data"
)

var shift = Transform{
	Name: "shift", Unit: "shift_ms", Lo: -20, Hi: 20, Identity: 0,
	About: "Moves the cut against the sound, as a detector's error does; set the range to the error that `prep segment` measures.",
	need: func(a amounts, rate data.Rate, out span) span {
		n := shiftSamples(a, rate)
		return span{max(out.before-n, 0), max(out.after+n, 0)}
	},
	apply: func(w *window, a amounts, _ span, _ *rand.Rand) { w.at += shiftSamples(a, w.rate) },
}

func shiftSamples(a amounts, rate data.Rate) int {
	return int(math.Round(a["shift_ms"] / 1000 * float64(rate)))
}
