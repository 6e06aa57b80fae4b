package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"

	"prep/data/disk"
	"prep/train"
)

// The places of a sweep below the set's sweeps/; the rest are its names.
const (
	resultsDir = "results" // a file a job, of all sweeps of the set
	patchesDir = "patches" // a variant of the set for each recipe
)

// result is what a job came to: sweeps/results/<key>.json.
type result struct {
	// Failed says why there is nothing else.
	Failed    string          `json:"failed,omitempty"`
	Protocol  string          `json:"protocol"`
	Classes   []string        `json:"classes"`
	Groups    []groupResult   `json:"groups"` // by name
	Baselines train.Baselines `json:"baselines"`
	// Validation, TrainHits and TrainGroups are CrossValidation's; Epochs is the
	// mean number of epochs a fold was trained for.
	Validation  float64     `json:"validation"`
	TrainHits   float64     `json:"train_hits"`
	TrainGroups float64     `json:"train_groups"`
	Epochs      float64     `json:"epochs"`
	Sight       train.Sight `json:"sight,omitzero"`
}

// groupResult is what was said of a held-out group's hits.
type groupResult struct {
	Group string `json:"group"`
	Fold  int    `json:"fold"` // counted from 1
	// Confusion counts hits: a row a true class, a column a called one.
	Confusion [][]int `json:"confusion"`
}

// newResult keeps of a cross-validation what reports need.
func newResult(v train.CrossValidation) result {
	r := result{Protocol: v.Report.Protocol, Classes: v.Report.Classes, Baselines: v.Report.Baselines,
		Validation: v.Validation, TrainHits: v.TrainHits, TrainGroups: v.TrainGroups, Sight: v.Sight}
	for _, f := range v.Report.Folds {
		r.Epochs += float64(f.Epochs) / float64(len(v.Report.Folds))
	}
	groups := map[string]*groupResult{}
	for _, p := range v.Predictions {
		g, ok := groups[p.Group]
		if !ok {
			g = &groupResult{Group: p.Group, Fold: p.Fold, Confusion: square(len(r.Classes))}
			groups[p.Group] = g
		}
		g.Confusion[slices.Index(r.Classes, p.Class)][slices.Index(r.Classes, p.Called)]++
	}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		r.Groups = append(r.Groups, *groups[name])
	}
	return r
}

func square(n int) [][]int {
	rows := make([][]int, n)
	for i := range rows {
		rows[i] = make([]int, n)
	}
	return rows
}

// sameHits reports whether two results are of the same held-out hits in the
// same folds, so that they can be compared group by group.
func (r result) sameHits(o result) bool {
	return slices.Equal(r.Classes, o.Classes) && slices.EqualFunc(r.Groups, o.Groups, func(a, b groupResult) bool {
		return a.Group == b.Group && a.Fold == b.Fold && slices.EqualFunc(a.Confusion, b.Confusion, func(x, y []int) bool {
			return sum(x) == sum(y)
		})
	})
}

func sum(counts []int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

func resultFile(key string) string { return "sweeps/" + resultsDir + "/" + key + ".json" }

// result reads what a job came to, if it was done.
func (s *Sweep) result(j job) (result, bool, error) {
	if r, ok := s.results[j.key]; ok {
		return r, true, nil
	}
	raw, err := disk.ReadFile(s.set.Path(resultFile(j.key)))
	if errors.Is(err, fs.ErrNotExist) {
		return result{}, false, nil
	}
	var r result
	if err == nil {
		err = json.Unmarshal(raw, &r)
	}
	if err != nil {
		return r, false, fmt.Errorf("%s: %w; remove it to make it again", resultFile(j.key), err)
	}
	s.results[j.key] = r
	return r, true, nil
}

// keep writes what a job came to.
func (s *Sweep) keep(j job, r result) error {
	return s.set.WriteFile(resultFile(j.key), func(w io.Writer) error { return json.NewEncoder(w).Encode(r) })
}
