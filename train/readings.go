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
	counts := func(right func(tally) int) []num.Count {
		all := make([]num.Count, len(people))
		for i, t := range people {
			all[i] = num.Count{Hits: float64(t.Hits), Right: float64(right(t))}
		}
		return all
	}
	personal, general := counts(func(t tally) int { return t.Personal }), counts(func(t tally) int { return t.General })
	r.Personal, r.General = num.Pooled(personal), num.Pooled(general)
	r.Alone = num.Pooled(counts(func(t tally) int { return t.Alone }))
	r.Gain = num.Gain(personal, general).Estimate()
	return r
}

// promise compares what people would have been told with what came.
func promise(people []trial) (p Promise) {
	p.People = len(people)
	if len(people) == 0 {
		return p
	}
	less, told := make([]float64, len(people)), make([]num.Count, len(people))
	for i, t := range people {
		found := t.Rest
		if t.OtherTakes.Hits > 0 {
			found = t.OtherTakes
		}
		share := num.Share(found.Personal, found.Hits)
		told[i] = num.Count{Hits: 1, Right: share}
		less[i] = num.Share(t.Promised, t.Given) - share
		if lo, hi := binomial(t.Promised, t.Given); lo <= share && share <= hi {
			p.Covered++
		}
	}
	p.Less = num.Difference(told, func(in []int) (sum float64) {
		for _, i := range in {
			sum += less[i] / float64(len(in))
		}
		return sum
	}).Estimate()
	return p
}
