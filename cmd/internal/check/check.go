// Package check says what is wrong with a set: with its manifests, its audio,
// its records, its patches and its models, and how it fares at the gates.
package check

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"prep/cmd/internal/duplicate"
	"prep/cmd/internal/gates"
	"prep/data"
	"prep/data/work"
	"prep/features"
	"prep/train"
)

// Result is what is wrong with a set, and how it fares at the gates.
type Result struct {
	OK       bool           `json:"ok"`
	Problems []data.Problem `json:"problems"`
	Gates    []gates.Gate   `json:"gates"`
	// Notes are what ingest and segment told, and what is in two groups.
	Notes []string `json:"notes"`
}

// Run reads all of a set and, where nothing is wrong with it, judges it by the
// gates. The error is of a disk that cannot be read, or ctx's.
func Run(ctx context.Context, v gates.View, c gates.Config) (Result, error) {
	r := Result{Problems: []data.Problem{}, Gates: []gates.Gate{}}
	var err error
	if r.Notes, err = told(v.Set); err != nil {
		return r, err
	}
	for _, part := range []func() ([]data.Problem, error){
		func() ([]data.Problem, error) { return v.Set.Check(ctx, v.Progress) },
		func() ([]data.Problem, error) { return work.Check(v.Set) },
		func() ([]data.Problem, error) { return missingRecords(v.Set) },
		func() ([]data.Problem, error) { return recipeProblems(v.Set) },
		func() ([]data.Problem, error) { return modelProblems(v.Set) },
	} {
		problems, err := part()
		if err != nil {
			return r, err
		}
		r.Problems = append(r.Problems, problems...)
	}
	if len(r.Problems) > 0 {
		return r, nil
	}
	stale, err := staleModels(v.Set)
	if err != nil {
		return r, err
	}
	r.Notes = append(r.Notes, stale...)
	if !c.NoDuplicates { // the gate searches itself
		copies, err := duplicate.Find(ctx, v.Set, v.Progress)
		if err != nil {
			return r, err
		}
		if len(copies.Twins) > 0 || copies.Sampled() {
			r.Notes = append(r.Notes, copies.Word())
		}
	}
	people, err := duplicate.People(ctx, v.Set)
	if err != nil {
		return r, err
	}
	if len(people) > 0 {
		r.Notes = append(r.Notes, duplicate.PersonWord(people))
	}
	r.Gates, err = gates.Judge(ctx, v, c)
	r.OK = len(r.Failed()) == 0
	return r, err
}

// told returns what the stages that bring in recordings and labels told at their
// last runs.
func told(set *data.Set) ([]string, error) {
	notes := []string{}
	for _, stage := range []string{"ingest", "segment"} {
		sum, _, err := work.LastRun(set, stage)
		if err != nil {
			return notes, err
		}
		for _, n := range sum.Notes {
			notes = append(notes, stage+": "+n)
		}
	}
	return notes, nil
}

// Failed returns the gates that were not passed.
func (r Result) Failed() (failed []gates.Gate) {
	for _, g := range r.Gates {
		if !g.OK {
			failed = append(failed, g)
		}
	}
	return failed
}

// recipeProblems says which patches are not what their recipe says. Patches
// that cannot be opened are told by data.Set.Check.
func recipeProblems(set *data.Set) (problems []data.Problem, err error) {
	kinds, err := set.PatchKinds()
	for _, kind := range kinds {
		p, err := set.Patches(kind)
		if err != nil {
			continue
		}
		p.Close()
		if err := checkRecipe(p); err != nil {
			problems = append(problems, data.Problem{Where: "features/" + p.Kind + ".json", What: err.Error()})
		}
	}
	return problems, err
}

func checkRecipe(p *data.Patches) error {
	r, err := features.DecodeRecipe(p.Recipe)
	if err != nil {
		return fmt.Errorf("not a recipe of patches: %w", err)
	}
	got := train.Shape{Bands: p.Bands, Frames: p.Frames, Channels: p.Channels}
	want := train.Shape{Bands: r.Config.Bands, Frames: r.Config.Frames, Channels: len(r.Config.Kinds())}
	switch {
	case r.Config.Kind != p.Kind:
		return fmt.Errorf("the recipe is of kind %q", r.Config.Kind)
	case got != want:
		return fmt.Errorf("the recipe makes patches of %v, the array has %v (bands x frames x channels)", want, got)
	}
	return nil
}

// modelProblems says which models cannot be read. A folder without a report is
// a training on its way.
func modelProblems(set *data.Set) (problems []data.Problem, err error) {
	models, err := train.Models(set)
	for _, name := range models {
		dir := train.ModelDir(set, name)
		if err := readModel(dir); err != nil {
			what := strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "")
			problems = append(problems, data.Problem{Where: "models/" + name, What: what})
		}
	}
	return problems, err
}

// staleModels says which models learned from something else than is here now.
func staleModels(set *data.Set) (notes []string, err error) {
	models, err := train.Models(set)
	for _, name := range models {
		why, err := train.Stale(set, name)
		if err != nil {
			return notes, err
		}
		if why != "" {
			notes = append(notes, "models/"+name+": "+why)
		}
	}
	return notes, err
}

// readModel reads all of a model that prep reads again.
func readModel(dir string) error {
	_, model := train.Load(dir)
	_, report := train.ReadReport(dir)
	_, history := train.ReadHistory(dir)
	predictions, err := train.ReadPredictions(dir)
	if err == nil && len(predictions) == 0 {
		err = errors.New("no predictions of held-out hits")
	}
	return cmp.Or(model, report, history, err)
}

// Listing returns the problems, one a line.
func (r Result) Listing() string {
	lines := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		lines[i] = p.Where + ": " + p.What
	}
	return strings.Join(lines, "\n")
}

// Verdict says in a few words how the set fares.
func (r Result) Verdict() string {
	failed := len(r.Failed())
	switch {
	case len(r.Problems) == 1:
		return "1 problem"
	case len(r.Problems) > 0:
		return fmt.Sprintf("%d problems", len(r.Problems))
	case failed > 0:
		return fmt.Sprintf("%d of %d gates failed", failed, len(r.Gates))
	}
	return "nothing is wrong"
}
