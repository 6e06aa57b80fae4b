package advice

import (
	"context"
	"maps"

	"prep/data"
)

// Suggestion is what a model thinks of a hit: a probability for each class.
// Nil is a hit that it has no opinion of.
type Suggestion map[string]float32

// Suggest asks a model about hits of one recording: a Suggestion a hit, in
// their order.
type Suggest func(context.Context, []data.Hit) ([]Suggestion, error)

// WithHeldOut returns a Suggest that prefers, by the ID of a hit, what held says.
// A model knows the labels that it was trained on by heart, wrong ones too;
// the networks of the folds, which have not heard a hit's group, do not.
func (ask Suggest) WithHeldOut(held map[string]Suggestion) Suggest {
	return func(ctx context.Context, hits []data.Hit) ([]Suggestion, error) {
		s, err := ask(ctx, hits)
		for i := range s {
			if h, ok := held[hits[i].ID]; ok {
				s[i] = h
			}
		}
		return s, err
	}
}

// Guesses are what a model thinks of hits, by their IDs.
type Guesses map[string]Suggestion

// Learn takes in a Suggestion a hit and returns the IDs of those of which the
// model now thinks otherwise.
func (g Guesses) Learn(hits []data.Hit, s []Suggestion) (changed []string) {
	for i, h := range hits {
		if !maps.Equal(g[h.ID], s[i]) {
			changed = append(changed, h.ID)
		}
		g[h.ID] = s[i]
	}
	return changed
}

// Of returns the probabilities of a hit's classes, in thousandths, or nil where
// there is no opinion.
func (g Guesses) Of(id string, classes []string) []int {
	s := g[id]
	if s == nil {
		return nil
	}
	of := make([]int, len(classes))
	for i, c := range classes {
		of[i] = int(1000*s[c] + 0.5)
	}
	return of
}

// Favourite returns the class that a hit most likely is, or "" where there is
// no opinion.
func (g Guesses) Favourite(id string, classes []string) string {
	favourite, most := "", -1
	for i, p := range g.Of(id, classes) {
		if p > most {
			favourite, most = classes[i], p
		}
	}
	return favourite
}
