package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"prep/data"
	"prep/data/duplicate"
	"prep/data/work"
	"prep/segment"
	"prep/train"
)

// gatesConfig is the section "check" of prep.yaml: what a set and its model
// must reach. What is left out is not asked.
type gatesConfig struct {
	// LeastHits is of each class, LeastGroups of the set; copies do not count.
	LeastHits   int `yaml:"least_hits"`
	LeastGroups int `yaml:"least_groups"`
	// MostSkips is the largest share of the ingested files that may be skipped;
	// 0 allows none.
	MostSkips *float64 `yaml:"most_skips"`
	// LeastOnsetF is the F-measure that the detector must reach against the
	// annotated onsets, within 50 ms.
	LeastOnsetF float64 `yaml:"least_onset_f"`
	// NoDuplicates allows no sound to be there twice, in two groups.
	NoDuplicates bool `yaml:"no_duplicates"`
	// NoSharedGroups allows no group on both sides of a fold.
	NoSharedGroups bool `yaml:"no_shared_groups"`
	// LeastAccuracy is what the lower end of the model's 95 % interval must
	// reach, on groups held out.
	LeastAccuracy float64 `yaml:"least_accuracy"`
	// MostLeakage is the most that a model may reach which knows of a hit its
	// length alone, or its level alone.
	MostLeakage float64 `yaml:"most_leakage"`
}

// Validate says which setting is out of range.
func (c gatesConfig) Validate() error {
	if c.LeastHits < 0 || c.LeastGroups < 0 {
		return errors.New("least_hits and least_groups: must be 0 or more")
	}
	shares := []struct {
		name  string
		value float64
	}{
		{"least_onset_f", c.LeastOnsetF}, {"least_accuracy", c.LeastAccuracy}, {"most_leakage", c.MostLeakage}, {"most_skips", 0},
	}
	if c.MostSkips != nil {
		shares[3].value = *c.MostSkips
	}
	for _, s := range shares {
		if !(s.value >= 0 && s.value <= 1) {
			return fmt.Errorf("%s: %v: must be a share from 0 to 1", s.name, s.value)
		}
	}
	return nil
}

// gate is one demand on a set and what the set came to.
type gate struct {
	Name  string  `json:"name"`
	OK    bool    `json:"ok"`
	Value float64 `json:"value"`
	Bound float64 `json:"bound"`
	Word  string  `json:"word"` // what was found and what is wanted
}

func (g gate) verdict() string {
	if g.OK {
		return "passed"
	}
	return "FAILED"
}

// atLeast is a gate that a value must reach, atMost one that it must not pass.
func atLeast(name string, value, bound float64, word string) gate {
	return gate{name, value >= bound, value, bound, word}
}

func atMost(name string, value, bound float64, word string) gate {
	return gate{name, value <= bound, value, bound, word}
}

// gates judges a set by the configured gates.
func (a *app) gates(ctx context.Context, set *data.Set) ([]gate, error) {
	c, judged := a.config.Check, []gate{}
	for _, g := range []struct {
		name  string
		on    bool
		judge func(ctx context.Context, set *data.Set, name string) (gate, error)
	}{
		{"least_hits", c.LeastHits > 0, a.judgeHits},
		{"least_groups", c.LeastGroups > 0, a.judgeGroups},
		{"most_skips", c.MostSkips != nil, a.judgeSkips},
		{"least_onset_f", c.LeastOnsetF > 0, a.judgeOnsets},
		{"no_duplicates", c.NoDuplicates, a.judgeDuplicates},
		{"no_shared_groups", c.NoSharedGroups, a.judgeSharedGroups},
		{"least_accuracy", c.LeastAccuracy > 0, a.judgeAccuracy},
		{"most_leakage", c.MostLeakage > 0, a.judgeLeakage},
	} {
		if !g.on {
			continue
		}
		v, err := g.judge(ctx, set, g.name)
		if errors.Is(err, fs.ErrNotExist) { // models and records that were not made
			v, err = gate{Name: g.name, Word: fmt.Sprintf("model %q: %v", a.config.Train.Name, errNoModel)}, nil
		}
		if err != nil {
			return nil, fmt.Errorf("gate %s: %w", g.name, err)
		}
		judged = append(judged, v)
	}
	return judged, nil
}

var errNoModel = errors.New("there is none; `prep train` makes one")

// judgeHits finds the class with the fewest hits.
func (a *app) judgeHits(_ context.Context, set *data.Set, name string) (gate, error) {
	examples, err := set.Examples()
	hits := map[string]int{}
	for _, g := range data.CountGroups(examples) {
		for class, n := range g.Classes {
			hits[class] += n
		}
	}
	fewest, n := "", 0
	for class, m := range hits {
		if fewest == "" || m < n || m == n && class < fewest {
			fewest, n = class, m
		}
	}
	want := a.config.Check.LeastHits
	word := fmt.Sprintf("class %q has %d hits, want at least %d of each", fewest, n, want)
	if fewest == "" {
		word = fmt.Sprintf("no hit has a class, want at least %d of each", want)
	}
	return atLeast(name, float64(n), float64(want), word), err
}

func (a *app) judgeGroups(_ context.Context, set *data.Set, name string) (gate, error) {
	examples, err := set.Examples()
	n, want := len(data.CountGroups(examples)), a.config.Check.LeastGroups
	word := fmt.Sprintf("%d groups have labelled hits, want at least %d", n, want)
	return atLeast(name, float64(n), float64(want), word), err
}

// judgeSkips reads what the last ingest did.
func (a *app) judgeSkips(_ context.Context, set *data.Set, name string) (gate, error) {
	sum, ok := work.LastRun(set, "ingest")
	if !ok {
		return gate{}, errors.New("runs/ingest.json is not there or no record; run `prep ingest` again")
	}
	skips, files, most := len(sum.Skips), sum.Counts["files"], *a.config.Check.MostSkips
	word := fmt.Sprintf("%d of %d files were skipped, want at most %.3g of them", skips, files, most)
	return atMost(name, float64(skips)/float64(max(files, 1)), most, word), nil
}

// judgeOnsets runs the detector on the annotated recordings.
func (a *app) judgeOnsets(ctx context.Context, set *data.Set, name string) (gate, error) {
	want := a.config.Check.LeastOnsetF
	e, err := segment.Evaluate(ctx, set, a.config.Segment, a.progress())
	if errors.Is(err, segment.ErrNoAnnotation) {
		return gate{Name: name, Bound: want, Word: err.Error()}, nil
	}
	if err != nil {
		return gate{}, err
	}
	t := e.Onsets.Tolerances[0]
	word := fmt.Sprintf("F is %.3f of %d annotated onsets within %g ms (precision %.3f, recall %.3f), want at least %.3g",
		t.F, e.Onsets.Reference, t.Ms, t.Precision, t.Recall, want)
	return atLeast(name, t.F, want, word), nil
}

// judgeDuplicates looks for hits of two groups that are one sound.
func (a *app) judgeDuplicates(ctx context.Context, set *data.Set, name string) (gate, error) {
	twins, err := duplicate.Find(ctx, set, a.progress())
	word := "no hit is a copy of another group's"
	if len(twins) > 0 {
		t := twins[0]
		word = fmt.Sprintf("%d hits have a copy in another group, want none; the first is %s of %q, like %s of %q (correlation %.3f)",
			len(twins), t.Hit.ID, t.Hit.Group, t.Other.ID, t.Other.Group, t.Correlation)
	}
	return atMost(name, float64(len(twins)), 0, word), err
}

// judgeSharedGroups looks for groups, as they stand now, that were tested on in
// one fold of the model and learnt from in the same.
func (a *app) judgeSharedGroups(_ context.Context, set *data.Set, name string) (gate, error) {
	examples, err := set.Examples()
	if err != nil {
		return gate{}, err
	}
	model := a.config.Train.Name
	predictions, err := train.ReadPredictions(set.Path("models", model))
	if err == nil && len(predictions) == 0 {
		err = fs.ErrNotExist
	}
	if err != nil {
		return gate{}, err
	}
	shared := sharedGroups(examples, predictions)
	word := fmt.Sprintf("model %q: every group is on one side of each fold", model)
	if len(shared) > 0 {
		word = fmt.Sprintf("model %q: %d groups are on both sides of a fold, want none; the first is %q", model, len(shared), shared[0])
	}
	return atMost(name, float64(len(shared)), 0, word), nil
}

// sharedGroups returns, sorted by name, the groups whose hits were held out in
// more than one fold: each was learnt from while the other was tested on.
func sharedGroups(examples []data.Example, predictions []train.Prediction) []string {
	group := map[string]string{}
	for _, e := range examples {
		group[e.ID] = e.Group
	}
	folds := map[string]map[int]bool{}
	for _, p := range predictions {
		g, ok := group[p.Hit]
		if !ok {
			g = p.Group
		}
		if folds[g] == nil {
			folds[g] = map[int]bool{}
		}
		folds[g][p.Fold] = true
	}
	var shared []string
	for g, in := range folds {
		if len(in) > 1 {
			shared = append(shared, g)
		}
	}
	slices.Sort(shared)
	return shared
}

// judgeAccuracy reads the report of the model that train.name names. A split of
// hits says nothing about new people, however high.
func (a *app) judgeAccuracy(_ context.Context, set *data.Set, name string) (gate, error) {
	model, want := a.config.Train.Name, a.config.Check.LeastAccuracy
	r, err := train.ReadReport(set.Path("models", model))
	g := atLeast(name, r.CI[0], want, fmt.Sprintf("model %q: accuracy %.3f, lower end of its interval %.3f, want at least %.3g (%s)",
		model, r.Accuracy, r.CI[0], want, r.Protocol))
	g.OK = g.OK && !r.Leaky
	return g, err
}

// judgeLeakage reads from the same report what rules reach that hear nothing.
func (a *app) judgeLeakage(_ context.Context, set *data.Set, name string) (gate, error) {
	model, most := a.config.Train.Name, a.config.Check.MostLeakage
	r, err := train.ReadReport(set.Path("models", model))
	b := r.Baselines
	word := fmt.Sprintf("a hit's length alone gives accuracy %.3f and its level alone %.3f (the commonest class %.3f), want at most %.3g",
		b.DurationOnly, b.LevelOnly, b.Majority, most)
	return atMost(name, max(b.DurationOnly, b.LevelOnly), most, word), err
}
