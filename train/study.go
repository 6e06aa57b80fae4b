package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"prep/data"
)

// Study says how CrossValidate differs from the folds of Run.
type Study struct {
	// Groups is the share of a training part's groups that is learnt from, Hits
	// that of the hits of each class in them; both in (0, 1]. Fewer hits are gone
	// through more often, so that every study takes about as many steps.
	Groups float64 `json:"groups"`
	Hits   float64 `json:"hits"`
	// Look asks for Sight.
	Look bool `json:"look"`
}

func (s Study) validate() error {
	if !(s.Groups > 0 && s.Groups <= 1 && s.Hits > 0 && s.Hits <= 1) {
		return fmt.Errorf("a study of %g of the groups and %g of the hits: want shares above 0, at most 1", s.Groups, s.Hits)
	}
	return nil
}

// CrossValidation is what the folds of a training came to.
type CrossValidation struct {
	Report      Report // without a final model
	Predictions []Prediction
	// Validation is the accuracy on the groups that decided when to stop, at the
	// kept epochs, mean over the folds.
	Validation float64
	// TrainHits, with copies, and TrainGroups are means over the folds.
	TrainHits   float64
	TrainGroups float64
	Sight       Sight // empty unless asked for
}

// CrossValidate trains the folds of c as Run does, but only once, so that what
// is tested has not learnt from the groups that chose its epochs, and no final
// model. It writes nothing but checkpoints, models/<c.Name>/checkpoint.<n>, from
// which a killed one goes on and which are removed at the end.
func CrossValidate(ctx context.Context, set *data.Set, c Config, s Study, p data.Progress) (CrossValidation, error) {
	if err := errors.Join(c.Validate(), s.validate()); err != nil {
		return CrossValidation{}, fmt.Errorf("train: %w", err)
	}
	n, err := c.Network()
	if err != nil {
		return CrossValidation{}, fmt.Errorf("train: %w", err)
	}
	c.chooseRate(n)
	s.lengthen(&c)
	t, err := newTrainer(set, c, n, &s, p)
	if err != nil {
		return CrossValidation{}, fmt.Errorf("train: %w", err)
	}
	defer t.s.patches.Close()
	groups := 0
	for i := range t.splits {
		groups += t.thin(&t.splits[i], fmt.Sprintf("fold %d", i+1))
	}
	if err := t.folds(ctx); err != nil {
		return CrossValidation{}, fmt.Errorf("train: %w", err)
	}
	return t.crossValidation(groups), removeCheckpoints(t.set, t.c)
}

// thin leaves in sp what the study learns from and returns its number of
// groups. Which groups and hits stay depends on the seed and their names; less
// data is a part of more.
func (t *trainer) thin(sp *split, fold string) int {
	draw := func(name string) float64 { return data.Rand(t.c.Seed, fold+"/part/"+name).Float64() }
	var groups []string
	for _, i := range sp.train {
		groups = append(groups, t.s.examples[i].Group)
	}
	slices.Sort(groups)
	groups = leastDrawn(slices.Compact(groups), t.study.Groups, draw)
	hits := make([][]string, len(t.s.classes))
	for _, i := range sp.train {
		if e := t.s.examples[i]; e.Parent == "" && slices.Contains(groups, e.Group) {
			hits[t.s.class[i]] = append(hits[t.s.class[i]], e.ID)
		}
	}
	kept := map[string]bool{}
	for _, ids := range hits {
		for _, id := range leastDrawn(ids, t.study.Hits, draw) {
			kept[id] = true
		}
	}
	sp.train = slices.DeleteFunc(sp.train, func(i int) bool {
		e := t.s.examples[i]
		return !kept[e.ID] && !kept[e.Parent]
	})
	return len(groups)
}

// leastDrawn returns the share of names, at least one, that were drawn least.
func leastDrawn(names []string, share float64, draw func(string) float64) []string {
	slices.SortStableFunc(names, func(a, b string) int {
		if draw(a) < draw(b) {
			return -1
		}
		return 1
	})
	return names[:min(len(names), int(math.Ceil(share*float64(len(names)))))]
}

// lengthen gives c epochs enough for about as many steps as all the data takes.
func (s Study) lengthen(c *Config) {
	share := s.Groups * s.Hits
	c.Epochs = int(math.Round(float64(c.Epochs) / share))
	c.Patience = int(math.Round(float64(c.Patience) / share))
}

// crossValidation gathers the folds; groups is the sum of their groups learnt
// from.
func (t *trainer) crossValidation(groups int) CrossValidation {
	t.score()
	v := CrossValidation{Report: t.report, Predictions: t.predictions()}
	folds := float64(len(t.folded))
	v.TrainGroups = float64(groups) / folds
	for _, f := range t.folded {
		v.TrainHits += float64(f.Fold.TrainHits) / folds
		v.Validation += f.History[f.Fold.BestEpoch-1].ValidationAccuracy / folds
		v.Sight.Add(f.Sight)
	}
	return v
}
