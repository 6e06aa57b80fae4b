package train

import (
	"fmt"
	"slices"

	"prep/data"
)

// split is one way to divide the samples: what is learnt from, what decides
// when to stop, what is tested on. Each part lists samples in their order.
type split struct {
	train, validation, test      []int
	validationGroups, testGroups []string
}

// validationShare of the training part's groups decide when to stop: one in
// five, as in five-fold cross-validation.
const validationFolds = 5

// splits divides the samples into the folds that c asks for, by group: no group
// is in two parts of a split. Copies only ever train. A notes says what a
// reader of the figures must know.
func (s *samples) splits(c Config) ([]split, error) {
	groups := data.CountGroups(s.examples)
	if c.Leaky {
		return s.leakySplits(c)
	}
	k := c.Folds
	if k == 0 {
		k = len(groups)
	}
	if k > len(groups) {
		return nil, fmt.Errorf("folds is %d, but there are %d groups: use folds of at most %d, or 0 to leave one group out at a time",
			k, len(groups), len(groups))
	}
	fold, err := data.AssignFolds(groups, k)
	if err != nil {
		return nil, err
	}
	splits := make([]split, k)
	for i := range splits {
		if splits[i], err = s.split(groups, fold, i); err != nil {
			return nil, err
		}
	}
	return splits, nil
}

// split returns the split that tests on fold i.
func (s *samples) split(groups []data.GroupCount, fold map[string]int, i int) (split, error) {
	var rest []data.GroupCount
	role := map[string]*[]int{}
	var sp split
	for _, g := range groups {
		if fold[g.Group] == i {
			role[g.Group] = &sp.test
			sp.testGroups = append(sp.testGroups, g.Group)
			continue
		}
		role[g.Group] = &sp.train
		rest = append(rest, g)
	}
	var err error
	if sp.validationGroups, err = holdOut(rest); err != nil {
		return sp, err
	}
	for _, g := range sp.validationGroups {
		role[g] = &sp.validation
	}
	for j, e := range s.examples {
		part := role[e.Group]
		if part != nil && (e.Parent == "" || part == &sp.train) {
			*part = append(*part, j)
		}
	}
	return sp, nil
}

// holdOut picks the groups that decide when to stop, none if only one is there:
// of the folds of the training part the first that has most classes.
func holdOut(groups []data.GroupCount) ([]string, error) {
	if len(groups) < 2 {
		return nil, nil
	}
	k := min(validationFolds, len(groups))
	fold, err := data.AssignFolds(groups, k)
	if err != nil {
		return nil, err
	}
	names, classes := make([][]string, k), make([]map[string]bool, k)
	best := 0
	for _, g := range groups {
		i := fold[g.Group]
		names[i] = append(names[i], g.Group)
		if classes[i] == nil {
			classes[i] = map[string]bool{}
		}
		for c := range g.Classes {
			classes[i][c] = true
		}
	}
	for i := range classes {
		if len(classes[i]) > len(classes[best]) {
			best = i
		}
	}
	return names[best], nil
}

// leakySplits deals hits to folds at random, whoever made them; each fold is
// tested once and the next one decides when to stop.
func (s *samples) leakySplits(c Config) ([]split, error) {
	k := c.Folds
	if n := s.originals(); k < 2 || k > n {
		return nil, fmt.Errorf("folds is %d: a leaky split of %d hits wants 2 to %d", k, n, n)
	}
	fold := map[string]int{}
	order := data.Rand(c.Seed, "leaky").Perm(len(s.examples))
	for _, j := range order {
		if e := s.examples[j]; e.Parent == "" {
			fold[e.ID] = len(fold) % k
		}
	}
	splits := make([]split, k)
	for i := range splits {
		sp := &splits[i]
		for j, e := range s.examples {
			id := e.ID
			if e.Parent != "" {
				id = e.Parent
			}
			switch at, ok := fold[id]; {
			case !ok:
			case at != i && (k == 2 || at != (i+1)%k):
				sp.train = append(sp.train, j)
			case e.Parent != "":
			case at == i:
				sp.test = append(sp.test, j)
				sp.testGroups = append(sp.testGroups, e.Group)
			default:
				sp.validation = append(sp.validation, j)
				sp.validationGroups = append(sp.validationGroups, e.Group)
			}
		}
		slices.Sort(sp.testGroups)
		sp.testGroups = slices.Compact(sp.testGroups)
		slices.Sort(sp.validationGroups)
		sp.validationGroups = slices.Compact(sp.validationGroups)
	}
	return splits, nil
}

// baselines returns the accuracies of the rules that hear nothing, under the
// same splits: fitted on training and validation parts, without copies.
func (s *samples) baselines(splits []split) Baselines {
	var right [3]int
	tested := 0
	for _, sp := range splits {
		var train []int
		for _, i := range append(slices.Clone(sp.train), sp.validation...) {
			if s.examples[i].Parent == "" {
				train = append(train, i)
			}
		}
		common := majority(s.pick(train), len(s.classes))
		byLength := s.fitMeasures(train, durations)
		byLevel := s.fitMeasures(train, levels)
		for _, i := range sp.test {
			h := s.examples[i].Hit
			for rule, said := range []int{common, byLength.classify(durations(h)), byLevel.classify(levels(h))} {
				if said == s.class[i] {
					right[rule]++
				}
			}
		}
		tested += len(sp.test)
	}
	return Baselines{share(right[0], tested), share(right[1], tested), share(right[2], tested)}
}

// pick returns the classes of the given samples.
func (s *samples) pick(part []int) []int {
	classes := make([]int, len(part))
	for j, i := range part {
		classes[j] = s.class[i]
	}
	return classes
}

func (s *samples) fitMeasures(part []int, measure func(data.Hit) []float64) logistic {
	rows := make([][]float64, len(part))
	for j, i := range part {
		rows[j] = measure(s.examples[i].Hit)
	}
	return fitLogistic(rows, s.pick(part), len(s.classes))
}
