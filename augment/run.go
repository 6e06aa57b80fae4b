package augment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"prep/data"
)

// ErrNoLabels says that there is no labelled hit to copy.
var ErrNoLabels = errors.New("the set has no labelled hits to copy; `prep segment` finds hits, `prep label` names them")

// Run replaces the copies in hits.jsonl: every labelled hit that is not
// rejected gets its number of copies. It renders nothing; levels of a copy are
// its parent's. Run fails when the configuration is invalid, when no hit has a
// label (ErrNoLabels), when ctx ends or the set cannot be written.
func Run(ctx context.Context, set *data.Set, c Config, p data.Progress) (data.Summary, error) {
	if err := c.Validate(); err != nil {
		return data.Summary{}, fmt.Errorf("augment: %w", err)
	}
	job := data.Job{
		Stage:   "augment",
		Config:  c,
		Inputs:  []string{data.RecordingsFile, data.OriginalHits, data.LabelsFile},
		Outputs: []string{data.HitsFile},
	}
	return set.Run(job, func() (data.Summary, error) {
		return data.Work(ctx, set, job, &stage{set: set, config: c}, p)
	})
}

// family is the parents in one recording, and how many copies each gets.
type family struct {
	recording, group string
	parents          []data.Hit
	copies           []int
}

// stage is a run in progress: its items are families.
type stage struct {
	set     *data.Set
	config  Config
	company company
	all     []data.Hit // the originals, and behind them the copies taken
	counts  struct{ originals, parents int }
}

// Items returns the families, in the order of the hits.
func (s *stage) Items() ([]family, error) {
	hits, err := s.set.Hits()
	if err != nil {
		return nil, err
	}
	recordings, err := s.set.Recordings()
	if err != nil {
		return nil, err
	}
	parents, err := s.config.parents(s.set)
	if err != nil {
		return nil, err
	}
	s.all = data.Originals(hits)
	s.counts.originals, s.counts.parents = len(s.all), len(parents)
	s.company = s.config.companyOf(recordings)
	families := familiesOf(parents, s.config.counts(parents))
	return families, s.config.checkBackgrounds(s.company, families)
}

// familiesOf groups neighbouring parents of one recording.
func familiesOf(parents []data.Example, copies []int) []family {
	var all []family
	for i, e := range parents {
		if last := len(all) - 1; last < 0 || all[last].recording != e.Recording {
			all = append(all, family{recording: e.Recording, group: e.Group})
		}
		f := &all[len(all)-1]
		f.parents, f.copies = append(f.parents, e.Hit), append(f.copies, copies[i])
	}
	return all
}

// Describe implements data.Stage.
func (s *stage) Describe(f family) (note string, weight int) { return f.recording, len(f.parents) }

// Do makes the copies of a family.
func (s *stage) Do(_ context.Context, f family) (copies []data.Hit, err error) {
	near, err := s.config.surroundings(s.set, s.company, f.recording, f.group)
	if err != nil {
		return nil, data.NewFatal(fmt.Errorf("augment: room tone of %s: %w", f.recording, err))
	}
	for i, parent := range f.parents {
		for k := range f.copies[i] {
			copies = append(copies, s.config.copy(parent, k+1, near))
		}
	}
	return copies, nil
}

// Take keeps the copies of a family. What makes them cannot fail but by a
// fault of the program.
func (s *stage) Take(f family, r data.Result[[]data.Hit]) error {
	s.all = append(s.all, r.Value...)
	return r.Err
}

// Finish writes the originals and the copies.
func (s *stage) Finish() (data.Summary, error) {
	if err := s.set.WriteHits(s.all); err != nil {
		return data.Summary{}, err
	}
	return summary(s.counts.originals, s.counts.parents, s.all[s.counts.originals:]), nil
}

// parents returns the originals that have a class, of the groups that may be
// copied.
func (c Config) parents(set *data.Set) ([]data.Example, error) {
	examples, err := set.Examples()
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	var parents []data.Example
	for _, e := range examples {
		known[e.Group] = true
		if e.Class != "" && e.Parent == "" && c.allows(e.Group) {
			parents = append(parents, e)
		}
	}
	for i, g := range c.Groups {
		if !known[g] {
			return nil, fmt.Errorf("augment: groups[%d] is %q, and the set has no hits of that group", i, g)
		}
	}
	if len(parents) == 0 && c.Copies > 0 {
		return nil, ErrNoLabels
	}
	return parents, nil
}

// allows reports whether a group gets copies.
func (c Config) allows(group string) bool {
	return len(c.Groups) == 0 || slices.Contains(c.Groups, group)
}

// counts returns how many copies each parent gets. The copies of a class are
// dealt out evenly, the first parents getting one more.
func (c Config) counts(parents []data.Example) []int {
	size, seen := map[string]int{}, map[string]int{}
	largest := 0
	for _, e := range parents {
		size[e.Class]++
		largest = max(largest, size[e.Class])
	}
	counts := make([]int, len(parents))
	for i, e := range parents {
		counts[i] = c.Copies
		if c.Balance {
			n := size[e.Class]
			copies := (1+c.Copies)*largest - n
			counts[i] = copies / n
			if seen[e.Class] < copies%n {
				counts[i]++
			}
		}
		seen[e.Class]++
	}
	return counts
}

func summary(originals, parents int, copies []data.Hit) data.Summary {
	counts := map[string]int{"originals": originals, "parents": parents, "copies": len(copies)}
	for _, h := range copies {
		for _, t := range h.Lineage {
			name, _, _ := strings.Cut(t.Name, ":")
			counts["with "+name]++
		}
	}
	s := data.Summary{Stage: "augment", Counts: counts}
	if n := originals - parents; n > 0 && len(copies) > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d hits get no copies: they have no label, or their group is not among those to copy", n))
	}
	return s
}
