// Package resample converts between sampling rates with a windowed-sinc
// polyphase filter of zero delay: output sample k is the band-limited input at
// the time k/out, so a moment keeps its place to within half an output sample.
//
// The filter is J. O. Smith's, "Digital Audio Resampling",
// https://ccrma.stanford.edu/~jos/resample/, with Kaiser's window.
package resample

import (
	"fmt"
	"math"

	"prep/data/filter"
)

const (
	// MinRate and MaxRate bound both rates, in samples per second.
	MinRate = 4000
	MaxRate = 384000

	// The band below passEdge of the lower Nyquist frequency is passed, what
	// lies above the lower Nyquist frequency is suppressed by stopDB.
	passEdge = 0.9
	stopDB   = 110.0

	// A pair of rates whose exact table of taps would be larger than this many
	// values takes rows interpolated between tabulated ones instead.
	maxExactTaps = 1 << 20
	// A period of fewer outputs is taken several times over: the outputs of one
	// are computed in one go.
	minPeriod = 64
	// Linear interpolation over 1/2048 of a zero crossing errs by at most
	// (pi/2048)^2/8 = 3e-7, or -130 dB.
	rowsPerCrossing = 2048
)

// Plan is the filter for one pair of rates. It never changes once made and is
// safe for concurrent use; New makes a stream from it.
type Plan struct {
	in, out int       // in input samples, a period, become out output samples
	half    int       // taps reach from half-1 input samples before to half after
	rows    int       // phases in the table
	exact   bool      // whether the table has a row for every output of a period
	taps    []float32 // (rows + 1) x 2*half, row-major
	starts  []int32   // of an exact table: the input samples before each output
}

// NewPlan returns the filter from one rate to another, in samples per second.
// It fails when a rate lies outside [MinRate, MaxRate].
func NewPlan(from, to int) (*Plan, error) {
	for _, rate := range []int{from, to} {
		if rate < MinRate || rate > MaxRate {
			return nil, fmt.Errorf("a rate of %d Hz is outside %d to %d Hz", rate, MinRate, MaxRate)
		}
	}
	g := gcd(from, to)
	p := &Plan{in: from / g, out: to / g}
	if p.in == p.out {
		return p, nil
	}
	for p.out < minPeriod {
		p.in, p.out = 2*p.in, 2*p.out
	}
	p.size()
	p.design()
	return p, nil
}

// length returns how many samples n input samples become: n*to/from, rounded up.
func (p *Plan) length(n int) int {
	whole, rest := n/p.in, n%p.in
	return whole*p.out + (rest*p.out+p.in-1)/p.in
}

// cutoff returns the middle of the transition band relative to the input's
// Nyquist frequency, and the lower rate relative to the input's.
func (p *Plan) cutoff() (middle, lower float64) {
	lower = min(1, float64(p.out)/float64(p.in))
	return lower * (1 + passEdge) / 2, lower
}

// size chooses the number of taps by Kaiser's estimate (Oppenheim and Schafer,
// Discrete-Time Signal Processing, eq. 7.63) and the number of rows.
func (p *Plan) size() {
	_, lower := p.cutoff()
	width := math.Pi * (1 - passEdge) * lower
	taps := (stopDB - 7.95) / (2.285 * width)
	p.half = lanes / 2 * int(math.Ceil(taps/lanes))
	p.rows = p.out
	p.exact = p.out*2*p.half <= maxExactTaps
	if !p.exact {
		p.rows = int(math.Ceil(rowsPerCrossing * lower))
	}
}

// design fills the table: an exact one has a row for each output of a period, in
// their order, another one row r for an output that lies r/rows of an input
// sample after an input sample.
func (p *Plan) design() {
	n := 2 * p.half
	p.taps = make([]float32, (p.rows+1)*n)
	for r := range p.rows + 1 {
		after := float64(r) / float64(p.rows)
		if p.exact {
			whole, rem := p.position(r)
			p.starts = append(p.starts, int32(whole))
			after = float64(rem) / float64(p.out)
		}
		p.row(p.taps[r*n:r*n+n], after)
	}
}

// position returns where output k of a period lies: whole input samples after its
// start, and the rest in 1/out of an input sample.
func (p *Plan) position(k int) (whole, rem int) { return k * p.in / p.out, k * p.in % p.out }

// row fills the taps for an output that lies after an input sample, by a part of
// one. They pass a constant unchanged.
func (p *Plan) row(taps []float32, after float64) {
	middle, _ := p.cutoff()
	beta := 0.1102 * (stopDB - 8.7) // Kaiser: Oppenheim and Schafer, eq. 7.62
	exact, sum := make([]float64, len(taps)), 0.0
	for j := range exact {
		t := after + float64(p.half-1-j)
		exact[j] = filter.Sinc(middle*t) * filter.Kaiser(t/float64(p.half), beta)
		sum += exact[j]
	}
	for j, v := range exact {
		taps[j] = float32(v / sum)
	}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
