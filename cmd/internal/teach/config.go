package teach

import (
	"fmt"

	"prep/data"
	"prep/train"
)

// Config is the section `teach` of prep.yaml.
type Config struct {
	// Name is that of the files detectors/<name>.bin and .json of the set.
	Name string `yaml:"name" json:"name"`
	// Folds is how many parts the groups are dealt to, each heard by a detector that
	// learned from the others.
	Folds int `yaml:"folds" json:"folds"`
	// Causal makes a detector for live use, which hears little of what comes after.
	Causal   bool                 `yaml:"causal" json:"causal"`
	Material Plan                 `yaml:"material" json:"material"`
	Training train.DetectorConfig `yaml:"training" json:"training"`
}

// Default returns how the detectors that come with prep were made.
func Default() Config {
	return Config{Name: "taught", Folds: 3, Material: DefaultPlan(), Training: train.DefaultDetector()}
}

// Validate says which field is out of range.
func (c Config) Validate() error {
	if c.Name == "" || data.FileName(c.Name) != c.Name {
		return fmt.Errorf("name: %q: must be a plain name for a file", c.Name)
	}
	m := c.Material
	for _, f := range []struct {
		name          string
		value, lo, hi int
	}{
		{"folds", c.Folds, 0, 100}, {"material.surrounded", m.Surrounded, 0, 100}, {"material.mixes", m.Mixes, 0, 10000},
		{"material.voices", m.Voices, 0, 1000}, {"material.noises", m.Noises, 0, 10000},
	} {
		if f.value < f.lo || f.value > f.hi {
			return fmt.Errorf("%s: %d: must be %d to %d", f.name, f.value, f.lo, f.hi)
		}
	}
	return c.Training.Validate()
}

// causalAhead is how many frames beyond the one that it speaks of a causal detector sees.
const causalAhead = 2

// training returns the training of a network that reaches so many frames either way.
func (c Config) training(reach int) train.DetectorConfig {
	t := c.Training
	if c.Causal {
		t.Lead = max(reach-causalAhead, 0)
	}
	return t
}
