package augment

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"prep/data"
)

// Step is a line of a plan: which transform, how often, between which amounts
// (of the transform's unit).
type Step struct {
	Transform   string  `yaml:"transform" json:"transform"`
	Probability float64 `yaml:"probability" json:"probability"`
	Min         float64 `yaml:"min" json:"min"`
	Max         float64 `yaml:"max" json:"max"`
}

// Config says which copies to make.
type Config struct {
	// Copies is how many copies each labelled hit gets; 0 removes all.
	Copies int `yaml:"copies" json:"copies"`
	// Balance gives the smaller classes more copies, until every class has as
	// many hits as the largest one with its copies.
	Balance bool   `yaml:"balance" json:"balance"`
	Seed    uint64 `yaml:"seed" json:"seed"`
	// Groups are the groups that get copies and that backgrounds are taken
	// from: the training groups of a fixed split. Empty, all get copies, and
	// backgrounds come from the parent's own group, so that whatever is held
	// out later, nothing of it is in the copies of others.
	Groups []string `yaml:"groups" json:"groups"`
	// Plan is applied from top to bottom.
	Plan []Step `yaml:"plan" json:"plan"`
}

// Default returns one copy a hit with less of its band, as other microphones and
// lines would leave of it: the plan that did best on one half of VOPEC's
// performers (docs/augment.md).
func Default() Config {
	return Config{Copies: 1, Seed: 1, Plan: []Step{
		{"highpass", 0.7, 50, 300},
		{"lowpass", 0.7, 4000, 16000},
	}}
}

// maxCopies bounds the copies a hit.
const maxCopies = 1000

// Validate says which field is wrong, what it is, and what is allowed.
func (c Config) Validate() error {
	if c.Copies < 0 || c.Copies > maxCopies {
		return fmt.Errorf("copies is %d, want 0 to %d", c.Copies, maxCopies)
	}
	for i, s := range c.Plan {
		if key, err := s.validate(); err != nil {
			return c.fault(fmt.Sprintf("plan[%d].%s", i, key), err)
		}
	}
	if (c.Copies > 0 || c.Balance) && !slices.ContainsFunc(c.Plan, Step.happens) {
		return c.fault("plan", errors.New("no step has a probability above 0, and copies without one repeat their parents"))
	}
	return nil
}

// happens reports whether a step is ever drawn.
func (s Step) happens() bool { return s.Probability > 0 }

// fault is an error of a key of the section.
func (Config) fault(key string, err error) error {
	return &data.KeyError{Section: "augment", Key: key, Err: err}
}

// validate says what is wrong, and under which key.
func (s Step) validate() (key string, err error) {
	t, err := find(s.Transform)
	switch {
	case err != nil:
		return "transform", err
	case !(s.Probability >= 0 && s.Probability <= 1):
		return "probability", fmt.Errorf("%s: probability is %v, want 0 to 1", s.Transform, s.Probability)
	case s.Min > s.Max:
		return "min", fmt.Errorf("%s: min is %v and max %v: the range is reversed", s.Transform, s.Min, s.Max)
	case !(s.Min >= t.Lo && s.Min <= t.Hi):
		return "min", fmt.Errorf("%s: min is %v, want %v to %v (%s)", s.Transform, s.Min, t.Lo, t.Hi, t.Unit)
	case !(s.Max >= t.Lo && s.Max <= t.Hi):
		return "max", fmt.Errorf("%s: max is %v, want %v to %v (%s)", s.Transform, s.Max, t.Lo, t.Hi, t.Unit)
	}
	return "", nil
}

// lineage draws a copy's steps from the plan. A step that the surroundings
// offer nothing for is left out.
func (c Config) lineage(rng *rand.Rand, near Surroundings) []data.Transform {
	var l []data.Transform
	for _, s := range c.Plan {
		if rng.Float64() >= s.Probability {
			continue
		}
		step := catalogue[s.Transform].draw(s.Min, s.Max, rng)
		if near.complete(&step, rng) {
			l = append(l, step)
		}
	}
	return l
}

// copy draws copy number n (from 1) of a hit. It depends on the plan, the
// seed, the hit's ID and its surroundings only.
func (c Config) copy(parent data.Hit, n int, near Surroundings) data.Hit {
	copy := parent
	copy.ID = fmt.Sprintf("%s+%d", parent.ID, n)
	copy.Parent = parent.ID
	rng := data.Rand(c.Seed, copy.ID)
	copy.Seed = rng.Uint64() >> 11 // 53 bits: exact in every reader of JSON
	copy.Lineage = c.lineage(rng, near)
	return copy
}
