package train

import (
	"errors"
	"slices"

	"prep/data"
	"prep/data/num"
)

// split is one way to divide the samples: what is learnt from, what decides
// when to stop, what is tested on. Each part lists samples in their order.
type split struct {
	train, validation, test      []int
	known                        []int    // train and validation, with the copies of both
	validationGroups, testGroups []string // of a leaky split, hits
}

// validationFolds is how many folds a training part is dealt to for one of them
// to decide when to stop: a fifth, as the test part is of five folds.
const validationFolds = 5

// unit names what a sample may not be parted from: its group or, in a leaky
// split, only the hit that it is a copy of.
func (c Config) unit(e data.Example) string {
	switch {
	case !c.Leaky:
		return e.Group
	case e.Parent != "":
		return e.Parent
	}
	return e.ID
}

// units counts the originals by unit and class.
func (s *samples) units(c Config) []data.GroupCount {
	examples := slices.Clone(s.examples)
	for i, e := range examples {
		examples[i].Group = c.unit(e)
	}
	return data.CountGroups(examples)
}

// sounds reports whether a copy holds the sound of a group besides its own for
// which of is true; in a leaky split nothing is kept apart.
func (c Config) sounds(e data.Example, of func(group string) bool) bool {
	return !c.Leaky && slices.ContainsFunc(e.Behind, of)
}

// splits divides the samples into the folds that c asks for, or as many as there are units: no unit is in two
// parts of a split, and copies only ever train, where all that they are made of
// trains.
func (s *samples) splits(c Config) ([]split, error) {
	units, k := s.units(c), c.Folds
	switch {
	case k == 0 && c.Leaky:
		return nil, errors.New("a leaky split has no groups to leave out: set folds to at least 2")
	case k == 0 || k > len(units):
		k = len(units)
	}
	fold, err := data.AssignFolds(units, k)
	if err != nil {
		return nil, err
	}
	splits := make([]split, k)
	for i := range splits {
		if splits[i], err = s.split(c, units, func(unit string) bool { return fold[unit] == i }); err != nil {
			return nil, err
		}
	}
	return splits, nil
}

// split returns the split that tests on the held units.
func (s *samples) split(c Config, units []data.GroupCount, held func(unit string) bool) (sp split, err error) {
	var rest []data.GroupCount
	for _, u := range units {
		if held(u.Group) {
			sp.testGroups = append(sp.testGroups, u.Group)
		} else {
			rest = append(rest, u)
		}
	}
	if sp.validationGroups, err = holdOut(rest); err != nil {
		return sp, err
	}
	validates := map[string]bool{}
	for _, u := range sp.validationGroups {
		validates[u] = true
	}
	for i, e := range s.examples {
		unit := c.unit(e)
		leaks := c.sounds(e, held)
		if !held(unit) && !leaks {
			sp.known = append(sp.known, i)
		}
		switch {
		case held(unit):
			sp.test = appendOriginal(sp.test, i, e)
		case validates[unit]:
			sp.validation = appendOriginal(sp.validation, i, e)
		case !leaks && !c.sounds(e, func(group string) bool { return validates[group] }):
			sp.train = append(sp.train, i)
		}
	}
	return sp, nil
}

// appendOriginal appends sample i unless it is a copy.
func appendOriginal(part []int, i int, e data.Example) []int {
	if e.Parent != "" {
		return part
	}
	return append(part, i)
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

// baselines returns the accuracies of the rules that do not hear hits, under the
// same splits: fitted on training and validation parts, without copies.
func (s *samples) baselines(splits []split) Baselines {
	measures := []func(i int) []float64{
		func(i int) []float64 { return durations(s.examples[i].Hit) },
		func(i int) []float64 { return levels(s.examples[i].Hit) },
	}
	if s.before != nil {
		measures = append(measures, func(i int) []float64 { return s.before[i] })
	}
	var common, tested int
	right := make([]int, 3)
	for _, sp := range splits {
		known, test := s.heard(slices.Concat(sp.train, sp.validation)), s.heard(sp.test)
		tested += len(test)
		usual := majority(s.pick(known), len(s.classes))
		for _, k := range s.pick(test) {
			if k == usual {
				common++
			}
		}
		for rule, measure := range measures {
			right[rule] += s.rightBy(measure, known, test)
		}
	}
	return Baselines{num.Share(common, tested), num.Share(right[0], tested), num.Share(right[1], tested), num.Share(right[2], tested)}
}

// heard returns the samples of a part that are originals and sounds.
func (s *samples) heard(part []int) (heard []int) {
	for _, i := range part {
		if e := s.examples[i]; e.Parent == "" && e.Class != data.None {
			heard = append(heard, i)
		}
	}
	return heard
}

// rightBy returns how many of the samples to test a regression on a measure of the known names
// rightly.
func (s *samples) rightBy(measure func(i int) []float64, known, test []int) (right int) {
	rows := make([][]float64, len(known))
	for j, i := range known {
		rows[j] = measure(i)
	}
	rule := fitLogistic(rows, s.pick(known), len(s.classes))
	for _, i := range test {
		if rule.classify(measure(i)) == s.class[i] {
			right++
		}
	}
	return right
}

// pick returns the classes of the given samples.
func (s *samples) pick(part []int) []int {
	classes := make([]int, len(part))
	for j, i := range part {
		classes[j] = s.class[i]
	}
	return classes
}
