package augment

import (
	"prep/data"
	"prep/data/filter"
)

// settleSeconds of audio before what is kept let filters settle.
const settleSeconds = 0.020

// filterNeed is the need of a filter.
func filterNeed(_ amounts, rate data.Rate, out span) span {
	return out.extend(int(settleSeconds * float64(rate)))
}

// butterworth returns a fourth-order filter as two sections.
func butterworth(hz, fs float64, kind func(hz, q, fs float64) filter.Section) []filter.Section {
	// The qualities are 1 / (2 cos(pi/8)) and 1 / (2 cos(3 pi/8)).
	return []filter.Section{kind(hz, 0.5411961, fs), kind(hz, 1.3065630, fs)}
}
