package train

import (
	"cmp"
	"slices"

	"prep/data/num"
)

// curves sums up trials, one element a number of shots.
func curves(all []trial, counts []int) []Shots {
	all = slices.SortedFunc(slices.Values(all), func(a, b trial) int { return cmp.Compare(a.Group, b.Group) })
	curve := make([]Shots, len(counts))
	for i, n := range counts {
		s := Shots{Shots: n}
		var rest, other, complete []tally
		var given []trial
		for _, t := range all {
			if t.Shots != n {
				continue
			}
			rest = append(rest, t.Rest)
			if t.OtherTakes.Hits > 0 {
				other = append(other, t.OtherTakes)
			}
			if t.Complete {
				complete = append(complete, t.Rest)
			}
			if t.Given > 0 {
				given = append(given, t)
			}
		}
		s.Rest, s.OtherTakes, s.Complete, s.Promise = read(rest), read(other), read(complete), promise(given)
		curve[i] = s
	}
	return curve
}

// read returns the figures of people.
func read(people []tally) (r Reading) {
	r.People = len(people)
	for _, t := range people {
		r.Hits += t.Hits
	}
	share := func(right func(tally) int) Estimate {
		return pooled(len(people), func(i int) (part, whole float64) { return float64(right(people[i])), float64(people[i].Hits) })
	}
	r.Personal = share(func(t tally) int { return t.Personal })
	r.General = share(func(t tally) int { return t.General })
	r.Alone = share(func(t tally) int { return t.Alone })
	r.Gain = share(func(t tally) int { return t.Personal - t.General })
	return r
}

// promise compares what people would have been told with what came.
func promise(people []trial) (p Promise) {
	p.People = len(people)
	less := make([]float64, len(people))
	for i, t := range people {
		found := t.Rest
		if t.OtherTakes.Hits > 0 {
			found = t.OtherTakes
		}
		share := num.Share(found.Personal, found.Hits)
		less[i] = num.Share(t.Promised, t.Given) - share
		if lo, hi := binomial(t.Promised, t.Given); lo <= share && share <= hi {
			p.Covered++
		}
	}
	p.Less = pooled(len(people), func(i int) (part, whole float64) { return less[i], 1 })
	return p
}

// pooled returns the sum of the parts of n groups over that of their wholes, and its 95 %
// interval when groups are drawn again with replacement: what differs between groups is in it,
// what differs between training runs is not. The seed is fixed.
func pooled(n int, of func(i int) (part, whole float64)) (e Estimate) {
	if n == 0 {
		return e
	}
	parts, wholes, all := make([]float64, n), make([]float64, n), indices(n)
	for i := range n {
		parts[i], wholes[i] = of(i)
	}
	share := func(sample []int) float64 {
		var part, whole float64
		for _, i := range sample {
			part, whole = part+parts[i], whole+wholes[i]
		}
		if whole == 0 {
			return 0
		}
		return part / whole
	}
	draws := make([]float64, num.Rounds)
	for i, sample := range num.Resample(n, 0) {
		draws[i] = share(sample)
	}
	e.Value = share(all)
	e.CI[0], e.CI[1] = num.Interval(draws)
	return e
}
