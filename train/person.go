package train

import (
	"cmp"
	"math"
	"slices"

	"prep/data/num"
)

// person is a held-out group: its hits in time order, and what the network makes of them.
type person struct {
	group    string
	takes    []string // the recording of each hit
	class    []int
	vectors  [][]float32
	answered []int // by the network alone
	embedded int   // values of the embedding in a vector
	cepstra  int   // where the statistics but the level begin
}

// sameHit is how near the statistics of two hits are, without the level and in standard
// deviations of others' hits, root mean square, for one to count as a copy of the other:
// recordings taken in twice come to less than 0.13, two hits of a person to more than 0.45
// (VOPEC, mridangam).
const sameHit = 0.25

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
	p := person{group: group, class: f.s.pick(mine), embedded: f.embedded(), cepstra: f.embedded() + f.eval.statistics.levels()}
	for _, i := range mine {
		p.takes = append(p.takes, f.s.examples[i].Recording)
	}
	probabilities, vectors, err := f.embed(mine)
	p.vectors, p.answered = vectors, answers(probabilities)
	return p, err
}

// after returns what comes of giving the person n hits of each class. Of a person of one class
// nothing does: nobody would teach a model one sound.
func (p person) after(n int, h head, memory []knownHit, classes, none int) (trial, error) {
	given, left := p.give(n, h)
	t := trial{Group: p.group, Shots: n, Complete: p.hasMore(n), Given: len(given)}
	own, used := map[int]bool{}, map[string]bool{}
	var hits []knownHit
	for _, i := range given {
		own[p.class[i]], used[p.takes[i]] = true, true
		hits = append(hits, knownHit{p.vectors[i], p.class[i], true})
	}
	general := make([]int, len(left))
	for j, i := range left {
		general[j] = p.answered[i]
	}
	personal, alone := general, general
	switch {
	case n > 0 && len(own) < 2:
		return trial{}, nil
	case n > 0:
		f, err := h.fit(hits, classes)
		if err != nil {
			return t, err
		}
		alone = p.named(f, left)
		for _, x := range memory {
			if own[x.class] || x.class == none {
				hits = append(hits, x)
			}
		}
		if f, err = h.fit(hits, classes); err != nil {
			return t, err
		}
		personal = p.named(f, left)
		parts, _ := leaveOutParts(p.takes, p.class, given)
		if t.Promised, err = f.rightWhenLeftOut(parts); err != nil {
			return t, err
		}
	}
	for j, i := range left {
		said := [3]bool{personal[j] == p.class[i], general[j] == p.class[i], alone[j] == p.class[i]}
		t.Rest.add(said)
		if !used[p.takes[i]] {
			t.OtherTakes.add(said)
		}
	}
	return t, nil
}

// add counts a hit that personal model, network and own hits alone named rightly or not.
func (t *tally) add(right [3]bool) {
	t.Hits++
	for k, count := range []*int{&t.Personal, &t.General, &t.Alone} {
		if right[k] {
			*count++
		}
	}
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
func (p person) give(n int, h head) (given, left []int) {
	counts := map[int]int{}
	for i, c := range p.class {
		if counts[c] < n {
			counts[c]++
			given = append(given, i)
		}
	}
	for i := range p.class {
		isCopy := func(j int) bool { return p.distance(i, j, h) < sameHit }
		if !slices.Contains(given, i) && !slices.ContainsFunc(given, isCopy) {
			left = append(left, i)
		}
	}
	return given, left
}

// named returns what a head says of some of the person's hits.
func (p person) named(f *fitted, which []int) []int {
	said := make([]int, len(which))
	for j, i := range which {
		said[j] = num.ArgMax(f.probabilities(p.vectors[i]))
	}
	return said
}

// leaveOutParts deals given hits, by their places among them, to the parts that are left
// out in turn: takes where no class is in one take alone, or else single hits.
func leaveOutParts(takes []string, class, given []int) (parts [][]int, by string) {
	var order []string
	of, in := map[string][]int{}, map[int]map[string]bool{}
	for j, i := range given {
		if of[takes[i]] == nil {
			order = append(order, takes[i])
		}
		of[takes[i]] = append(of[takes[i]], j)
		if in[class[i]] == nil {
			in[class[i]] = map[string]bool{}
		}
		in[class[i]][takes[i]] = true
	}
	for _, within := range in {
		if len(within) == 1 {
			return singles(len(given)), ByHit
		}
	}
	for _, take := range order {
		parts = append(parts, of[take])
	}
	return parts, ByTake
}

// singles returns n parts of one.
func singles(n int) [][]int {
	parts := make([][]int, n)
	for i := range parts {
		parts[i] = []int{i}
	}
	return parts
}

// distance returns how far apart the statistics of two hits are, without the level.
func (p person) distance(i, j int, h head) float64 {
	a, b, scale := p.vectors[i][p.cepstra:], p.vectors[j][p.cepstra:], h.scale[p.cepstra:]
	var sum float64
	for k := range a {
		d := float64((a[k] - b[k]) * scale[k])
		sum += d * d
	}
	part := len(p.vectors[i]) - p.embedded
	return math.Sqrt(sum * 2 * float64(part) / float64(len(a))) // as head.standardize has it
}
