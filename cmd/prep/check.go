package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"prep/data"
	"prep/data/document"
	"prep/data/work"
	"prep/features"
	"prep/train"
)

// checkResult is what is wrong with a set, and how it fares at the gates.
type checkResult struct {
	OK       bool           `json:"ok"`
	Problems []data.Problem `json:"problems"`
	Gates    []gate         `json:"gates"`
}

func (a *app) checkCommand() *cobra.Command {
	var junit string
	cmd := a.command("check --set DIR", "Say what is wrong with a set, line by line, and hold it to the gates of prep.yaml",
		"prep check --set beats\nprep check --set beats --config prep.yaml --junit gates.xml", cobra.NoArgs,
		func(ctx context.Context, _ []string) (result, error) {
			return a.onSet(data.Open, func(set *data.Set) (result, error) {
				r, err := a.check(ctx, set)
				if err == nil && junit != "" {
					err = data.WriteFile(junit, r.junit)
				}
				return r, err
			})
		})
	cmd.Flags().StringVar(&junit, "junit", "", "write the set and its gates as JUnit XML to this `file`")
	return cmd
}

// check exits 1 for a set that is damaged, 4 for one that fails a gate.
func (a *app) check(ctx context.Context, set *data.Set) (checkResult, error) {
	problems, err := set.Check(ctx, a.progress())
	if err != nil {
		return checkResult{}, err
	}
	runs, err := work.Check(set)
	if err != nil {
		return checkResult{}, err
	}
	problems = append(problems, runs...)
	problems = append(problems, recipeProblems(set)...)
	problems = append(problems, modelProblems(set)...)
	if len(problems) > 0 {
		a.code = exitFailed
		return checkResult{Problems: problems, Gates: []gate{}}, nil
	}
	r := checkResult{OK: true, Problems: []data.Problem{}}
	if r.Gates, err = a.gates(ctx, set); err != nil {
		return checkResult{}, err
	}
	for _, g := range r.Gates {
		if !g.OK {
			r.OK, a.code = false, exitGate
		}
	}
	return r, nil
}

// recipeProblems says which patches are not what their recipe says. Patches
// that cannot be opened are told by data.Set.Check.
func recipeProblems(set *data.Set) (problems []data.Problem) {
	recipes, _ := filepath.Glob(set.Path("features", "*.json")) // fails on a bad pattern only
	for _, path := range recipes {
		p, err := set.Patches(strings.TrimSuffix(filepath.Base(path), ".json"))
		if err != nil {
			continue
		}
		p.Close()
		if err := fitsRecipe(p); err != nil {
			problems = append(problems, data.Problem{Where: "features/" + p.Kind + ".json", What: err.Error()})
		}
	}
	return problems
}

func fitsRecipe(p *data.Patches) error {
	var r features.Recipe
	if err := json.Unmarshal(p.Recipe, &r); err != nil {
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
func modelProblems(set *data.Set) (problems []data.Problem) {
	for _, dir := range modelsOf(set) {
		if err := readable(dir); err != nil {
			what := strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "")
			problems = append(problems, data.Problem{Where: "models/" + filepath.Base(dir), What: what})
		}
	}
	return problems
}

// readable reads all of a model that prep reads again.
func readable(dir string) error {
	_, model := train.Load(dir)
	_, report := train.ReadReport(dir)
	_, history := train.ReadHistory(dir)
	predictions, err := train.ReadPredictions(dir)
	if err == nil && len(predictions) == 0 {
		err = errors.New("no predictions of held-out hits")
	}
	return cmp.Or(model, report, history, err)
}

// Text prints one problem a line, then one gate a line, then the verdict.
func (r checkResult) Text(w io.Writer) {
	if len(r.Problems) > 0 {
		fmt.Fprintln(w, r.problems())
	}
	for _, g := range r.Gates {
		fmt.Fprintf(w, "gate %s %s: %s\n", g.Name, g.verdict(), g.Word)
	}
	fmt.Fprintf(w, "check: %s\n", r.verdict())
}

// problems returns the problems, one a line.
func (r checkResult) problems() string {
	lines := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		lines[i] = p.Where + ": " + p.What
	}
	return strings.Join(lines, "\n")
}

// verdict says in a few words how the set fares.
func (r checkResult) verdict() string {
	failed := 0
	for _, g := range r.Gates {
		if !g.OK {
			failed++
		}
	}
	switch {
	case len(r.Problems) > 0:
		return counted(len(r.Problems), "problems")
	case failed > 0:
		return fmt.Sprintf("%d of %d gates failed", failed, len(r.Gates))
	}
	return "nothing is wrong"
}

func (checkResult) skipped() int { return 0 }

// page returns the gates and the problems as tables.
func (r checkResult) page() *document.Page {
	p := &document.Page{Title: "prep check", Lead: r.verdict()}
	if len(r.Gates) > 0 {
		t := document.Table{Head: []string{"gate", "", "value", "bound", "what was found"}}
		for _, g := range r.Gates {
			t.Rows = append(t.Rows, []string{g.Name, g.verdict(), document.Short(g.Value), document.Short(g.Bound), g.Word})
		}
		p.Sections = append(p.Sections, document.Section{Name: "Gates", Tables: []document.Table{t}})
	}
	if len(r.Problems) > 0 {
		t := document.Table{Head: []string{"where", "what is wrong"}}
		for _, x := range r.Problems {
			t.Rows = append(t.Rows, []string{x.Where, x.What})
		}
		p.Sections = append(p.Sections, document.Listing("Problems", t, "", "the command prints all of them"))
	}
	return p
}
