package augment

import (
	"math"
	"math/rand/v2"

	"prep/data/filter"
)

var microphone = Transform{
	Name: "microphone", Unit: "strength", Lo: 0, Hi: 1, Identity: 0, need: filterNeed,
	About: "A microphone's curve: corner below, presence, roll-off above, from a studio's (0) to a cheap headset's (1). " +
		"Data sheets of vocal microphones give 50 Hz to 15 kHz with 3 to 6 dB of presence at 4 to 6 kHz.",
	also: []amount{{"low_hz", 40, 240, true}, {"presence_hz", 2000, 6000, true},
		{"presence_db", -3, 8, false}, {"high_hz", 7000, 17500, true}},
	apply: func(w *window, a amounts, _ span, _ *rand.Rand) { filter.Run(w.samples, curve(a, float64(w.rate))...) },
}

// A microphone without a curve goes from studioLowHz to studioHighHz.
const (
	studioLowHz  = 20
	studioHighHz = 20000
)

// curve is a microphone's; its strength moves the corners, on the scale of
// octaves, and the presence, in dB, between none and what was drawn.
func curve(a amounts, fs float64) []filter.Section {
	strength := a["strength"]
	low := studioLowHz * math.Pow(a["low_hz"]/studioLowHz, strength)
	high := studioHighHz * math.Pow(a["high_hz"]/studioHighHz, strength)
	return []filter.Section{
		filter.Highpass(low, math.Sqrt2/2, fs),
		filter.Peak(a["presence_hz"], 0.7, a["presence_db"]*strength, fs),
		filter.Lowpass(high, math.Sqrt2/2, fs),
	}
}
