package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"prep/data"
	"prep/train"
)

// gatesConfig is the section "check" of prep.yaml: what a set must reach. Zero
// leaves a gate open.
type gatesConfig struct {
	// LeastHits is of each class, LeastGroups of the set; copies do not count.
	LeastHits   int `yaml:"least_hits"`
	LeastGroups int `yaml:"least_groups"`
	// MostSkips is the largest share of the ingested files that may be skipped.
	MostSkips float64 `yaml:"most_skips"`
	// LeastAccuracy is what the lower end of the model's 95 % interval must
	// reach, on groups held out.
	LeastAccuracy float64 `yaml:"least_accuracy"`
}

// Validate says which setting is out of range.
func (c gatesConfig) Validate() error {
	switch {
	case c.LeastHits < 0 || c.LeastGroups < 0:
		return errors.New("least_hits and least_groups: must be 0 or more")
	case !(c.MostSkips >= 0 && c.MostSkips <= 1):
		return fmt.Errorf("most_skips: %v: must be a share from 0 to 1", c.MostSkips)
	case !(c.LeastAccuracy >= 0 && c.LeastAccuracy <= 1):
		return fmt.Errorf("least_accuracy: %v: must be a share from 0 to 1", c.LeastAccuracy)
	}
	return nil
}

// gate is one demand on a set and what the set came to.
type gate struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Word string `json:"word"` // what was found and what is wanted
}

// gates judges a set by the configured gates.
func (a *app) gates(set *data.Set) ([]gate, error) {
	c, judged := a.config.Check, []gate{}
	for _, g := range []struct {
		on    bool
		judge func(*data.Set, gatesConfig) (gate, error)
	}{
		{c.LeastHits > 0, judgeHits},
		{c.LeastGroups > 0, judgeGroups},
		{c.MostSkips > 0, judgeSkips},
		{c.LeastAccuracy > 0, a.judgeAccuracy},
	} {
		if !g.on {
			continue
		}
		v, err := g.judge(set, c)
		if err != nil {
			return nil, err
		}
		judged = append(judged, v)
	}
	return judged, nil
}

// judgeHits finds the class with the fewest hits.
func judgeHits(set *data.Set, c gatesConfig) (gate, error) {
	examples, err := set.Examples()
	hits := map[string]int{}
	for _, g := range data.CountGroups(examples) {
		for class, n := range g.Classes {
			hits[class] += n
		}
	}
	fewest, n := "", 0
	for class, m := range hits {
		if fewest == "" || m < n || m == n && class < fewest {
			fewest, n = class, m
		}
	}
	word := fmt.Sprintf("class %q has %d hits, want at least %d of each", fewest, n, c.LeastHits)
	return gate{"least_hits", n >= c.LeastHits, word}, err
}

func judgeGroups(set *data.Set, c gatesConfig) (gate, error) {
	examples, err := set.Examples()
	n := len(data.CountGroups(examples))
	return gate{"least_groups", n >= c.LeastGroups, fmt.Sprintf("%d groups have labelled hits, want at least %d", n, c.LeastGroups)}, err
}

// judgeSkips reads what the last ingest did.
func judgeSkips(set *data.Set, c gatesConfig) (gate, error) {
	var record struct{ Summary data.Summary }
	raw, err := os.ReadFile(set.Path("runs", "ingest.json"))
	if err == nil {
		err = json.Unmarshal(raw, &record)
	}
	if err != nil {
		return gate{}, fmt.Errorf("gate most_skips: %w", err)
	}
	skips, files := len(record.Summary.Skips), record.Summary.Counts["files"]
	share := float64(skips) / float64(max(files, 1))
	return gate{"most_skips", share <= c.MostSkips,
		fmt.Sprintf("%d of %d files were skipped, want at most %.3g of them", skips, files, c.MostSkips)}, nil
}

// judgeAccuracy reads the report of the model that train.name names.
func (a *app) judgeAccuracy(set *data.Set, c gatesConfig) (gate, error) {
	name := a.config.Train.Name
	r, err := train.ReadReport(set.Path("models", name))
	if errors.Is(err, fs.ErrNotExist) {
		return gate{"least_accuracy", false, fmt.Sprintf("there is no model %q; `prep train` makes one", name)}, nil
	}
	return gate{"least_accuracy", r.CI[0] >= c.LeastAccuracy && !r.Leaky,
		fmt.Sprintf("model %q: accuracy %.3f, lower end of its interval %.3f, want at least %.3g (%s)",
			name, r.Accuracy, r.CI[0], c.LeastAccuracy, r.Protocol)}, err
}
