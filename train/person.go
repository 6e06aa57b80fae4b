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

// after returns what is said of the person's other hits once n of each class are given.
func (p person) after(n int, h head, memory []vectorOf, classes, none int) ([]shot, error) {
	given, left := p.give(n, h)
	own := map[int]bool{}
	for _, i := range given {
		own[p.class[i]] = true
	}
	if n > 0 && len(own) < 2 {
		return nil, nil // nobody would teach a model one sound
	}
	personal, alone, promised := p.answered, p.answered, 0
	if n > 0 {
		of := make([]vectorOf, 0, len(memory)+len(given))
		for _, i := range given {
			of = append(of, vectorOf{p.vectors[i], p.class[i], true})
		}
		var err error
		if alone, _, err = p.ask(h, of, left, classes, nil); err != nil {
			return nil, err
		}
		for _, x := range memory {
			if own[x.class] || x.class == none {
				of = append(of, x)
			}
		}
		parts, _ := leaveOutParts(p.takes, p.class, given)
		if personal, promised, err = p.ask(h, of, left, classes, parts); err != nil {
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
		all[j] = shot{p.group, n, complete, !used[p.takes[i]], p.answered[i] == c, personal[j] == c, alone[j] == c, promised, len(given)}
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
		if !slices.ContainsFunc(given, isCopy) { // a given hit is a copy of itself
			left = append(left, i)
		}
	}
	return given, left
}

// ask returns what a head that learned from hits says of the person's hits, and how many of
// the parts of what it learned from it names rightly when they are left out.
func (p person) ask(h head, of []vectorOf, which []int, classes int, parts [][]int) (said []int, promised int, err error) {
	f, err := h.fit(of, classes)
	if err != nil {
		return nil, 0, err
	}
	said = make([]int, len(which))
	for j, i := range which {
		said[j] = num.ArgMax(f.probabilities(p.vectors[i]))
	}
	for _, part := range parts {
		rows, err := f.leaveOut(part)
		if err != nil {
			return nil, 0, err
		}
		for j, k := range answers(rows) {
			if k == of[part[j]].class {
				promised++
			}
		}
	}
	return said, promised, nil
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
			return singles(len(given)), byHit
		}
	}
	for _, take := range order {
		parts = append(parts, of[take])
	}
	return parts, byTake
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
