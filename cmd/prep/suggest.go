package main

import (
	"context"
	"errors"

	"prep/cmd/internal/advice"
	"prep/cmd/internal/config"
	"prep/cmd/internal/predict"
	"prep/data"
	"prep/train"
)

// suggestions returns what the model in dir, and the networks of its folds,
// think of hits of a set.
func suggestions(dir string, set *data.Set, c config.Config) (advice.Suggest, error) {
	p, err := predict.New(dir, c.Segment, c.Predict)
	if err != nil {
		return nil, err
	}
	predictions, err := train.ReadPredictions(dir)
	held := map[string]advice.Suggestion{}
	for _, q := range predictions {
		if len(q.Probabilities) == len(p.Classes()) {
			held[q.Hit] = suggestion(p.Classes(), q.Probabilities)
		}
	}
	suggest := func(ctx context.Context, hits []data.Hit) ([]advice.Suggestion, error) {
		probabilities, err := p.Probabilities(set, hits)
		s := make([]advice.Suggestion, len(hits))
		for i, q := range probabilities {
			s[i] = suggestion(p.Classes(), q)
		}
		return s, errors.Join(err, ctx.Err())
	}
	return advice.Suggest(suggest).WithHeldOut(held), err
}

// suggestion returns the probabilities by class, or nil for none.
func suggestion(classes []string, probabilities []float32) advice.Suggestion {
	if probabilities == nil {
		return nil
	}
	s := advice.Suggestion{}
	for k, class := range classes {
		s[class] = probabilities[k]
	}
	return s
}
