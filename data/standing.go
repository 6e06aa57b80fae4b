package data

import (
	"fmt"
	"slices"
)

// Moment is what a label speaks about: a sample of a recording.
type Moment struct {
	Recording string
	Onset     int
}

// Standing returns what a journal says now: for each moment the label of the
// highest voice (human over import over model), and of equals the last. A
// label that takes back (Class "" and not Reject) silences its own voice only.
// Where a line does not say what its moment is, as in journals of prep 0.1.0, the
// journal does: see provenance.
func Standing(journal []Label) map[Moment]Label {
	type voice struct {
		Moment
		rank int
	}
	last := map[voice]Label{}
	for _, l := range journal {
		last[voice{Moment{l.Recording, l.Onset}, l.rank()}] = l
	}
	origin := provenanceOf(journal)
	standing := map[Moment]Label{}
	for v, l := range last {
		if l.Class == "" && !l.Reject {
			continue
		}
		origin.complete(&l)
		if other, ok := standing[v.Moment]; !ok || other.rank() < v.rank {
			standing[v.Moment] = l
		}
	}
	return standing
}

// Marks returns the standing labels of each recording, by onset.
func Marks(journal []Label) map[string][]Label {
	marks := map[string][]Label{}
	for m, l := range Standing(journal) {
		marks[m.Recording] = append(marks[m.Recording], l)
	}
	for _, m := range marks {
		slices.SortFunc(m, func(a, b Label) int { return a.Onset - b.Onset })
	}
	return marks
}

// Example is a hit with what is known of it.
type Example struct {
	Hit
	Class string // "" when nobody has said
	Group string
	// Behind are the groups of the other recordings that a copy draws on. It is
	// left out of an original's JSON, by whose hash sweeps know their results.
	Behind []string `json:",omitempty"`

	reject bool
}

// None is the class of what is no sound to be named: breaths, speech, chairs. A model that
// has it can say that a hit is none of its sounds.
const None = "(none)"

// Examples returns the hits of the set in their order, each with its class and
// group; rejected hits are left out. A hit's class is that of the label at its
// own onset, else at its mark, else of its recording; a copy's is its parent's.
func (s *Set) Examples() ([]Example, error) {
	hits, err := s.Hits()
	if err != nil {
		return nil, err
	}
	return s.ExamplesOf(hits)
}

// ExamplesOf is Examples of some hits of the set.
func (s *Set) ExamplesOf(hits []Hit) ([]Example, error) {
	examples, err := s.join(hits)
	return slices.DeleteFunc(examples, func(e Example) bool { return e.reject }), err
}

// Lessons returns the hits of the set that a model can learn from, as Examples does, and
// the rejected ones with the class None.
func (s *Set) Lessons() ([]Example, error) {
	hits, err := s.Hits()
	if err != nil {
		return nil, err
	}
	examples, err := s.join(hits)
	for i := range examples {
		if examples[i].reject {
			examples[i].Class = None
		}
	}
	return examples, err
}

func (s *Set) join(hits []Hit) ([]Example, error) {
	recordings, err := s.Recordings()
	if err != nil {
		return nil, err
	}
	journal, err := s.Labels()
	if err != nil {
		return nil, err
	}
	return join(recordings, hits, Standing(journal))
}

func join(recordings []Recording, hits []Hit, standing map[Moment]Label) ([]Example, error) {
	byID := map[string]Recording{}
	for _, r := range recordings {
		byID[r.ID] = r
	}
	var examples []Example
	for _, h := range hits {
		r, ok := byID[h.Recording]
		if !ok {
			return nil, fmt.Errorf("%s: hit %s is of recording %q, which is not in %s; run `prep segment` again",
				HitsFile, h.ID, h.Recording, RecordingsFile)
		}
		if err := h.checkPlace(r); err != nil {
			return nil, fmt.Errorf("%s: hit %s: %w; run `prep segment` again", HitsFile, h.ID, err)
		}
		class, reject := classOf(h, r, standing)
		examples = append(examples, Example{h, class, r.Group, groupsBehind(h, byID), reject})
	}
	return examples, nil
}

// groupsBehind returns the groups of the other recordings that a copy draws on.
func groupsBehind(h Hit, recordings map[string]Recording) (groups []string) {
	for _, t := range h.Lineage {
		if _, id := t.Parts(); id != "" {
			groups = append(groups, recordings[id].Group)
		}
	}
	return groups
}

// classOf says what a hit is; reject that it is no hit.
func classOf(h Hit, r Recording, standing map[Moment]Label) (class string, reject bool) {
	for _, at := range []int{h.Onset, h.Mark} {
		if l, ok := standing[Moment{h.Recording, at}]; ok {
			return l.Class, l.Reject
		}
	}
	return r.Class, false
}
