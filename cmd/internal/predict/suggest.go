package predict

import (
	"context"
	"errors"
	"slices"

	"prep/cmd/internal/advice"
	"prep/data"
	"prep/train"
)

// Suggest returns what the model, and the networks of its folds, think of hits of a set, by
// the names of the set and of offered. General has no opinion where fewer than two of
// its sounds are among those.
func (p *Predictor) Suggest(set *data.Set, offered []string) (advice.Suggest, error) {
	if p.dir == General {
		return p.suggestGeneral(set, offered)
	}
	predictions, err := train.ReadPredictions(p.dir)
	if err != nil {
		return nil, err
	}
	held := map[string]advice.Suggestion{}
	for _, q := range predictions {
		if len(q.Probabilities) == len(p.Classes()) {
			held[q.Hit] = p.suggestion(q.Probabilities)
		}
	}
	return p.asked(set).WithHeldOut(held), nil
}

// suggestGeneral is Suggest of General.
func (p *Predictor) suggestGeneral(set *data.Set, offered []string) (advice.Suggest, error) {
	journal, err := set.Labels()
	if err != nil {
		return nil, err
	}
	for _, l := range journal {
		offered = append(offered, l.Class)
	}
	p.called = map[string]string{}
	for _, name := range offered {
		if sound := data.Sound(name); slices.Contains(p.sounds(), sound) {
			p.called[sound] = name
		}
	}
	if len(p.called) < 2 {
		return func(_ context.Context, hits []data.Hit) ([]advice.Suggestion, error) {
			return make([]advice.Suggestion, len(hits)), nil
		}, nil
	}
	return p.asked(set), nil
}

// asked returns what asks the model about hits of a set.
func (p *Predictor) asked(set *data.Set) advice.Suggest {
	return func(ctx context.Context, hits []data.Hit) ([]advice.Suggestion, error) {
		probabilities, err := p.Probabilities(set, hits)
		s := make([]advice.Suggestion, len(hits))
		for i, q := range probabilities {
			s[i] = p.suggestion(q)
		}
		return s, errors.Join(err, ctx.Err())
	}
}

// suggestion returns the probabilities by class, or nil for none.
func (p *Predictor) suggestion(probabilities []float32) advice.Suggestion {
	if probabilities == nil {
		return nil
	}
	s := advice.Suggestion{}
	for k, class := range p.Classes() {
		if name, ok := p.called[class]; ok {
			class = name
		} else if p.dir == General {
			continue
		}
		if class != data.None {
			s[class] = probabilities[k]
		}
	}
	return s
}
