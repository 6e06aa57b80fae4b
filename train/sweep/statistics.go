package sweep

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"prep/data/num"
)

// Interval is an estimate with its 95 % interval.
type Interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Difference is a difference from the base.
type Difference struct {
	Interval
	// P is the two-sided probability of a difference as large where there is
	// none, by itself; Holm the same, corrected for all differences of its table.
	P    float64 `json:"p"`
	Holm float64 `json:"holm"`
	// Once says that every arm was trained once: how much trainings differ is not
	// known, interval and P leave it out, and nothing counts as found.
	Once bool `json:"once"`
}

// significance is the level of every verdict.
const significance = 0.05

// Verdict is what is known of a difference.
type Verdict string

// The verdicts.
const (
	Once   Verdict = "once" // every arm was trained once: nothing is known
	None   Verdict = "none" // no difference was found
	Better Verdict = "better"
	Worse  Verdict = "worse"
)

// Found reports whether the difference stands the correction.
func (d Difference) Found() bool { return !d.Once && d.Holm < significance }

// Verdict returns what is known of the difference.
func (d Difference) Verdict() Verdict {
	switch {
	case d.Once:
		return Once
	case !d.Found():
		return None
	case d.Value > 0:
		return Better
	}
	return Worse
}

// bootstrap returns an arm's accuracy, mean over its trainings, in each round.
func (t tally) bootstrap() []float64 {
	seeds := indices(len(t.right))
	values := make([]float64, num.Rounds)
	for i, groups := range num.Resample(len(t.hits), uint64(len(t.hits))) {
		values[i] = t.accuracy(groups, seeds)
	}
	return values
}

// spread is the variance of a single training's accuracy around its arm's mean.
type spread struct {
	variance float64
	freedom  int // degrees of; with 0 nothing is known
}

// spreadOf pools the variance over all arms that were trained more than once:
// two trainings of one arm alone say too little.
func spreadOf(arms []tally) spread {
	var squares float64
	var p spread
	for _, t := range arms {
		mean := t.estimate()
		for seed := range t.right {
			d := t.accuracy(indices(len(t.hits)), []int{seed}) - mean
			squares += d * d
		}
		p.freedom += len(t.right) - 1
	}
	if p.freedom > 0 {
		p.variance = squares / float64(p.freedom)
	}
	return p
}

// interval returns an accuracy with the percentile interval of its bootstrap.
func (t tally) interval(boot []float64) Interval {
	low, high := num.Interval(boot)
	return Interval{t.estimate(), low, high}
}

// difference compares two arms, a less b. Its variance is that of the paired
// bootstrap over groups, which differ, and that of the trainings, which do too;
// interval and p are Student's with a degree of freedom less than groups (Efron
// and Tibshirani 1993, sections 12.2 and 12.3). The bootstrap's is enlarged by
// G / (G-1), which resampling G groups takes off it.
func difference(a, b tally, bootA, bootB []float64, of spread) Difference {
	d := Difference{Interval: Interval{Value: a.estimate() - b.estimate()}, P: 1, Holm: 1, Once: of.freedom == 0}
	diffs := make([]float64, num.Rounds)
	for i := range diffs {
		diffs[i] = bootA[i] - bootB[i]
	}
	groups := float64(len(a.hits))
	trainings := of.variance * (1/float64(len(a.right)) + 1/float64(len(b.right)))
	deviation := math.Sqrt(stat.Variance(diffs, nil)*groups/(groups-1) + trainings)
	student := distuv.StudentsT{Sigma: 1, Nu: groups - 1}
	reach := student.Quantile(0.975) * deviation
	d.Low, d.High = d.Value-reach, d.Value+reach
	if d.Value != 0 {
		d.P = 2 * student.Survival(math.Abs(d.Value)/deviation)
	}
	return d
}

// holm fills the corrected probabilities of a family of differences (Holm, "A
// Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal
// of Statistics 6, 1979).
func holm(family []*Difference) {
	sorted := slices.Clone(family)
	slices.SortStableFunc(sorted, func(a, b *Difference) int { return cmp.Compare(a.P, b.P) })
	least := 0.0
	for i, d := range sorted {
		least = max(least, min(1, d.P*float64(len(sorted)-i)))
		d.Holm = least
	}
}
