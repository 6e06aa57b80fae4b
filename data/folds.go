package data

import (
	"fmt"
	"slices"
	"strings"
)

// GroupCount is how many hits of each class a group has.
type GroupCount struct {
	Group   string
	Classes map[string]int
}

// total returns the number of hits in the group.
func (g GroupCount) total() (n int) {
	for _, c := range g.Classes {
		n += c
	}
	return n
}

// CountGroups counts the labelled originals among examples by group and class,
// the groups sorted by name.
func CountGroups(examples []Example) []GroupCount {
	at := map[string]map[string]int{}
	for _, e := range examples {
		if e.Class == "" || e.Parent != "" {
			continue
		}
		if at[e.Group] == nil {
			at[e.Group] = map[string]int{}
		}
		at[e.Group][e.Class]++
	}
	counts := make([]GroupCount, 0, len(at))
	for g, c := range at {
		counts = append(counts, GroupCount{g, c})
	}
	slices.SortFunc(counts, func(a, b GroupCount) int { return strings.Compare(a.Group, b.Group) })
	return counts
}

// AssignFolds gives every group one of k folds, so that hits and classes are
// spread evenly: the largest group first, each to the fold that then has the
// least sum of squared class shares (the greedy rule of scikit-learn's
// StratifiedGroupKFold). It depends on the groups alone; k = len(groups)
// leaves one group out at a time. Fewer groups than folds is an error.
func AssignFolds(groups []GroupCount, k int) (map[string]int, error) {
	if k < 2 || k > len(groups) {
		return nil, fmt.Errorf("%d folds of %d groups: there must be at least 2 folds and a group for each", k, len(groups))
	}
	order := slices.Clone(groups)
	slices.SortStableFunc(order, func(a, b GroupCount) int {
		if d := b.total() - a.total(); d != 0 {
			return d
		}
		return strings.Compare(a.Group, b.Group)
	})
	f := newFoldCounts(groups, k)
	folds := make(map[string]int, len(groups))
	for i, g := range order {
		folds[g.Group] = f.place(g, len(order)-i)
	}
	return folds, nil
}

// foldCounts is how many hits of each class each fold has so far.
type foldCounts struct {
	classes map[string]int // in all groups
	counts  []map[string]int
	groups  []int
}

func newFoldCounts(groups []GroupCount, k int) *foldCounts {
	f := &foldCounts{map[string]int{}, make([]map[string]int, k), make([]int, k)}
	for i := range f.counts {
		f.counts[i] = map[string]int{}
	}
	for _, g := range groups {
		for c, n := range g.Classes {
			f.classes[c] += n
		}
	}
	return f
}

// place adds g to the best fold and returns it. While no more groups are left
// than folds are empty, only an empty fold will do.
func (f *foldCounts) place(g GroupCount, left int) int {
	empty := 0
	for _, n := range f.groups {
		if n == 0 {
			empty++
		}
	}
	best, least := -1, 0.0
	for i := range f.counts {
		if left <= empty && f.groups[i] > 0 {
			continue
		}
		if c := f.cost(i, g); best < 0 || c < least {
			best, least = i, c
		}
	}
	for c, n := range g.Classes {
		f.counts[best][c] += n
	}
	f.groups[best]++
	return best
}

// cost is how much the sum of squared class shares grows if g joins fold i.
// Integers per class keep it independent of the order of a map.
func (f *foldCounts) cost(i int, g GroupCount) float64 {
	names := make([]string, 0, len(g.Classes))
	for c := range g.Classes {
		names = append(names, c)
	}
	slices.Sort(names)
	var sum float64
	for _, c := range names {
		n, all := float64(g.Classes[c]), float64(f.classes[c])
		if all > 0 {
			sum += (2*float64(f.counts[i][c])*n + n*n) / (all * all)
		}
	}
	return sum
}

// The splits of an exported dataset.
const (
	Train      = "train"
	Validation = "validation"
	Test       = "test"
)

// Splits gives every group one split: of five balanced folds one is Test, one
// Validation and three Train. With three or four groups the folds are as many;
// with fewer nothing can be held out and all are Train.
func Splits(groups []GroupCount) map[string]string {
	splits := map[string]string{}
	folds, err := AssignFolds(groups, min(5, len(groups)))
	if err != nil || len(groups) < 3 {
		folds = nil
	}
	for _, g := range groups {
		splits[g.Group] = Train
		if fold, ok := folds[g.Group]; ok && fold < 2 {
			splits[g.Group] = []string{Test, Validation}[fold]
		}
	}
	return splits
}
