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
	return set.Run(job, func() (data.Summary, error) { return run(ctx, set, c, p) })
}

func run(ctx context.Context, set *data.Set, c Config, p data.Progress) (data.Summary, error) {
	hits, err := set.Hits()
	if err != nil {
		return data.Summary{}, err
	}
	originals := data.Originals(hits)
	parents, err := c.parents(set)
	if err != nil {
		return data.Summary{}, err
	}
	near, err := c.survey(ctx, set, parents)
	if err != nil {
		return data.Summary{}, err
	}
	all := originals
	for i, n := range c.counts(parents) {
		if err := ctx.Err(); err != nil {
			return data.Summary{}, err
		}
		for k := range n {
			all = append(all, c.copy(parents[i].Hit, k+1, near[parents[i].Recording]))
		}
		p.Report(data.Step{Stage: "augment", Done: i + 1, Total: len(parents), Note: parents[i].ID})
	}
	if err := set.WriteHits(all); err != nil {
		return data.Summary{}, err
	}
	return summary(len(originals), len(parents), all[len(originals):]), nil
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
