package corpus

// belowHalf keeps a frequency below half the rate, with room for the slope of a
// filter there.
func belowHalf(hz, fs float64) float64 { return min(hz, 0.45*fs) }
