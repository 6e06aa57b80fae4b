package train

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"prep/data"
	"prep/data/num"
)

// Shots says what a person's own hits are worth: the first hits of each class of a held-out
// person, in the order of the recordings and of time, are given to a head over the network
// of the fold, and the rest of that person is named.
type Shots struct {
	Shots int `json:"shots"` // hits a class that were given; 0 none
	// Rest is of all other hits of the people; some of them are in takes that hits were
	// given from. OtherTakes is of hits in takes that no hit was given from. Complete is
	// Rest of those people alone who have more than Shots hits of each class.
	Rest       Reading `json:"rest"`
	OtherTakes Reading `json:"other_takes"`
	Complete   Reading `json:"complete"`
}

// Reading are the figures of some held-out hits. A person counts by their hits; intervals
// are of 95 %, over people.
type Reading struct {
	People int `json:"people"`
	Hits   int `json:"hits"`
	// Personal is the accuracy with the person's hits, General that of the network without
	// them, Alone that of a head which learned from the person's hits only. Gain is
	// Personal less General, on the same hits.
	Personal Estimate `json:"personal"`
	General  Estimate `json:"general"`
	Alone    Estimate `json:"alone"`
	Gain     Estimate `json:"gain"`
}

// Estimate is a figure and its interval.
type Estimate struct {
	Value float64    `json:"value"`
	CI    [2]float64 `json:"ci"`
}

// shot is what was said of one hit of a person after some hits were given.
type shot struct {
	Group     string
	Shots     int
	Complete  bool // the person has more hits of each class than were given
	OtherTake bool // no hit of its recording was given
	// Whether each was right.
	General, Personal, Alone bool
}

// person is a held-out group: its hits in time order, and what the network makes of them.
type person struct {
	group    string
	takes    []string // the recording of each hit
	class    []int
	vectors  [][]float32
	answered []int // by the network alone
	cepstra  int   // where the statistics but the level begin in a vector
}

// copyDB is how near the cepstra of two hits are, root mean square without the level, for one
// to count as a copy of the other: recordings taken in twice come to less than 1 dB, two
// hits of a person to more than 3 (VOPEC, mridangam).
const copyDB = 2

// shots gives the people of a fold's test part their own hits.
func (f *fit) shots(sp split, counts []int) ([]shot, error) {
	none := slices.Index(f.s.classes, data.None)
	memory, err := f.remember(sp.known)
	if err != nil {
		return nil, err
	}
	var h head
	h.standardize(memory, f.embedded())
	var all []shot
	for _, group := range sp.testGroups {
		p, err := f.person(group, sp.test, none)
		if err != nil {
			return nil, err
		}
		for _, n := range counts {
			said, err := p.after(n, h, memory, len(f.s.classes), none)
			if err != nil {
				return nil, fmt.Errorf("%s, %d shots: %w", group, n, err)
			}
			all = append(all, said...)
		}
	}
	return all, nil
}

// embedded returns the number of values of the embedding.
func (f *fit) embedded() int { return len(f.eval.g.hidden.Data().([]float32)) / f.eval.g.batch }

// remember returns what the network makes of originals of a part, at most headOthers of each
// class, of all groups in turn.
func (f *fit) remember(part []int) ([]vectorOf, error) {
	part = slices.DeleteFunc(slices.Clone(part), func(i int) bool { return f.s.examples[i].Parent != "" })
	part = inTurn(part, func(i int) (class int, group, id string) {
		return f.s.class[i], f.s.examples[i].Group, f.s.examples[i].ID
	}, f.c.Seed)
	_, vectors, err := f.embed(part)
	memory := make([]vectorOf, len(part))
	for j, i := range part {
		if err == nil {
			memory[j] = vectorOf{vectors[j], f.s.class[i], false}
		}
	}
	return memory, err
}

// embed returns what the network makes of samples.
func (f *fit) embed(part []int) (probabilities, vectors [][]float32, err error) {
	return f.eval.embed(len(part), func(i int) (data.Patch, error) { return f.s.patches.Patch(f.s.rows[part[i]]) })
}

// inTurn returns at most headOthers items of each class, one of each group in turn, drawn by
// their IDs, in the order of part.
func inTurn(part []int, of func(i int) (class int, group, id string), seed uint64) []int {
	type place struct {
		item, turn int
		group      string
		draw       uint64
	}
	byClass := map[int][]place{}
	for _, i := range part {
		class, group, id := of(i)
		byClass[class] = append(byClass[class], place{i, 0, group, data.Rand(seed, "memory/"+id).Uint64()})
	}
	var kept []int
	for _, places := range byClass {
		slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.draw, b.draw) })
		turn := map[string]int{}
		for j := range places {
			places[j].turn = turn[places[j].group]
			turn[places[j].group]++
		}
		slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.turn, b.turn) })
		for _, p := range places[:min(len(places), headOthers)] {
			kept = append(kept, p.item)
		}
	}
	slices.Sort(kept)
	return kept
}

// person returns the hits of a group in a test part, which are sounds.
func (f *fit) person(group string, test []int, none int) (person, error) {
	first := map[string]int{}
	for i, e := range f.s.examples {
		if _, seen := first[e.Recording]; !seen {
			first[e.Recording] = i
		}
	}
	mine := slices.DeleteFunc(slices.Clone(test), func(i int) bool {
		return f.s.examples[i].Group != group || f.s.class[i] == none
	})
	slices.SortStableFunc(mine, func(a, b int) int {
		x, y := f.s.examples[a], f.s.examples[b]
		return cmp.Or(cmp.Compare(first[x.Recording], first[y.Recording]), cmp.Compare(x.Onset, y.Onset))
	})
	p := person{group: group, class: f.s.pick(mine), cepstra: f.embedded() + f.eval.statistics.levels()}
	for _, i := range mine {
		p.takes = append(p.takes, f.s.examples[i].Recording)
	}
	probabilities, vectors, err := f.embed(mine)
	p.vectors, p.answered = vectors, answers(probabilities)
	return p, err
}

// after returns what is said of the person's other hits once n of each class are given.
func (p person) after(n int, h head, memory []vectorOf, classes, none int) ([]shot, error) {
	given, left := p.give(n)
	own := map[int]bool{}
	for _, i := range given {
		own[p.class[i]] = true
	}
	if n > 0 && len(own) < 2 {
		return nil, nil // nobody would teach a model one sound
	}
	personal, alone := p.answered, p.answered
	if n > 0 {
		of := make([]vectorOf, 0, len(memory)+len(given))
		for _, i := range given {
			of = append(of, vectorOf{p.vectors[i], p.class[i], true})
		}
		var err error
		if alone, err = p.ask(h, of, left, classes); err != nil {
			return nil, err
		}
		for _, x := range memory {
			if own[x.class] || x.class == none {
				of = append(of, x)
			}
		}
		if personal, err = p.ask(h, of, left, classes); err != nil {
			return nil, err
		}
	}
	used := map[string]bool{}
	for _, i := range given {
		used[p.takes[i]] = true
	}
	complete := p.hasMore(n)
	all := make([]shot, len(left))
	for j, i := range left {
		c := p.class[i]
		all[j] = shot{p.group, n, complete, !used[p.takes[i]], p.answered[i] == c, personal[j] == c, alone[j] == c}
		if n == 0 {
			all[j].Personal, all[j].Alone = all[j].General, all[j].General
		}
	}
	return all, nil
}

// hasMore reports whether the person has more than n hits of each of their classes.
func (p person) hasMore(n int) bool {
	counts := map[int]int{}
	for _, c := range p.class {
		counts[c]++
	}
	for _, have := range counts {
		if have <= n {
			return false
		}
	}
	return true
}

// give deals the person's hits to the first n of each class and the others. What is a copy
// of a given hit is in neither.
func (p person) give(n int) (given, left []int) {
	counts := map[int]int{}
	for i, c := range p.class {
		if counts[c] < n {
			counts[c]++
			given = append(given, i)
		}
	}
	for i := range p.class {
		isCopy := func(j int) bool { return p.distanceDB(i, j) < copyDB }
		if !slices.ContainsFunc(given, isCopy) { // a given hit is a copy of itself
			left = append(left, i)
		}
	}
	return given, left
}

// ask returns what a head that learned from hits says of the person's hits.
func (p person) ask(h head, of []vectorOf, which []int, classes int) ([]int, error) {
	f, err := h.fit(of, classes)
	if err != nil {
		return nil, err
	}
	said := make([]int, len(which))
	for j, i := range which {
		said[j] = num.ArgMax(f.probabilities(p.vectors[i]))
	}
	return said, nil
}

// distanceDB returns how far apart the cepstra of two hits are, root mean square, without the
// level.
func (p person) distanceDB(i, j int) float64 {
	a, b := p.vectors[i][p.cepstra:], p.vectors[j][p.cepstra:]
	var sum float64
	for k := range a {
		sum += float64(a[k]-b[k]) * float64(a[k]-b[k])
	}
	return math.Sqrt(sum / float64(len(a)))
}

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
		}
	}
	return curve
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
