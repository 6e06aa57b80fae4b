package features

import (
	"math"

	"prep/data/num"
)

// toDecibels is librosa.power_to_db, in place:
//
//	10 log10(max(amin, S)) - 10 log10(max(amin, ref)),
//
// then, with top_db, no value lower than the largest less top_db. ref is the
// largest power (RefMax) or 1 (RefOne); None leaves powers as they are.
func (c *Config) toDecibels(power []float32) {
	if c.Ref == none {
		return
	}
	peak := c.AMin
	for _, v := range power {
		peak = max(peak, float64(v))
	}
	if !num.Finite(peak) {
		return // what is not finite stays so, and is refused
	}
	ref := 1.0
	if c.Ref == refMax {
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
	least, refDB := float32(amin), 10*math.Log10(ref)
	for i, v := range power {
		power[i] = float32(max(db(max(v, least))-refDB, floor))
	}
}

// db returns 10 log10(v) for a normal, positive v, to 1e-8 dB.
func db(v float32) float64 { return 10 / math.Ln10 * ln(float64(v)) }

// ln is math.Log for normal, positive v, to 1e-10 and three times as fast. With
// v = 2^e m and m from sqrt(1/2) to sqrt(2), it sums ln m = 2 atanh((m-1)/(m+1))
// (Abramowitz and Stegun, Handbook of Mathematical Functions, 4.1.27).
func ln(v float64) float64 {
	const rootHalf = 0x3fe6a09e667f3bcd // the bits of sqrt(1/2)
	bits := math.Float64bits(v)
	e := int64(bits-rootHalf) >> 52
	m := math.Float64frombits(bits - uint64(e)<<52)
	s := (m - 1) / (m + 1)
	q := s * s
	atanh := s * (1 + q*(1.0/3+q*(1.0/5+q*(1.0/7+q*(1.0/9+q*(1.0/11))))))
	return float64(e)*math.Ln2 + 2*atanh
}

// exp is math.Exp for |x| < 700, to 1e-9 and three times as fast: 2^n e^r with r
// from -ln(2)/2 to ln(2)/2, where eight terms of the series are enough.
func exp(x float64) float64 {
	const round = 3 << 51 // added, it leaves no place for a fraction
	n := x/math.Ln2 + round - round
	r := x - n*math.Ln2
	series := 1 + r*(1+r*(1.0/2+r*(1.0/6+r*(1.0/24+r*(1.0/120+r*(1.0/720+r*(1.0/5040+r*(1.0/40320))))))))
	return series * math.Float64frombits(uint64(int64(n)+1023)<<52)
}
