package gates

import (
	"context"
	"fmt"
	"io/fs"
	"slices"

	"prep/data"
	"prep/train"
)

// notStale fails a gate of a model whose figures are of other labels or patches
// than are here now.
func (j judge) notStale(g *Gate) error {
	why, err := train.Stale(j.Set, j.Model)
	if why != "" {
		g.OK, g.Word = false, g.Word+"; but "+why
	}
	return err
}

// sharedGroups looks for groups, as they stand now, that were tested on in
// one fold of the model and learnt from in the same.
func (j judge) sharedGroups(_ context.Context, name string) (Gate, error) {
	examples, err := j.Set.Examples()
	if err != nil {
		return Gate{}, err
	}
	model := j.Model
	predictions, err := train.ReadPredictions(j.Set.Path("models", model))
	if err == nil && len(predictions) == 0 {
		err = fs.ErrNotExist
	}
	if err != nil {
		return Gate{}, err
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

// accuracy reads the report of the model that train.name names. A split of
// hits says nothing about new people, however high.
func (j judge) accuracy(_ context.Context, name string) (Gate, error) {
	model, want := j.Model, j.c.LeastAccuracy.AtLeast
	r, err := train.ReadReport(j.Set.Path("models", model))
	if n := j.c.LeastAccuracy.Shots; n > 0 && err == nil {
		return shots(name, model, r, n, want), nil
	}
	g := atLeast(name, r.CI[0], want, fmt.Sprintf("model %q: accuracy %.3f, lower end of its interval %.3f, want at least %.3g (%s)",
		model, r.Accuracy, r.CI[0], want, r.Protocol))
	g.OK = g.OK && !r.Leaky
	return g, err
}

// shots reads what the model comes to once people have given n hits of each class.
func shots(name, model string, r train.Report, n int, want float64) Gate {
	for _, s := range r.Shots {
		if s.Shots == n {
			return atLeast(name, s.Rest.Personal.CI[0], want, fmt.Sprintf("model %q: after %d own hits of each class %v, lower end of its interval %.3f, want at least %.3g (%s)",
				model, n, s.Rest, s.Rest.Personal.CI[0], want, r.Protocol))
		}
	}
	return Gate{Name: name, Bound: want, Word: fmt.Sprintf("model %q: its report does not tell of %d own hits of each class; `prep train --shots %d` does", model, n, n)}
}

// leakage reads from the same report what rules reach that do not hear the hit.
func (j judge) leakage(_ context.Context, name string) (Gate, error) {
	model, most := j.Model, j.c.MostLeakage
	r, err := train.ReadReport(j.Set.Path("models", model))
	b := r.Baselines
	word := fmt.Sprintf("a hit's length alone gives accuracy %.3f, its level alone %.3f and the 20 ms before it alone %.3f (the commonest class %.3f), want at most %.3g",
		b.DurationOnly, b.LevelOnly, b.BeforeOnly, b.Majority, most)
	return atMost(name, max(b.DurationOnly, b.LevelOnly, b.BeforeOnly), most, word), err
}
