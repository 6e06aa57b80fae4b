package num

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"
)

// Count is how many hits a group has and how many of them were right. Hits of one group are
// alike, so that groups and not hits are what an interval counts.
type Count struct{ Hits, Right float64 }

// FewGroups is the number of groups below which an interval is nearly all that is possible:
// an Estimate then tells every group's own figure too.
const FewGroups = 6

// Estimate is a figure and its 95 % interval over groups.
type Estimate struct {
	Value float64    `json:"value"`
	CI    [2]float64 `json:"ci"`
	// Each are the groups' own figures, rising, where there are fewer than FewGroups.
	Each []float64 `json:"each,omitempty"`
}

// String returns "0.912 (0.880 to 0.941)", and of few groups
// "0.912 (0.504 to 0.991; groups 0.880, 0.941)".
func (e Estimate) String() string { return e.format("%.3f") }

// Signed returns "+0.061 (+0.025 to +0.102)".
func (e Estimate) Signed() string { return e.format("%+.3f") }

func (e Estimate) format(number string) string {
	var each []string
	for _, v := range e.Each {
		each = append(each, fmt.Sprintf(number, v))
	}
	few := ""
	if len(each) > 0 {
		few = "; groups " + strings.Join(each, ", ")
	}
	return fmt.Sprintf(number+" ("+number+" to "+number+"%s)", e.Value, e.CI[0], e.CI[1], few)
}

// How groups differ where the groups themselves do not tell, because what is rare came in few
// of them. Chosen by simulation, docs/results.md has the table: smaller values cover less
// than they should where one group in twenty does badly.
const (
	priorLikeness = 0.3 // correlation of two hits of a group
	priorGroups   = 2   // groups with what is rare that count as much as priorLikeness
	priorHits     = 5   // hits that a difference would have changed in one more group
	freedomGroups = 2   // degrees of freedom for each group that makes the difference
)

// Pooled estimates the share of hits that are right, over all groups, for groups that were
// not seen.
func Pooled(groups []Count) Estimate {
	return Over(groups, func(in []int) float64 { return ShareOf(groups, in) })
}

// ShareOf returns the share of the hits of some groups that are right, 0 of no hits.
func ShareOf(groups []Count, in []int) float64 {
	var hits, right float64
	for _, i := range in {
		hits, right = hits+groups[i].Hits, right+groups[i].Right
	}
	if hits == 0 {
		return 0
	}
	return right / hits
}

// Over estimates a figure between 0 and 1 of groups that were not seen: value returns it of
// the groups in a list. Groups without hits are left out.
//
// The interval is Wilson's ("Probable inference, the law of succession, and statistical
// inference", JASA 22, 1927) of as many hits as would vary as much if hits were not alike in
// groups (Kish, "Survey Sampling", 1965, the design effect), with Student's quantile for as
// many equal groups as the unequal ones are worth. The variance is the jackknife's over groups
// (Tukey 1958; Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 11).
// Where what is rare, mistakes or right answers, came in few groups, the design effect is
// drawn towards that of hits whose correlation in a group is .3: so the interval of groups
// that are all right has a width. One group has the interval 0 to 1: it says nothing of others.
func Over(groups []Count, value func(in []int) float64) Estimate {
	j := newJackknife(groups, value)
	e := Estimate{Value: j.value, Each: j.each(value), CI: [2]float64{0, 1}}
	switch len(j.in) {
	case 0:
		return Estimate{}
	case 1:
		return e
	}
	known := j.rareIn / (j.rareIn + priorGroups)
	alike := 1 + (j.size-1)*priorLikeness
	if unit := e.Value * (1 - e.Value) / j.hits; unit > 0 {
		alike = known*j.variance/unit + (1-known)*alike
	}
	e.CI[0], e.CI[1] = wilson(e.Value, j.hits/max(alike, 1), student(j.freedom))
	return e
}

// wilson returns the ends of Wilson's interval of a share of n, t deviations wide.
func wilson(share, n, t float64) (low, high float64) {
	middle := (share + t*t/(2*n)) / (1 + t*t/n)
	half := t / (1 + t*t/n) * math.Sqrt(share*(1-share)/n+t*t/(4*n*n))
	return min(max(middle-half, 0), share), max(min(middle+half, 1), share)
}

// student returns the 97.5 % quantile of Student's distribution.
func student(freedom float64) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: max(freedom, 1)}.Quantile(0.975)
}

// Contrast is a difference of two figures of the same groups.
type Contrast struct {
	Value     float64
	Deviation float64 // standard
	Freedom   float64 // Student's degrees of, 0 of fewer than two groups: nothing is known
	each      []float64
}

// Difference estimates a difference, between -1 and 1, of two figures of the same groups:
// value returns it of the groups in a list. It is Student's over the jackknife's variance
// with two degrees of freedom for each group that makes the difference (at most as many as
// the groups are worth), and a variance of what one more group might have changed, so that
// two that agree in everything still have an interval; their freedom together is
// Satterthwaite's ("An approximate distribution of estimates of variance components", 1946).
func Difference(groups []Count, value func(in []int) float64) Contrast {
	j := newJackknife(groups, value)
	c := Contrast{Value: j.value, each: j.each(value)}
	if len(j.in) < 2 {
		return c
	}
	unseen := priorHits * (1 + (j.size-1)*priorLikeness) / (j.hits * j.hits)
	total, freedom := j.variance+unseen, max(1, min(j.freedom, freedomGroups*j.makers-1))
	c.Deviation = math.Sqrt(total)
	c.Freedom = max(1, total*total/(j.variance*j.variance/freedom+unseen*unseen/j.freedom))
	return c
}

// Gain is the difference of two shares of the same groups, the first less the second.
func Gain(first, second []Count) Contrast {
	return Difference(first, func(in []int) float64 { return ShareOf(first, in) - ShareOf(second, in) })
}

// With returns the difference with a variance that has nothing to do with groups.
func (c Contrast) With(variance float64) Contrast {
	c.Deviation = math.Sqrt(c.Deviation*c.Deviation + variance)
	return c
}

// Estimate returns the difference with its interval.
func (c Contrast) Estimate() Estimate {
	e := Estimate{Value: c.Value, CI: [2]float64{-1, 1}, Each: c.each}
	if c.Freedom > 0 {
		reach := student(c.Freedom) * c.Deviation
		e.CI = [2]float64{max(c.Value-reach, -1), min(c.Value+reach, 1)}
	}
	return e
}

// P returns the two-sided probability of a difference as large where there is none.
func (c Contrast) P() float64 {
	if c.Freedom == 0 || c.Value == 0 {
		return 1
	}
	return 2 * distuv.StudentsT{Sigma: 1, Nu: c.Freedom}.Survival(math.Abs(c.Value)/c.Deviation)
}

// jackknife is a figure of groups, and what it is without each of them.
type jackknife struct {
	in       []int // the groups that have hits
	value    float64
	variance float64
	hits     float64
	size     float64 // of the group of a hit, mean over hits
	freedom  float64 // of as many equal groups as these are worth
	rareIn   float64 // equal groups that would hold what is rare: mistakes, or right answers
	makers   float64 // equal groups that would make the variance
}

func newJackknife(groups []Count, value func(in []int) float64) jackknife {
	var j jackknife
	var hits, right, wrong []float64
	for i, g := range groups {
		if g.Hits > 0 {
			j.in = append(j.in, i)
			hits, right, wrong = append(hits, g.Hits), append(right, g.Right), append(wrong, g.Hits-g.Right)
		}
	}
	j.value = value(j.in)
	if len(j.in) < 2 {
		return j
	}
	var squares []float64
	others := make([]int, len(j.in)-1)
	for k := range j.in {
		copy(others, j.in[:k])
		copy(others[k:], j.in[k+1:])
		shift := value(others) - j.value
		squares = append(squares, shift*shift)
	}
	n := float64(len(j.in))
	j.variance = (n - 1) / n * sum(squares)
	j.makers, j.hits = worth(squares), sum(hits)
	j.freedom = worth(hits) - 1
	j.size = j.hits / worth(hits)
	if sum(wrong) > sum(right) {
		wrong = right
	}
	j.rareIn = worth(wrong)
	return j
}

// each returns the figure of each group by itself, where groups are few.
func (j jackknife) each(value func(in []int) float64) (figures []float64) {
	if len(j.in) >= FewGroups {
		return nil
	}
	for _, i := range j.in {
		figures = append(figures, value([]int{i}))
	}
	slices.Sort(figures)
	return figures
}

func sum(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

// worth returns how many equal amounts would be as even as these (Kish's effective number),
// at least 1 where any is above 0.
func worth(x []float64) float64 {
	var squares float64
	for _, v := range x {
		squares += v * v
	}
	if squares == 0 {
		return 0
	}
	return sum(x) * sum(x) / squares
}
