package sweep

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// Config is the section "sweep" of prep.yaml. The rest of the file is the base:
// what every arm departs from and is compared with.
type Config struct {
	// Name is the sweep's: sweeps/<name>/. Letters, digits, '.', '_' and '-'.
	Name string `yaml:"name" json:"name"`
	// Seeds is how many times each arm is trained: with train.seed and those
	// that follow it.
	Seeds int `yaml:"seeds" json:"seeds"`
	// Net is the base's network, in place of train's, unless it is zero.
	Net Family `yaml:"net" json:"net"`
	// Grid has arms for every combination of one value from each list; Arms are
	// one by one. See Settings for the keys.
	Grid map[string][]any `yaml:"grid" json:"grid"`
	Arms []Settings       `yaml:"arms" json:"arms"`
	// Curve are shares of the training groups, and of the training hits, that
	// the base is also trained on to draw its learning curve.
	Curve []float64 `yaml:"curve" json:"curve"`
	// Halving gives up, after each seed, the half of the arms whose accuracy on
	// the validation groups is lower.
	Halving bool `yaml:"halving" json:"halving"`
}

// Default returns a sweep of two seeds without arms.
func Default() Config { return Config{Name: "sweep", Seeds: 2} }

var sweepName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

// Bounds of what can be meant: seeds, and arms of a grid.
const (
	maxSeeds = 100
	maxArms  = 1000
)

// Validate says which setting is out of range. Whether there are arms is for
// Expand to say.
func (c Config) Validate() error {
	switch {
	case !sweepName.MatchString(c.Name) || c.Name == resultsDir || c.Name == patchesDir:
		return fmt.Errorf("name is %q: want letters, digits, '.', '_' and '-', not %s or %s", c.Name, resultsDir, patchesDir)
	case c.Seeds < 1 || c.Seeds > maxSeeds:
		return fmt.Errorf("seeds is %d: want 1 to %d", c.Seeds, maxSeeds)
	case c.Halving && c.Seeds < 2:
		return errors.New("halving drops arms after each seed: it needs at least 2 seeds")
	}
	for _, s := range c.Curve {
		if !(s > 0 && s < 1) {
			return fmt.Errorf("curve: %g: want shares of the training part, more than 0 and less than 1", s)
		}
	}
	return c.Net.validate()
}

// Expand returns the settings of all arms: none for the base, then the grid's,
// its last key changing fastest, then those given one by one. A sweep without
// arms, a key without values and two arms of one name are errors.
func (c Config) Expand() ([]Settings, error) {
	combinations := 1
	for _, key := range slices.Sorted(maps.Keys(c.Grid)) {
		if combinations *= len(c.Grid[key]); combinations == 0 {
			return nil, fmt.Errorf("grid: %s has no values", key)
		}
		if combinations > maxArms {
			return nil, fmt.Errorf("grid: more than %d arms", maxArms)
		}
	}
	all := []Settings{{}}
	if len(c.Grid) > 0 {
		all = append(all, product(c.Grid)...)
	}
	all = append(all, c.Arms...)
	if len(all) == 1 {
		return nil, errors.New("nothing to try: name values in grid, or arms")
	}
	return all, checkDistinct(all)
}

// product returns every combination of one value a key.
func product(grid map[string][]any) []Settings {
	all := []Settings{{}}
	for _, key := range slices.Sorted(maps.Keys(grid)) {
		var longer []Settings
		for _, s := range all {
			for _, value := range grid[key] {
				with := maps.Clone(s)
				with[key] = value
				longer = append(longer, with)
			}
		}
		all = longer
	}
	return all
}

// checkDistinct fails when two arms have one name.
func checkDistinct(all []Settings) error {
	seen := map[string]bool{}
	for _, s := range all {
		if seen[s.Name()] {
			return fmt.Errorf("two arms are called %q: give one another name", s.Name())
		}
		seen[s.Name()] = true
	}
	return nil
}
