package augment

import "math/rand/v2"

var polarity = Transform{
	Name: "polarity", Unit: "sign", Lo: -1, Hi: -1, Identity: 1,
	About: "Turns the waveform over, as microphones wired the other way do. Power spectra do not change.",
	apply: func(w *window, _ amounts, _ span, _ *rand.Rand) { scale(w.samples, -1) },
}
