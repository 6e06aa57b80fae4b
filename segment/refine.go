package segment

import (
	"math"
	"slices"

	"prep/data"
	"prep/data/num"
)

// Constants of the fine pass.
const (
	// searchBefore is how far before the coarse onset an attack is looked for: half
	// a window, and a slow rise.
	searchBefore = 0.045 // s
	// searchAfter is two hops.
	searchAfter = 0.010 // s
	// reachS is how far before its peak an abrupt attack arrives at most: what
	// is louder further back is the attack before it. 10 and 30 ms place the
	// same (measured: docs/segment.md).
	reachS = 0.020
	// strokeS is the span whose energy says where the attack has arrived.
	strokeS = 0.002
	// quietS is the span that says where it is quietest before.
	quietS = 0.003
	// leadS is how much of what is before the quietest moment counts as the
	// time before the attack; twice that is what the predictor learns from.
	leadS = 0.010
	// order is that of the linear prediction; 6 and 16 place the same, 1 loses
	// 0.014 of F at 5 ms on VOPEC (measured).
	order = 10
	// endingDB is the fall across a changepoint that makes it the end of a
	// sound, cut off, rather than the start of one.
	endingDB = -10
	// faintDB is the level, re the mean power up to the attack's arrival, below
	// which all is alike: a noise gate that opens, or a filter that rings, before
	// the attack is none. -90 loses 0.028 of F at 5 ms on VOPEC, -60 0.007, -40
	// 0.017 (measured).
	faintDB = -50
)

// refiner moves coarse onsets of a recording to their attacks.
type refiner struct {
	r          data.Reader
	samples    []float32
	d, white   []float64 // differences, and what of them cannot be predicted
	raw, quick []float64 // their energies
}

// refine returns the sample where the energy of the attack near a coarse onset
// starts to rise; false when a sound ends there instead.
//
// The samples are differentiated, which takes out DC and hum, and whitened by
// the linear prediction of what is there before: a resonant tail or coloured
// noise turns small and white, and whatever is new stands out. Between the
// quietest moment and the attack's arrival, the onset is where the variance
// changes. What is nearer to the onset before it, at last, is not looked at.
func (f *refiner) refine(at, last int) (int, bool, error) {
	start := at - f.n(searchBefore)
	if err := f.read(start, at+f.n(searchAfter)); err != nil {
		return 0, false, err
	}
	first := max(0, last+(at-last)/2-start)
	loud := max(first, f.n(searchBefore-reachS)) // where the attack may arrive
	f.raw = cumulate(f.raw, f.d)
	arrival := loud + loudestSpan(f.raw[loud:], f.n(strokeS))
	low := first + quietestSpan(f.raw[first:arrival+1], f.n(quietS))
	from := max(0, low-f.n(leadS))
	f.white = whiten(f.white, f.d, from, predictor(f.d[max(0, low-2*f.n(leadS)):min(len(f.d), low+f.n(quietS))]))
	f.quick = cumulate(f.quick, f.white)
	first = max(0, loud-from)
	end := max(first+loudestSpan(f.quick[first:], f.n(strokeS)), 1)
	k := from + f.afterOpening(changepoint(f.quick[:end+1]), end)
	return start + k, !ends(f.raw, k, f.n(0.001)), nil
}

// A gate that opens, or a recorder that is switched on, lets noise in for openS at least
// before the attack, which lies openingDB above it.
const (
	openS     = 0.001
	openingDB = 20
	// silentDB is the energy re the attack's below which a recorder was off.
	silentDB = -110
)

// afterOpening returns the changepoint behind k where digital silence ends at k with
// nothing but noise, and k elsewhere.
func (f *refiner) afterOpening(k, end int) int {
	if before := f.quick[max(k-f.n(openS)/4, 0)]; before > num.Power(silentDB)*f.quick[end] || end-k < 2*f.n(openS) {
		return k
	}
	rest := f.quick[k : end+1]
	at := changepoint(rest)
	noise := (rest[at] - rest[0]) / float64(max(at, 1))
	sound := (rest[len(rest)-1] - rest[at]) / float64(max(len(rest)-1-at, 1))
	if at < f.n(openS) || sound < noise*num.Power(openingDB) {
		return k
	}
	return k + at
}

// n returns how many samples so many seconds are, at least one.
func (f *refiner) n(seconds float64) int {
	return max(1, int(seconds*float64(f.r.SampleRate())))
}

// read fills d with the differences of the samples [start, end) from those
// before them. One that is no number counts as 0, and so do the steps over the
// recording's edges, which are none of its own.
func (f *refiner) read(start, end int) error {
	f.samples = slices.Grow(f.samples[:0], end-start+1)[:end-start+1]
	if err := f.r.ReadAt(f.samples, start-1); err != nil {
		return err
	}
	f.d = slices.Grow(f.d[:0], end-start)[:end-start]
	last := f.samples[0]
	for i, v := range f.samples[1:] {
		f.d[i] = float64(v) - float64(last)
		if !(math.Abs(f.d[i]) < math.MaxFloat32) {
			f.d[i] = 0
		}
		last = v
	}
	clear(f.d[:min(max(1-start, 0), len(f.d))])
	clear(f.d[min(max(f.r.Len()-start, 0), len(f.d)):])
	return nil
}

// cumulate returns the running sum of squares, in dst if it fits: the energy of
// x[i:j] is the difference of elements j and i.
func cumulate(dst, x []float64) []float64 {
	dst = slices.Grow(dst[:0], len(x)+1)[:len(x)+1]
	sum := 0.0
	dst[0] = 0
	for i, v := range x {
		sum += float64(v * v) // rounded by itself here and below: the same bits on every processor
		dst[i+1] = sum
	}
	return dst
}

// loudestSpan returns the end of the first of the spans of n samples with the most
// energy.
func loudestSpan(energy []float64, n int) int {
	best, at := -1.0, len(energy)-1
	for i := n; i < len(energy); i++ {
		if e := energy[i] - energy[i-n]; e > best {
			best, at = e, i
		}
	}
	return at
}

// quietestSpan returns the start of the last of the spans of n samples with the
// least energy.
func quietestSpan(energy []float64, n int) int {
	best, at := math.Inf(1), 0
	for i := 0; i+n < len(energy); i++ {
		if e := energy[i+n] - energy[i]; e <= best {
			best, at = e, i
		}
	}
	return at
}

// ends reports whether the power falls by endingDB from the 9 ms before sample
// k to those after, a millisecond to either side left out: a sound that is cut
// off leaves a click behind, and nothing after it.
func ends(energy []float64, k, ms int) bool {
	last := len(energy) - 1
	before := energy[max(0, min(k-ms, last))] - energy[max(0, k-10*ms)]
	lo, hi := min(k+ms, last), min(k+10*ms, last)
	after := energy[hi] - energy[lo]
	if hi-lo < ms {
		return false
	}
	after *= float64(9*ms) / float64(hi-lo)
	return after < before*num.Power(endingDB)
}

// changepoint returns the k at which the energy's slope, the variance, changes
// most likely and rises: the minimum of k log var[0:k] + (n-k) log var[k:n]
// (Maeda 1985, after Akaike's criterion). Logarithms cost, so every fourth k is
// tried first, and then those around the best.
func changepoint(energy []float64) int {
	const stride = 4
	n := len(energy) - 1
	at := likeliestChange(energy, stride, n, stride)
	return likeliestChange(energy, max(1, at-2*stride), min(n, at+2*stride+1), 1)
}

// likeliestChange tries k from lo to below hi; it returns lo when the variance rises
// at none of them.
func likeliestChange(energy []float64, lo, hi, stride int) int {
	n := len(energy) - 1
	first, total := energy[0], energy[n]-energy[0]
	least := float64(num.Power(faintDB)*total/float64(n)) + math.SmallestNonzeroFloat32 // silence has a logarithm too
	best, at := math.Inf(1), lo
	for k := lo; k < hi; k += stride {
		before := (energy[k]-first)/float64(k) + least
		after := (energy[n]-energy[k])/float64(n-k) + least
		if before >= after {
			continue
		}
		if v := float64(float64(k)*math.Log(before)) + float64(float64(n-k)*math.Log(after)); v < best {
			best, at = v, k
		}
	}
	return at
}

// whiten returns the error of predicting each of x[from:] from the samples
// before it by a filter, in dst if it fits.
func whiten(dst, x []float64, from int, a [order + 1]float64) []float64 {
	dst = slices.Grow(dst[:0], len(x)-from)[:len(x)-from]
	for i := range dst {
		at := from + i
		if at < order {
			dst[i] = 0
			for k := range at + 1 {
				dst[i] += float64(a[k] * x[at-k])
			}
			continue
		}
		w := (*[order + 1]float64)(x[at-order:])
		even, odd := float64(a[order]*w[0]), 0.0 // two sums, so that one need not wait for the other
		for k := 1; k < order; k += 2 {
			odd += float64(a[order-k] * w[k])
			even += float64(a[order-k-1] * w[k+1])
		}
		dst[i] = even + odd
	}
	return dst
}

// predictor returns the coefficients of the prediction error filter of x,
// a[0] = 1, by the autocorrelation method and Levinson's recursion (Makhoul,
// "Linear prediction: a tutorial review", Proc. IEEE 63, 1975). White noise 60
// dB below x keeps it from being singular; of silence it is the identity.
func predictor(x []float64) [order + 1]float64 {
	var r, a, b [order + 1]float64
	for k := range min(order+1, len(x)) {
		r[k] = dot(x[k:], x)
	}
	a[0] = 1
	e := r[0] * (1 + 1e-6)
	for m := 1; m <= order && e > 0; m++ {
		sum := r[m]
		for k := 1; k < m; k++ {
			sum += float64(a[k] * r[m-k])
		}
		c := -sum / e
		b = a
		for k := 1; k < m; k++ {
			a[k] = b[k] + float64(c*b[m-k])
		}
		a[m] = c
		e *= 1 - float64(c*c)
	}
	return a
}

// dot returns the sum of x[i] * y[i] over all of x, in four sums, so that none
// need wait for another.
func dot(x, y []float64) float64 {
	var s0, s1, s2, s3 float64
	y = y[:len(x)]
	for len(x) >= 4 && len(y) >= 4 {
		s0 += float64(x[0] * y[0])
		s1 += float64(x[1] * y[1])
		s2 += float64(x[2] * y[2])
		s3 += float64(x[3] * y[3])
		x, y = x[4:], y[4:]
	}
	for i, v := range x {
		s0 += float64(v * y[i])
	}
	return (s0 + s1) + (s2 + s3)
}
