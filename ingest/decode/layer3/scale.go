package layer3

import "math"

// loudest is how large a line may be, 18 dB above a sine of full scale. What no
// recording holds is damage, which would drown the whole of it.
const loudest = 8

// scale puts the lines, whose powers come in the order of the bands, at their
// places (11172-3, 2.4.3.4): in steps of a quarter of an octave. It reports
// whether all are of a size that a recording can have.
func (c *content) scale(powers []float32) bool {
	clear(c.lines[:])
	peak := uint32(0) // the bits of floats are in the order of their magnitudes
	for i, b := range c.bands {
		n := min(b.width(), len(powers))
		step := quarters[c.gains(i)-lowestGain]
		lines := c.lines[b.start:b.end]
		for j, v := range powers[:n] {
			v *= step
			peak = max(peak, math.Float32bits(v)&^(1<<31))
			lines[j*b.step] = v
		}
		powers = powers[n:]
	}
	return peak <= math.Float32bits(loudest)
}

// gains returns the gain of band i in quarters of an octave.
func (g *granule) gains(i int) int {
	b, factor := g.bands[i], int(g.factors[i])
	if g.emphasis && b.window < 0 {
		factor += emphasis[i]
	}
	gain := g.gain - 210 - factor<<(1+g.coarse)
	if b.window >= 0 {
		gain -= 8 * g.windowGains[b.window]
	}
	return gain
}

// emphasis is added to the factors of long blocks where preflag says so (11172-3,
// table B.6).
var emphasis = [22]int{11: 1, 1, 1, 1, 2, 2, 3, 3, 3, 2}

// Bounds of a gain: 8 bits above 210 below, factors of 5 bits that count
// double, window gains of 3 bits.
const (
	lowestGain  = -210 - (31+3)<<2 - 8*7
	highestGain = 255 - 210
)

// quarters are the powers of two by gains.
var quarters = func() (q [highestGain - lowestGain + 1]float32) {
	for i := range q {
		q[i] = float32(math.Exp2(float64(i+lowestGain) / 4))
	}
	return q
}()

// powers are the powers of 4/3 of all magnitudes that 15 and an escape of 13 bits
// make.
var powers = func() (p [15 + 1<<13]float32) {
	for i := range p {
		p[i] = float32(float64(i) * math.Cbrt(float64(i)))
	}
	return p
}()
