package train

import (
	"slices"

	"prep/data/num"
)

// curves sums up shots, one element a number of them.
func curves(all []shot, counts []int) []Shots {
	curve := make([]Shots, len(counts))
	for i, n := range counts {
		at := func(keep func(shot) bool) Reading {
			return read(slices.DeleteFunc(slices.Clone(all), func(s shot) bool { return s.Shots != n || !keep(s) }))
		}
		curve[i] = Shots{Shots: n,
			Rest:       at(func(shot) bool { return true }),
			OtherTakes: at(func(s shot) bool { return s.OtherTake }),
			Complete:   at(func(s shot) bool { return s.Complete }),
			Promise:    promise(all, n),
		}
	}
	return curve
}

// promise compares what people would have been told after n hits with what came.
func promise(all []shot, n int) (p Promise) {
	type told struct {
		promised, given int
		tally           [2]tally // of the rest, and of other takes
	}
	people := map[string]*told{}
	var order []string
	for _, s := range all {
		if s.Shots != n || s.Given == 0 {
			continue
		}
		t := people[s.Group]
		if t == nil {
			t = &told{promised: s.Promised, given: s.Given}
			people[s.Group], order = t, append(order, s.Group)
		}
		for k, counts := range []bool{true, s.OtherTake} {
			if counts {
				t.tally[k].hits++
			}
			if counts && s.Personal {
				t.tally[k].personal++
			}
		}
	}
	less := make([]float64, len(order))
	for i, g := range order {
		t := people[g]
		found := t.tally[0]
		if t.tally[1].hits > 0 {
			found = t.tally[1]
		}
		share := num.Share(found.personal, found.hits)
		less[i] = num.Share(t.promised, t.given) - share
		if lo, hi := binomial(t.promised, t.given); lo <= share && share <= hi {
			p.Covered++
		}
	}
	if p.People = len(order); p.People > 0 {
		p.Less = meanOf(less)
	}
	return p
}

// meanOf returns the mean of people's values, and its interval over people.
func meanOf(values []float64) (e Estimate) {
	draws := make([]float64, num.Rounds)
	for i, sample := range num.Resample(len(values), 0) {
		for _, j := range sample {
			draws[i] += values[j] / float64(len(values))
		}
	}
	for _, v := range values {
		e.Value += v / float64(len(values))
	}
	e.CI[0], e.CI[1] = num.Interval(draws)
	return e
}

// tally are the hits of one person, and how many each way of naming had right.
type tally struct{ hits, personal, general, alone int }

// read returns the figures of shots.
func read(shots []shot) Reading {
	people := map[string]tally{}
	var order []string
	for _, s := range shots {
		t, seen := people[s.Group]
		if !seen {
			order = append(order, s.Group)
		}
		t.hits++
		for _, x := range []struct {
			right bool
			count *int
		}{{s.Personal, &t.personal}, {s.General, &t.general}, {s.Alone, &t.alone}} {
			if x.right {
				*x.count++
			}
		}
		people[s.Group] = t
	}
	r := Reading{People: len(order), Hits: len(shots)}
	if r.People == 0 {
		return r
	}
	slices.Sort(order)
	tallies := make([]tally, len(order))
	for i, g := range order {
		tallies[i] = people[g]
	}
	r.Personal = estimate(tallies, func(t tally) int { return t.personal })
	r.General = estimate(tallies, func(t tally) int { return t.general })
	r.Alone = estimate(tallies, func(t tally) int { return t.alone })
	r.Gain = estimate(tallies, func(t tally) int { return t.personal - t.general })
	return r
}

// estimate returns the share of the hits that right counts, and its interval when people are
// drawn again with replacement.
func estimate(people []tally, right func(tally) int) Estimate {
	share := func(of func(yield func(tally))) float64 {
		n, hits := 0, 0
		of(func(t tally) { n, hits = n+right(t), hits+t.hits })
		return num.Share(n, hits)
	}
	draws := make([]float64, num.Rounds)
	for i, sample := range num.Resample(len(people), 0) {
		draws[i] = share(func(yield func(tally)) {
			for _, j := range sample {
				yield(people[j])
			}
		})
	}
	var e Estimate
	e.Value = share(func(yield func(tally)) {
		for _, t := range people {
			yield(t)
		}
	})
	e.CI[0], e.CI[1] = num.Interval(draws)
	return e
}
