// Package gates holds a set and its model to what a user demands of them.
package gates

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"prep/data"
	"prep/segment"
)

// Config is the section "check" of prep.yaml: what a set and its model
// must reach. What is left out is not asked.
type Config struct {
	// LeastHits is of each class, LeastGroups of the set; copies do not count.
	LeastHits   int `yaml:"least_hits"`
	LeastGroups int `yaml:"least_groups"`
	// MostSkips is the largest share of the ingested files that may be skipped;
	// 0 allows none.
	MostSkips *float64 `yaml:"most_skips"`
	// LeastOnsetF is the F-measure that the detector must reach against the
	// annotated onsets, within 50 ms.
	LeastOnsetF float64 `yaml:"least_onset_f"`
	// NoDuplicates allows no sound to be there twice, in two groups.
	NoDuplicates bool `yaml:"no_duplicates"`
	// NoSharedGroups allows no group on both sides of a fold.
	NoSharedGroups bool `yaml:"no_shared_groups"`
	// LeastAccuracy is what the lower end of the model's 95 % interval must
	// reach, on groups held out: a share or, after some of a person's own hits of each
	// class, {shots: 5, at_least: 0.8}.
	LeastAccuracy Accuracy `yaml:"least_accuracy"`
	// MostLeakage is the most that a model may reach which knows of a hit its
	// length alone, or its level alone.
	MostLeakage float64 `yaml:"most_leakage"`
}

// Validate says which setting is out of range.
func (c Config) Validate() error {
	if c.LeastHits < 0 || c.LeastGroups < 0 {
		return errors.New("least_hits and least_groups: must be 0 or more")
	}
	if a := c.LeastAccuracy; a.Shots < 0 || a.Shots > 0 && a.AtLeast == 0 {
		return fmt.Errorf("least_accuracy: shots is %d and at_least %v: want a number of own hits and a share above 0", a.Shots, a.AtLeast)
	}
	shares := []struct {
		name  string
		value float64
	}{
		{"least_onset_f", c.LeastOnsetF}, {"least_accuracy", c.LeastAccuracy.AtLeast}, {"most_leakage", c.MostLeakage}, {"most_skips", 0},
	}
	if c.MostSkips != nil {
		shares[3].value = *c.MostSkips
	}
	for _, s := range shares {
		if !(s.value >= 0 && s.value <= 1) {
			return fmt.Errorf("%s: %v: must be a share from 0 to 1", s.name, s.value)
		}
	}
	return nil
}

// Gate is one demand on a set and what the set came to.
type Gate struct {
	Name  string  `json:"name"`
	OK    bool    `json:"ok"`
	Value float64 `json:"value"`
	Bound float64 `json:"bound"`
	Word  string  `json:"word"` // what was found and what is wanted
}

// Verdict says in a word whether the gate was passed.
func (g Gate) Verdict() string {
	if g.OK {
		return "passed"
	}
	return "FAILED"
}

// atLeast is a gate that a value must reach, atMost one that it must not pass.
func atLeast(name string, value, bound float64, word string) Gate {
	return Gate{name, value >= bound, value, bound, word}
}

func atMost(name string, value, bound float64, word string) Gate {
	return Gate{name, value <= bound, value, bound, word}
}

// Judge says how a set fares at the gates that are configured. A gate of a
// model or a record that was not made fails; an error is of a set that cannot
// be read, or ctx's.
func Judge(ctx context.Context, v View, c Config) ([]Gate, error) {
	j, judged := judge{v, c}, []Gate{}
	for _, g := range []struct {
		name    string
		on      bool
		do      func(ctx context.Context, name string) (Gate, error)
		ofModel bool
	}{
		{"least_hits", c.LeastHits > 0, j.hits, false},
		{"least_groups", c.LeastGroups > 0, j.groups, false},
		{"most_skips", c.MostSkips != nil, j.skips, false},
		{"least_onset_f", c.LeastOnsetF > 0, j.onsets, false},
		{"no_duplicates", c.NoDuplicates, j.duplicates, false},
		{"no_shared_groups", c.NoSharedGroups, j.sharedGroups, false},
		{"least_accuracy", c.LeastAccuracy.AtLeast > 0, j.accuracy, true},
		{"most_leakage", c.MostLeakage > 0, j.leakage, true},
	} {
		if !g.on {
			continue
		}
		gate, err := g.do(ctx, g.name)
		if err == nil && g.ofModel {
			err = j.notStale(&gate)
		}
		if errors.Is(err, fs.ErrNotExist) { // models and records that were not made
			gate, err = Gate{Name: g.name, Word: fmt.Sprintf("model %q: %v", v.Model, errNoModel)}, nil
		}
		if err != nil {
			return nil, fmt.Errorf("gate %s: %w", g.name, err)
		}
		judged = append(judged, gate)
	}
	return judged, nil
}

// View is what is judged: a set, the model of this name, and the detector whose
// onsets count.
type View struct {
	Set      *data.Set
	Model    string
	Detector segment.Config
	Progress data.Progress
}

// judge is a view at the gates.
type judge struct {
	View
	c Config
}

var errNoModel = errors.New("there is none; `prep train` makes one")
