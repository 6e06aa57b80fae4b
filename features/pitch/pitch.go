// Package pitch estimates the fundamental frequency of sounds as short as a
// hit, with a confidence, and says when there is none.
//
// Candidates are the peaks of the normalized square difference function
// (McLeod and Wyvill, A Smarter Way to Find Pitch, ICMC 2005), which also finds
// a missing fundamental. Among them decides how much of the spectrum their
// harmonics hold beyond what noise would put there, and the frequency is
// refined on the harmonics (maximum likelihood for resolved harmonics in noise:
// Noll, Pitch Determination by the Harmonic Product Spectrum, the Harmonic Sum
// Spectrum, and a Maximum Likelihood Estimate, 1969).
package pitch

import (
	"math"
	"math/bits"
	"slices"
	"sync"

	"prep/data"
	"prep/features/stft"
)

// The range of the estimate, in Hz. At least two periods have to fit into the
// samples, so a hit of 50 ms goes down to MinHz and one of 10 ms to 200 Hz.
const (
	MinHz = 80
	MaxHz = 2000
)

const (
	// maxSeconds of the samples are looked at: a pitch that holds for longer is
	// found there too.
	maxSeconds = 0.1
	// threshold is the least confidence of a claim. Of steady tones at 10 dB SNR
	// 99 % reach 0.87, of tones that fall by 22 dB in 50 ms 0.76; 98 % of white
	// bursts stay below 0.18, of bursts an octave and a half wide that fall as
	// fast below 0.5. TestTones and TestNoise hold both.
	threshold = 0.55
	// contender is how high a peak must be, relative to the highest, to be a
	// candidate.
	contender = 0.8
	// maxHarmonics are counted for a candidate.
	maxHarmonics = 12
	// noiseMargin is how many times the noise a harmonic must bring to count
	// in favour of a candidate: the power of noise exceeds three times its mean
	// in one bin of twenty (its distribution is exponential).
	noiseMargin = 3
	// fewPeriods is below how many periods the frequency is taken from the lag:
	// a decaying tone's negative frequencies reach into its peak there and draw
	// it up by 2 % and more.
	fewPeriods = 8
	// better is the part of the energy by which a longer period has to win
	// over a shorter one, which is contained in it.
	better = 0.02
)

// Estimate returns the fundamental frequency of the samples in Hz and the
// confidence in it, from 0 to 1: about the part of the energy that repeats with
// the period. ok is false, and f0Hz 0, when no pitch can be claimed: for noise,
// for silence, for samples that are not finite, and for fewer than two periods
// of MaxHz.
func Estimate(samples []float32, rate data.Rate) (f0Hz, confidence float64, ok bool) {
	x := centre(samples[:min(len(samples), int(maxSeconds*float64(rate)))])
	shortest, longest := int(float64(rate)/(MaxHz*1.03)), min(int(float64(rate)/(MinHz*0.97)), len(x)/2)
	if x == nil || shortest < 2 || longest <= shortest+1 {
		return 0, 0, false
	}
	similarity := nsdf(x, min(longest*9/8+2, len(x)))
	best := spectrumOf(x, rate).choose(candidates(similarity[:longest+2], shortest), rate)
	if best.lag == 0 {
		return 0, 0, false
	}
	confidence = min(max(persistence(similarity, best.lag), 0), 1)
	if confidence < threshold {
		return 0, confidence, false
	}
	if best.hz*float64(len(x)) < fewPeriods*float64(rate) {
		best.hz = float64(rate) / smoothPeak(similarity, best.lag)
	}
	return best.hz, confidence, true
}

// smoothPeak returns the vertex of the least-squares parabola through the
// values within a twelfth of a lag.
func smoothPeak(n []float64, lag float64) float64 {
	middle, reach := int(math.Round(lag)), int(lag/12)
	reach = min(reach, len(n)-1-middle)
	// On a symmetric grid the linear term is independent of the other two.
	var s0, s2, s4, y0, y1, y2 float64
	for d := -reach; d <= reach; d++ {
		t, y := float64(d), n[middle+d]
		s0, s2, s4 = s0+1, s2+t*t, s4+t*t*t*t
		y0, y1, y2 = y0+y, y1+t*y, y2+t*t*y
	}
	slope, curve := y1/s2, (s0*y2-s2*y0)/(s0*s4-s2*s2)
	if offset := -slope / (2 * curve); curve < 0 && math.Abs(offset) < float64(reach) {
		return float64(middle) + offset
	}
	return lag
}

// centre returns the samples less their mean, or nil when they are silent or
// not finite.
func centre(samples []float32) []float32 {
	sum, peak := 0.0, 0.0
	for _, v := range samples {
		sum += float64(v)
		peak = max(peak, math.Abs(float64(v))) // NaN stays
	}
	if peak == 0 || sum-sum != 0 || peak-peak != 0 {
		return nil
	}
	x := make([]float32, len(samples))
	for i, v := range samples {
		x[i] = float32((float64(v) - sum/float64(len(samples))) / peak)
	}
	return x
}

// nsdf returns, for the lags from 0 to below lags,
//
//	n(lag) = 2 sum over i of x[i] x[i+lag] / sum over i of (x[i]^2 + x[i+lag]^2)
//
// (McLeod and Wyvill, equation 9), 1 for a perfect repetition.
func nsdf(x []float32, lags int) []float64 {
	r := autocorrelation(x, lags)
	energy := 0.0
	for _, v := range x {
		energy += 2 * float64(v) * float64(v)
	}
	n := make([]float64, lags)
	for lag := range n {
		if lag > 0 {
			a, b := float64(x[lag-1]), float64(x[len(x)-lag])
			energy -= a*a + b*b
		}
		if energy > 1e-9 {
			n[lag] = 2 * r[lag] / energy
		}
	}
	return n
}

// autocorrelation is the inverse transform of the power spectrum (Wiener and
// Khinchin), zero-padded so that nothing wraps around.
func autocorrelation(x []float32, lags int) []float64 {
	n := 1 << bits.Len(uint(len(x)+lags))
	plan := planOf(n)
	even, im := make([]float32, n), make([]float32, n/2+1)
	plan.Power(even[:n/2+1], x)
	for k := 1; k < n/2; k++ {
		even[n-k] = even[k]
	}
	re := make([]float32, n/2+1)
	plan.Spectrum(re, im, even)
	r := make([]float64, lags)
	for i := range r {
		r[i] = float64(re[i]) / float64(n)
	}
	return r
}

// plans holds a plan of each size that was needed, as a source of clones.
var plans sync.Map

func planOf(n int) *stft.Plan {
	p, ok := plans.Load(n)
	if !ok {
		p, _ = plans.LoadOrStore(n, stft.NewPlan(n))
	}
	return p.(*stft.Plan).Clone()
}

// candidates returns the lags, in samples and interpolated, of the peaks that
// can be the period, shortest first. The peak around lag 0 is none: what lies
// before the first negative value is left out.
func candidates(n []float64, shortest int) []float64 {
	first := slices.IndexFunc(n, func(v float64) bool { return v < 0 })
	if first < 0 {
		return nil
	}
	var lags, heights []float64
	for i := max(first, shortest, 1); i < len(n)-1; i++ {
		if n[i] > 0 && n[i] > n[i-1] && n[i] >= n[i+1] {
			d, h := vertex(n[i-1], n[i], n[i+1])
			lags, heights = append(lags, float64(i)+d), append(heights, h)
		}
	}
	if len(lags) == 0 {
		return nil
	}
	least := contender * slices.Max(heights)
	var kept []float64
	for i, h := range heights {
		if h >= least {
			kept = append(kept, lags[i])
		}
	}
	return kept
}

// vertex returns the place, relative to the middle, and the height of the
// parabola through three equidistant values.
func vertex(a, b, c float64) (offset, height float64) {
	curve := a - 2*b + c
	if curve == 0 {
		return 0, b
	}
	offset = (a - c) / (2 * curve)
	return offset, b - (a-c)*offset/4
}

// persistence is the confidence in a period: its similarity, averaged with that
// of three periods where there are so many. Narrow noise repeats once, a tone
// goes on.
func persistence(n []float64, lag float64) float64 {
	one := largestNear(n, lag)
	if at := 3 * lag; at < float64(len(n)-2) {
		return (one + largestNear(n, at)) / 2
	}
	return one
}

// largestNear returns the largest value around a lag.
func largestNear(n []float64, lag float64) float64 {
	reach := max(1, int(0.03*lag))
	i := int(math.Round(lag))
	return slices.Max(n[max(i-reach, 0):min(i+reach+1, len(n))])
}
