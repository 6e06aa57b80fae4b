package teach

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"

	"prep/data"
	"prep/data/num"
	"prep/segment"
)

// score is what a detector finds in the recordings of one group.
type score struct {
	group string
	segment.Comparison
}

// compare has a detector find the onsets of recordings, which it must not have learned
// from, and compares them with the marks.
func compare(set *data.Set, c segment.Config, test []recording) (all []score, err error) {
	byGroup := map[string]*score{}
	for _, r := range test {
		clip, err := whole(set, r.ID)
		if err != nil {
			return nil, err
		}
		hits, err := c.Hits(clip)
		if err != nil {
			return nil, err
		}
		if byGroup[r.Group] == nil {
			byGroup[r.Group] = &score{group: r.Group}
		}
		byGroup[r.Group].Add(segment.Compare(inSeconds(r.marks, clip.Rate), inSeconds(onsetsOf(hits), clip.Rate)))
	}
	for _, s := range byGroup {
		all = append(all, *s)
	}
	return all, nil
}

func onsetsOf(hits []data.Hit) (onsets []int) {
	for _, h := range hits {
		onsets = append(onsets, h.Onset)
	}
	return onsets
}

func inSeconds(samples []int, rate data.Rate) (s []float64) {
	for _, n := range samples {
		s = append(s, float64(n)/float64(rate))
	}
	return s
}

// Line is how well two detectors do at one tolerance: the taught one, that which comes with
// prep, and the gain of one over the other.
type Line struct {
	Ms      float64      `json:"ms"`
	Taught  num.Estimate `json:"taught"`
	Shipped float64      `json:"shipped"`
	Gain    num.Estimate `json:"gain"`
}

// lines compares two detectors over the same groups.
func lines(taught, shipped []score) (all []Line) {
	a, b := comparisons(taught), comparisons(shipped)
	for i, t := range (segment.Comparison{}).Scores().Tolerances {
		mine, others := segment.Agreements(a, i), segment.Agreements(b, i)
		all = append(all, Line{t.Ms, num.Pooled(mine), num.Pooled(others).Value, num.Gain(mine, others).Estimate()})
	}
	return all
}

func comparisons(scores []score) (all []*segment.Comparison) {
	for i := range scores {
		all = append(all, &scores[i].Comparison)
	}
	return all
}

// peak is a place that a detector may call an onset, and whether it is one.
type peak struct {
	segment.Peak
	hit bool
}

// lowestOutput is what the output of a peak that calibration looks at is at least: odds of
// one in a hundred and fifty.
const lowestOutput = -5

// peaks returns the peaks of a detector in audio whose onsets are known.
func peaks(d *segment.Detector, causal bool, h heard) (all []peak, err error) {
	c := segment.Default().With(d)
	c.Causal = causal
	found, err := segment.Peaks(h.clip, c, lowestOutput)
	if err != nil {
		return nil, err
	}
	onsets := make([]int, len(found))
	for i, p := range found {
		onsets[i] = p.Onset
	}
	reach := h.clip.Rate.N(segment.Default().Tolerance)
	right := map[int]bool{}
	for _, p := range data.Match(h.onsets, onsets, reach) {
		right[p.B] = true
	}
	for i, p := range found {
		if right[i] || !slices.ContainsFunc(h.unsure, func(u int) bool { return max(u-p.Onset, p.Onset-u) <= reach }) {
			all = append(all, peak{p, right[i]})
		}
	}
	return all, nil
}

// calibration turns a peak into the logarithm of the odds that it is a hit.
type calibration struct{ slope, shift, noise float64 }

func (c calibration) odds(p peak) float64 { return c.slope*p.Output + c.shift + c.noise*p.Noise }

// of returns a detector with the calibration.
func (c calibration) of(d segment.Detector) *segment.Detector {
	d.Slope, d.Shift, d.Noise = c.slope, c.shift, c.noise
	return &d
}

// calibrate returns what makes the peaks' probabilities those of hits, by maximum
// likelihood (Platt, "Probabilistic outputs for support vector machines", 1999).
func calibrate(peaks []peak) calibration {
	of := func(x []float64) calibration { return calibration{math.Exp(x[0]), x[1], x[2]} }
	loss := func(x []float64) (sum float64) {
		c := of(x)
		for _, p := range peaks {
			z := c.odds(p)
			if p.hit {
				z = -z
			}
			sum += max(z, 0) + math.Log1p(math.Exp(-math.Abs(z)))
		}
		return sum / float64(max(len(peaks), 1))
	}
	r, err := optimize.Minimize(optimize.Problem{Func: loss}, make([]float64, 3), nil, &optimize.NelderMead{})
	if r == nil || err != nil && len(r.X) == 0 {
		return calibration{slope: 1}
	}
	bound := func(v float64) float64 { return min(max(v, -20), 20) }
	c := of(r.X)
	return calibration{min(max(c.slope, 0.05), 20), bound(c.shift), bound(c.noise)}
}
