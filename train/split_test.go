package train

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"prep/data"
)

func TestNoGroupIsOnTwoSides(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for round := range 50 {
		groups := 2 + random.IntN(10)
		s := &samples{}
		for g := range groups {
			for n := range 1 + random.IntN(20) {
				h, class := hitOf(g, n, 3)
				s.examples = append(s.examples, data.Example{Hit: h, Class: class, Group: fmt.Sprint(g)})
				h.ID, h.Parent = h.ID+"+1", h.ID
				s.examples = append(s.examples, data.Example{Hit: h, Class: class, Group: fmt.Sprint(g)})
			}
		}
		s.number()
		c := Config{Folds: random.IntN(groups + 1)}
		if c.Folds == 1 {
			c.Folds = 0
		}
		splits, err := s.splits(c)
		if err != nil {
			t.Fatal(err)
		}
		tested := map[int]int{}
		for _, sp := range splits {
			if err := s.leak(sp); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			for _, i := range sp.test {
				tested[i]++
			}
		}
		for i, e := range s.examples {
			if want := 1; e.Parent == "" && tested[i] != want {
				t.Fatalf("round %d: hit %s is tested %d times", round, e.ID, tested[i])
			}
		}
	}
}

// leak says what of a split is on a side where it may not be.
func (s *samples) leak(sp split) error {
	where := map[string]int{}
	for side, part := range [][]int{sp.train, sp.validation, sp.test} {
		for _, i := range part {
			e := s.examples[i]
			if before, ok := where[e.Group]; ok && before != side {
				return fmt.Errorf("group %s is on sides %d and %d", e.Group, before, side)
			}
			where[e.Group] = side
			if e.Parent != "" && side != 0 {
				return fmt.Errorf("copy %s is on side %d", e.ID, side)
			}
		}
	}
	for _, i := range sp.known {
		if slices.Contains(sp.testGroups, s.examples[i].Group) {
			return fmt.Errorf("%s, of a group that is tested, is learnt from again", s.examples[i].ID)
		}
	}
	if want := len(sp.train) + 2*len(sp.validation); len(sp.known) != want {
		return fmt.Errorf("%d are learnt from again, want %d: training, validation and its copies", len(sp.known), want)
	}
	if len(sp.train) == 0 {
		return errors.New("nothing to learn from")
	}
	return nil
}

// A copy with another group's sound behind it trains where both groups do, and
// nowhere else.
func TestCopiesTrainWhereAllTheyAreMadeOfTrains(t *testing.T) {
	s := &samples{}
	const groups = 7
	for g := range groups {
		for n := range 3 {
			h, class := hitOf(g, n, 3)
			s.examples = append(s.examples, data.Example{Hit: h, Class: class, Group: fmt.Sprint(g)})
			h.ID, h.Parent = h.ID+"+1", h.ID
			s.examples = append(s.examples, data.Example{Hit: h, Class: class, Group: fmt.Sprint(g), Behind: []string{fmt.Sprint((g + n) % groups)}})
		}
	}
	s.number()
	splits, err := s.splits(Config{Folds: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, sp := range splits {
		tests := func(group string) bool { return slices.Contains(sp.testGroups, group) }
		validates := func(group string) bool { return slices.Contains(sp.validationGroups, group) }
		for i, e := range s.examples {
			if e.Parent == "" {
				continue
			}
			in := []string{e.Group, e.Behind[0]}
			known := !slices.ContainsFunc(in, tests)
			learns := known && !slices.ContainsFunc(in, validates)
			if got := slices.Contains(sp.known, i); got != known {
				t.Errorf("copy of group %s before %s: learnt from again: %v, want %v", in[0], in[1], got, known)
			}
			if got := slices.Contains(sp.train, i); got != learns {
				t.Errorf("copy of group %s before %s: trains: %v, want %v", in[0], in[1], got, learns)
			}
		}
	}
}

func TestLeakyKeepsCopiesWithTheirParents(t *testing.T) {
	set := makeSet(t, 1, 2)
	c := smallConfig()
	c.Leaky, c.Folds = true, 2
	s, err := openSamples(set, c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.patches.Close()
	splits, err := s.splits(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, sp := range splits {
		var parents []string
		for _, i := range append(slices.Clone(sp.test), sp.validation...) {
			parents = append(parents, s.examples[i].ID)
		}
		for _, i := range sp.train {
			if slices.Contains(parents, s.examples[i].Parent) {
				t.Errorf("copy %s trains while its parent is held out", s.examples[i].ID)
			}
		}
		for _, i := range sp.known {
			if slices.ContainsFunc(sp.test, func(j int) bool { return i == j || s.examples[i].Parent == s.examples[j].ID }) {
				t.Errorf("%s, or its copy, is learnt from again while it is tested", s.examples[i].ID)
			}
		}
	}
}

// More folds than groups are as many as groups.
func TestFoldsAreAtMostTheGroups(t *testing.T) {
	s := &samples{}
	for g := range 3 {
		for n := range 4 {
			h, class := hitOf(g, n, 2)
			s.examples = append(s.examples, data.Example{Hit: h, Class: class, Group: fmt.Sprint(g)})
		}
	}
	s.number()
	for _, c := range []struct{ folds, want int }{{0, 3}, {2, 2}, {3, 3}, {5, 3}} {
		if splits, err := s.splits(Config{Folds: c.folds}); err != nil || len(splits) != c.want {
			t.Errorf("%d folds of 3 groups: got %d, %v; want %d", c.folds, len(splits), err, c.want)
		}
	}
}
