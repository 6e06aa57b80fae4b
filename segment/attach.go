package segment

import (
	"math"
	"slices"

	"prep/data"
)

// labelKinds are the standing labels of a recording by what their moments are.
type labelKinds struct {
	placed    []data.Label // onsets that people placed
	named     []data.Label // hits that people or models named, where they were found
	annotated []data.Label // annotation: near the sounds, early or late
}

// partLabels parts labels, which are in order.
func partLabels(labels []data.Label) (l labelKinds) {
	for _, x := range labels {
		switch {
		case x.Moment == data.MomentPlaced:
			l.placed = append(l.placed, x)
		case x.Annotates():
			l.annotated = append(l.annotated, x)
		default:
			l.named = append(l.named, x)
		}
	}
	return l
}

// all returns the labels of all kinds.
func (l labelKinds) all() []data.Label {
	return slices.Concat(l.placed, l.named, l.annotated)
}

// pairNamed returns which label names each attack, by the attack's index: first
// those at the very sample, then those nearest to each other within a reach, and
// names before rejections.
func pairNamed(attacks []attack, labels []data.Label, reach int) map[int]data.Label {
	pairs := map[int]data.Label{}
	pair := func(labels []data.Label, reach int) {
		taken := map[int]bool{}
		for _, l := range pairs {
			taken[l.Onset] = true
		}
		labels = slices.DeleteFunc(slices.Clone(labels), func(l data.Label) bool { return taken[l.Onset] })
		var free, at []int // attacks without a label
		for k, a := range attacks {
			if _, ok := pairs[k]; !ok {
				free, at = append(free, k), append(at, a.onset)
			}
		}
		for _, p := range data.Match(at, moments(labels), reach) {
			pairs[free[p.A]] = labels[p.B]
		}
	}
	pair(labels, 0)
	pair(slices.DeleteFunc(slices.Clone(labels), func(l data.Label) bool { return l.Reject }), reach)
	pair(labels, reach)
	return pairs
}

// attachNamed gives attacks the moments of the labels that name them and returns
// the labels that name none. An attack at its label's very sample needs no mark.
func attachNamed(attacks []attack, labels []data.Label, reach int) (lonely []data.Label) {
	named := map[int]bool{}
	for k, l := range pairNamed(attacks, labels, reach) {
		named[l.Onset] = true
		attacks[k].end = l.End
		if attacks[k].onset != l.Onset {
			attacks[k].mark = l.Onset
		}
	}
	for _, l := range labels {
		if !named[l.Onset] {
			lonely = append(lonely, l)
		}
	}
	return lonely
}

// attachAnnotated gives attacks the moments of the annotation that means them,
// rejections last.
func (c Config) attachAnnotated(r data.Reader, attacks []attack, l labelKinds, o *outcome) error {
	pairs, err := c.pairAnnotated(r, attacks, l, o)
	for k, label := range pairs {
		switch {
		case attacks[k].mark == data.NoMark:
			attacks[k].mark = label.Onset
		case label.By == data.ByHuman && attacks[k].mark != label.Onset:
			o.leave(WhyTaken, label)
		}
	}
	slices.SortFunc(o.Unattached, func(a, b Unattached) int { return a.Onset - b.Onset })
	return err
}

// pairAnnotated returns which annotated label means each attack, by the attack's
// index, and notes the shift that was taken out and the labels that mean none.
func (c Config) pairAnnotated(r data.Reader, attacks []attack, l labelKinds, o *outcome) (map[int]data.Label, error) {
	var kept, rejects []data.Label
	for _, x := range l.annotated {
		if x.Reject {
			rejects = append(rejects, x)
		} else {
			kept = append(kept, x)
		}
	}
	p := pairer{onsets: onsetsOf(attacks), rate: r.SampleRate(), tolerance: r.SampleRate().N(c.Tolerance)}
	p.sounds = func() ([][]float64, error) { return soundsOf(r, p.onsets) }
	for _, x := range kept {
		p.spans = append(p.spans, span{x.Onset, x.End, x.Class})
	}
	found, err := p.pair()
	if err != nil {
		return nil, err
	}
	o.Shift = p.explain(found)
	pairs := map[int]data.Label{}
	doubtful := map[int]bool{}
	for _, i := range found.doubtful {
		doubtful[i] = true
	}
	for i, k := range found.of {
		switch {
		case k >= 0:
			pairs[k] = kept[i]
		case doubtful[i]:
			o.leave(WhyAmbiguous, kept[i])
		case kept[i].Onset >= r.Len():
			o.leave(WhyOutside, kept[i])
		default:
			o.leave(WhyNoAttack, kept[i])
		}
	}
	addRejects(pairs, attacks, rejects, p.samples(found.shift), p.tolerance)
	return pairs, nil
}

// addRejects pairs rejected annotation with the attacks that nothing else means.
func addRejects(pairs map[int]data.Label, attacks []attack, rejects []data.Label, shift, reach int) {
	var free, at []int
	for k, a := range attacks {
		if _, ok := pairs[k]; !ok && a.mark == data.NoMark && a.found != data.FoundPlaced {
			free, at = append(free, k), append(at, a.onset-shift)
		}
	}
	for _, p := range data.Match(at, moments(rejects), reach) {
		pairs[free[p.A]] = rejects[p.B]
	}
}

// explain says what a shift of the marks explains, where it is one that a person
// would want to know of.
func (p pairer) explain(found pairing) Shift {
	s := Shift{Ms: math.Round(10000*found.shift) / 10, Of: len(p.spans)}
	near := p.samples(jitterS)
	count := func(of []int) (n int) {
		for _, k := range of {
			if k >= 0 {
				n++
			}
		}
		return n
	}
	s.Explained, s.Without = count(p.match(found.shift, near)), count(p.match(0, near))
	return s
}

func onsetsOf(attacks []attack) []int {
	at := make([]int, len(attacks))
	for i, a := range attacks {
		at[i] = a.onset
	}
	return at
}

func moments(labels []data.Label) []int {
	at := make([]int, len(labels))
	for i, l := range labels {
		at[i] = l.Onset
	}
	return at
}
