package segment

import (
	"math"

	"prep/data"
)

var (
	beforeMs = 25.0
	afterMs  = 12.0
	envMs    = 2.0
)

// refine returns the sample where the energy of the attack near a coarse onset
// starts to rise.
func refine(r data.Reader, at int) (int, error) {
	ms := func(v float64) int { return max(1, int(v/1000*float64(r.SampleRate()))) }
	start := at - ms(beforeMs)
	x, err := data.ReadSpan(r, start-1, at+ms(afterMs))
	if err != nil {
		return 0, err
	}
	energy := make([]float64, len(x)) // cumulative
	for i := 1; i < len(x); i++ {
		d := float64(x[i]) - float64(x[i-1])
		energy[i] = energy[i-1] + d*d
	}
	end := steepest(energy, ms(envMs))
	return start - 1 + changepoint(energy[:end+1]), nil
}

// steepest returns the end of the span of n samples with the most energy.
func steepest(energy []float64, n int) int {
	best, at := -1.0, len(energy)-1
	for i := n; i < len(energy); i++ {
		if e := energy[i] - energy[i-n]; e > best {
			best, at = e, i
		}
	}
	return at
}

// changepoint returns the k that minimizes Akaike's criterion of two variances.
func changepoint(energy []float64) int {
	n := len(energy) - 1
	floor := 1e-9 * energy[n] / float64(max(n, 1))
	best, at := math.Inf(1), n
	for k := 1; k < n; k++ {
		before := energy[k]/float64(k) + floor
		after := (energy[n]-energy[k])/float64(n-k) + floor
		if v := float64(k)*math.Log(before) + float64(n-k)*math.Log(after); v < best {
			best, at = v, k
		}
	}
	return at
}
