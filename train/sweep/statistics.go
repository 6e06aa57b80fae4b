package sweep

import (
	"cmp"
	"slices"

	"prep/data/num"
)

// Difference is a difference from the base.
type Difference struct {
	num.Estimate
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

// interval returns an accuracy, mean over the trainings, with its interval over groups.
func (t tally) interval() num.Estimate { return num.Pooled(t.counts()) }

// difference compares two arms, a less b, over the same groups. What the trainings differ by
// is added to the variance over groups.
func difference(a, b tally, of spread) Difference {
	c := num.Gain(a.counts(), b.counts()).With(of.variance * (1/float64(len(a.right)) + 1/float64(len(b.right))))
	return Difference{Estimate: c.Estimate(), P: c.P(), Holm: 1, Once: of.freedom == 0}
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
