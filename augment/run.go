package augment

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"prep/data"
	"prep/data/work"
)

// errNoLabels says that there is no labelled hit to copy.
var errNoLabels = errors.New("the set has no labelled hits to copy; `prep segment` finds hits, `prep label` names them")

// Run replaces the copies in hits.jsonl: every labelled hit that is not
// rejected gets its number of copies. It renders nothing; levels of a copy are
// its parent's. Run fails when the configuration is invalid, when no hit has a
// label, when ctx ends or the set cannot be written.
func Run(ctx context.Context, e work.Engine, c Config) (data.Summary, error) {
	if err := c.Validate(); err != nil {
		return data.Summary{}, fmt.Errorf("augment: %w", err)
	}
	job := work.Job{
		Stage:    "augment",
		Editions: work.Editions{"augment": Edition},
		Config:   c,
		Inputs:   []string{data.RecordingsFile, work.OriginalHits, data.LabelsFile},
		Outputs:  []string{data.HitsFile},
	}
	return e.Run(job, func() (data.Summary, error) {
		s := stage{set: e.Set, config: c, counts: map[string]int{"copies": 0}}
		sum, err := work.Work(ctx, e, job, &s)
		if err != nil && s.lines != nil {
			s.lines.Abort()
		}
		return sum, err
	})
}

// family is the parents in one recording, and how many copies each gets.
type family struct {
	recording, group string
	parents          []data.Hit
	copies           []int
}

// stage is a run in progress: its items are families, of which Do finds out the
// room tone. Their copies are drawn when they are written, and none is kept.
type stage struct {
	set       *data.Set
	config    Config
	company   company
	originals []data.Hit
	lines     *data.LineWriter // see open
	counts    map[string]int
}

// Items returns the families, in the order of the hits.
func (s *stage) Items() (families []family, err error) {
	if s.originals, err = s.set.Originals(); err != nil {
		return nil, err
	}
	recordings, err := s.set.Recordings()
	if err != nil {
		return nil, err
	}
	parents, err := s.parents()
	if err != nil {
		return nil, err
	}
	s.counts["originals"], s.counts["parents"] = len(s.originals), len(parents)
	s.company = s.config.companyOf(recordings)
	families = familiesOf(parents, s.config.counts(parents))
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

// Describe implements work.Stage.
func (s *stage) Describe(f family) (note string, weight int) { return f.recording, len(f.parents) }

// Do returns the room tone of a family's recording, if the plan asks for it.
func (s *stage) Do(_ context.Context, f family) (*tone, error) {
	t, err := s.config.toneOf(s.set, f.recording)
	if err != nil {
		return nil, work.NewFatal(fmt.Errorf("augment: room tone of %s: %w", f.recording, err))
	}
	return t, nil
}

// Take writes the copies of a family. What they are made from cannot be missing
// but by a fault of the program.
func (s *stage) Take(f family, r work.Result[*tone]) error {
	if err := errors.Join(r.Err, s.open()); err != nil {
		return err
	}
	near := Surroundings{r.Value, s.company.neighbours(f.recording, f.group)}
	for i, parent := range f.parents {
		for k := range f.copies[i] {
			copy := s.config.copy(parent, k+1, near)
			s.count(copy)
			if err := data.WriteLine(s.lines, copy); err != nil {
				return err
			}
		}
	}
	return nil
}

// open begins hits.jsonl with the originals, unless it is begun.
func (s *stage) open() (err error) {
	if s.lines != nil {
		return nil
	}
	if s.lines, err = data.CreateLines(s.set.Path(data.HitsFile)); err != nil {
		return err
	}
	for _, h := range s.originals {
		if err := data.WriteLine(s.lines, h); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) count(copy data.Hit) {
	s.counts["copies"]++
	for _, t := range copy.Lineage {
		name, _ := t.Parts()
		s.counts["with "+name]++
	}
}

// Finish replaces hits.jsonl.
func (s *stage) Finish() (data.Summary, error) {
	sum := data.Summary{Stage: "augment", Counts: s.counts}
	if err := s.open(); err != nil {
		return sum, err
	}
	if err := s.lines.Commit(); err != nil {
		return sum, err
	}
	if n := s.counts["originals"] - s.counts["parents"]; n > 0 && s.counts["copies"] > 0 {
		sum.Notes = append(sum.Notes,
			fmt.Sprintf("%d hits get no copies: they have no label, or their group is not among those to copy", n))
	}
	return sum, nil
}

// parents returns the originals that have a class, of the groups that may be
// copied.
func (s *stage) parents() ([]data.Example, error) {
	c := s.config
	examples, err := s.set.ExamplesOf(s.originals)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	var parents []data.Example
	for _, e := range examples {
		known[e.Group] = true
		if e.Class != "" && c.allows(e.Group) {
			parents = append(parents, e)
		}
	}
	for i, g := range c.Groups {
		if !known[g] {
			return nil, c.fault(fmt.Sprintf("groups[%d]", i), fmt.Errorf("the set has no hits of group %q", g))
		}
	}
	if len(parents) == 0 && c.Copies > 0 {
		return nil, errNoLabels
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
