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
	}
	var predictions []train.Prediction
	if p.dir != General {
		var err error
		if predictions, err = train.ReadPredictions(p.dir); err != nil {
			return nil, err
		}
	}
	held := map[string]advice.Suggestion{}
	for _, q := range predictions {
		if len(q.Probabilities) == len(p.Classes()) {
			held[q.Hit] = p.suggestion(q.Probabilities)
		}
	}
	suggest := func(ctx context.Context, hits []data.Hit) ([]advice.Suggestion, error) {
		probabilities, err := p.Probabilities(set, hits)
		s := make([]advice.Suggestion, len(hits))
		for i, q := range probabilities {
			s[i] = p.suggestion(q)
		}
		return s, errors.Join(err, ctx.Err())
	}
	return advice.Suggest(suggest).WithHeldOut(held), nil
}

// suggestion returns the probabilities by class, or nil for none.
func (p *Predictor) suggestion(probabilities []float32) advice.Suggestion {
	if probabilities == nil || p.dir == General && len(p.called) < 2 {
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
