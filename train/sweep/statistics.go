package sweep

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// rounds makes a bootstrap standard error steady to 2 % of itself (Efron and
// Tibshirani, "An Introduction to the Bootstrap", 1993, section 6.4, find 200
// enough).
const rounds = 2000

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
}

// significance is the level of every verdict.
const significance = 0.05

// The verdicts on a difference.
const (
	verdictNone   = "no difference found"
	verdictBetter = "better"
	verdictWorse  = "worse"
)

// Found reports whether the difference stands the correction.
func (d Difference) Found() bool { return d.Holm < significance }

// Verdict says in words what is known of the difference.
func (d Difference) Verdict() string {
	switch {
	case !d.Found():
		return verdictNone
	case d.Value > 0:
		return verdictBetter
	}
	return verdictWorse
}

// draws are bootstrap samples: of groups, the same for all that is compared,
// and of each arm's seeds, drawn apart. Both are drawn anew in each round, as in
// the pigeonhole bootstrap (Owen, "The pigeonhole bootstrap", Annals of Applied
// Statistics 1, 2007), whose variance errs on the large side.
type draws [][]int

// drawsOf returns rounds samples of n of n, from a stream of that name.
func drawsOf(name string, n int) draws {
	h := fnv.New64a()
	h.Write([]byte(name))
	random := rand.New(rand.NewPCG(h.Sum64(), uint64(n)))
	all := make(draws, rounds)
	for i := range all {
		all[i] = make([]int, n)
		for j := range all[i] {
			all[i][j] = random.IntN(n)
		}
	}
	return all
}

// bootstrap returns an arm's accuracy in each round.
func (t tally) bootstrap(name string) []float64 {
	groups, seeds := drawsOf("groups", len(t.hits)), drawsOf("seeds of "+name, len(t.right))
	values := make([]float64, rounds)
	for i := range values {
		values[i] = t.accuracy(groups[i], seeds[i])
	}
	return values
}

// quantiles returns the 2.5 and 97.5 % points.
func quantiles(values []float64) (low, high float64) {
	sorted := slices.Sorted(slices.Values(values))
	return stat.Quantile(0.025, stat.Empirical, sorted, nil), stat.Quantile(0.975, stat.Empirical, sorted, nil)
}

// interval returns an accuracy with the percentile interval of its bootstrap.
func (t tally) interval(boot []float64) Interval {
	low, high := quantiles(boot)
	return Interval{t.estimate(), low, high}
}

// difference compares two arms, a less b, by the standard error of their paired
// bootstrap and Student's t with a degree of freedom less than groups (Efron and
// Tibshirani 1993, sections 12.2 and 12.3). The error is enlarged by
// sqrt(G / (G-1)), which resampling G groups takes off it.
func difference(a, b tally, bootA, bootB []float64) Difference {
	d := Difference{Interval: Interval{Value: a.estimate() - b.estimate()}, P: 1, Holm: 1}
	diffs := make([]float64, rounds)
	for i := range diffs {
		diffs[i] = bootA[i] - bootB[i]
	}
	groups := float64(len(a.hits))
	deviation := stat.StdDev(diffs, nil) * math.Sqrt(groups/(groups-1))
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
