package sweep

import (
	"cmp"
	"slices"
)

// armsLeft returns the arms that are trained with a seed: all that can be tried
// or, with halving, the base and the better half of those of the seed before,
// by their validation accuracy so far (Jamieson and Talwalkar, "Non-stochastic
// Best Arm Identification and Hyperparameter Optimization", AISTATS 2016, fig.
// 3, with seeds as the budget). What was held out has no part in it.
func (s *Sweep) armsLeft(seed int) ([]*arm, error) {
	var alive []*arm
	for i := range s.arms {
		if s.arms[i].reason == "" {
			alive = append(alive, &s.arms[i])
		}
	}
	if !s.c.Halving {
		return alive, nil
	}
	for k := range seed {
		var err error
		if alive, err = s.betterHalf(alive, k); err != nil {
			return nil, err
		}
	}
	return alive, nil
}

// betterHalf returns what is left of the arms after seeds 0 to seed, in their
// order.
func (s *Sweep) betterHalf(arms []*arm, seed int) ([]*arm, error) {
	score := map[*arm]float64{}
	for _, a := range arms {
		for k := range seed + 1 {
			r, done, err := s.result(s.job(a, k, whole))
			if err != nil {
				return nil, err
			}
			if !done {
				return nil, errWaiting
			}
			score[a] += r.Validation
		}
	}
	rivals := slices.Clone(arms[1:])
	slices.SortStableFunc(rivals, func(a, b *arm) int { return cmp.Compare(score[b], score[a]) })
	rivals = rivals[:(len(rivals)+1)/2]
	return slices.DeleteFunc(slices.Clone(arms), func(a *arm) bool {
		return a != arms[0] && !slices.Contains(rivals, a)
	}), nil
}
