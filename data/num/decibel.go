package num

import "math"

// DB returns the level 10 log10(power) in dB, at least floor: silence has a
// level too. A NaN stays one.
func DB(power, floor float64) float64 { return max(10*math.Log10(power), floor) }

// Power returns the ratio of powers of a level: 10^(db/10).
func Power(db float64) float64 { return math.Pow(10, db/10) }

// Amplitude returns the ratio of amplitudes of a level: 10^(db/20).
func Amplitude(db float64) float64 { return math.Pow(10, db/20) }
