package train

import (
	"cmp"
	"fmt"
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
	// Rest of those people alone who have more than Shots hits of each of their classes.
	Rest       Reading `json:"rest"`
	OtherTakes Reading `json:"other_takes"`
	Complete   Reading `json:"complete"`
	// Promise compares what Adapt would have told each person with what came.
	Promise Promise `json:"promise"`
}

// Promise is how true the estimate is that a person is given, of hits left out in turn: over
// people with hits in other takes those, and the rest of the others.
type Promise struct {
	People  int          `json:"people"`
	Less    num.Estimate `json:"less"`    // promised less found, mean over people and its interval
	Covered int          `json:"covered"` // people in whose interval the found share lies
}

// Reading are the figures of some held-out hits. A person counts by their hits; intervals
// are of 95 %, over people.
type Reading struct {
	People int `json:"people"`
	Hits   int `json:"hits"`
	// Personal is the accuracy with the person's hits, General that of the network without
	// them, Alone that of a head which learned from the person's hits only. Gain is
	// Personal less General, on the same hits.
	Personal num.Estimate `json:"personal"`
	General  num.Estimate `json:"general"`
	Alone    num.Estimate `json:"alone"`
	Gain     num.Estimate `json:"gain"`
}

// String puts the figures into words.
func (r Reading) String() string {
	if r.Hits == 0 {
		return "nothing to test on"
	}
	return fmt.Sprintf("%v of %d hits of %d groups, %s over the network without them", r.Personal, r.Hits, r.People, r.Gain.Signed())
}

// trial is what came of giving some hits to a person.
type trial struct {
	Group    string
	Shots    int
	Complete bool // the person has more hits of each of their classes than were given
	// Rest are the person's other hits, OtherTakes those in takes that no hit was given from.
	Rest, OtherTakes tally
	// Promised of Given hits were named rightly when left out in turn.
	Promised, Given int
}

// tally counts hits of a person, and how many each way of naming had right.
type tally struct{ Hits, Personal, General, Alone int }

// shots gives the people of a fold's test part their own hits.
func (f *fit) shots(sp split, counts []int) ([]trial, error) {
	none := slices.Index(f.s.classes, data.None)
	_, memory, err := f.remember(sp.known)
	if err != nil {
		return nil, err
	}
	var h head
	h.standardize(memory, f.embedded())
	var all []trial
	for _, group := range sp.testGroups {
		p, err := f.person(group, sp.test, none)
		if err != nil {
			return nil, err
		}
		for _, n := range counts {
			t, err := p.after(n, h, memory, len(f.s.classes), none)
			if err != nil {
				return nil, fmt.Errorf("%s, %d shots: %w", group, n, err)
			}
			if t.Rest.Hits > 0 {
				all = append(all, t)
			}
		}
	}
	return all, nil
}

// embedded returns the number of values of the embedding.
func (f *fit) embedded() int { return len(f.eval.g.hidden.Data().([]float32)) / f.eval.g.batch }

// remember returns originals of a part, at most headOthers of each class, of all groups in
// turn, and what the network makes of them.
func (f *fit) remember(part []int) ([]int, []knownHit, error) {
	part = slices.DeleteFunc(slices.Clone(part), func(i int) bool { return f.s.examples[i].Parent != "" })
	part = inTurn(part, func(i int) (class int, group, id string) {
		return f.s.class[i], f.s.examples[i].Group, f.s.examples[i].ID
	}, f.c.Seed)
	_, vectors, err := f.embed(part)
	memory := make([]knownHit, len(part))
	for j, i := range part {
		if err == nil {
			memory[j] = knownHit{vectors[j], f.s.class[i], false}
		}
	}
	return part, memory, err
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
