package augment

import (
	"math"
	"math/rand/v2"

	"prep/data"
)

// levels are the transforms that move or scale samples and change no shape.
func levels() []Transform {
	return []Transform{{
		Name: "gain", Unit: "gain_db", Lo: -60, Hi: 30, Identity: 0,
		About: "Level; audiomentations draws -12 to 12 dB. Features relative to their maximum do not change.",
		apply: func(w *window, a amounts, _ span, _ *rand.Rand) { w.multiply(float32(ratio(a["gain_db"]))) },
	}, {
		Name: "polarity", Unit: "sign", Lo: -1, Hi: -1, Identity: 1,
		About: "Turns the waveform over, as microphones wired the other way do. Power spectra do not change.",
		apply: func(w *window, _ amounts, _ span, _ *rand.Rand) { w.multiply(-1) },
	}, {
		Name: "shift", Unit: "shift_ms", Lo: -20, Hi: 20, Identity: 0,
		About: "Moves the cut against the sound, as a detector's error does; set the range to the error that `prep segment` measures.",
		need: func(a amounts, rate data.Rate, out span) span {
			n := shiftSamples(a, rate)
			return span{max(out.before-n, 0), max(out.after+n, 0)}
		},
		apply: func(w *window, a amounts, _ span, _ *rand.Rand) { w.at += shiftSamples(a, w.rate) },
	}}
}

func shiftSamples(a amounts, rate data.Rate) int {
	return int(math.Round(a["shift_ms"] / 1000 * float64(rate)))
}
