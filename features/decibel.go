package features

import (
	"math"
	"slices"
)

// toDecibels is librosa.power_to_db, in place:
//
//	10 log10(max(amin, S)) - 10 log10(max(amin, ref)),
//
// then, with top_db, no value lower than the largest less top_db. ref is the
// largest power (RefMax) or 1 (RefOne); None leaves powers as they are.
func (c *Config) toDecibels(power []float32) {
	if c.Ref == None {
		return
	}
	peak := max(float64(slices.Max(power)), c.AMin)
	ref := 1.0
	if c.Ref == RefMax {
		ref = peak
	}
	decibels(power, ref, c.AMin, floorDB(peak/ref, c.TopDB))
}

// floorDB returns the least value that top_db leaves below the peak.
func floorDB(peak, topDB float64) float64 {
	if topDB == 0 {
		return math.Inf(-1)
	}
	return 10*math.Log10(peak) - topDB
}

func decibels(power []float32, ref, amin, floor float64) {
	scale := 10 / math.Ln10
	for i, v := range power {
		power[i] = float32(max(scale*math.Log(max(amin, float64(v))/ref), floor))
	}
}
