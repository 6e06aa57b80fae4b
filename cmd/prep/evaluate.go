package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/cmd/internal/guide"
	"prep/data"
	"prep/train"
)

func evaluateCommand(a *app) *cobra.Command {
	var model, against string
	cmd := a.command("evaluate --model MODEL --set DIR", "Measure a model on the labelled hits of another set, or compare two models of one",
		`prep evaluate --model beats/models/compact --set others
prep evaluate --model wide --against compact --set beats`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			if model == "" {
				return nil, config.Usagef("evaluate: which model? Name it with --model")
			}
			model, against = guide.ModelFolder(a.config.Set, model), guide.ModelFolder(a.config.Set, against)
			return a.onSet(data.OpenWriter, func(set *data.Set) (result, error) {
				if against != "" {
					return compare(ctx, set, model, against)
				}
				e, dir, err := evaluateOn(ctx, set, model)
				return evaluated{e.Report, dir}, err
			})
		})
	f := cmd.Flags()
	f.StringVar(&model, "model", "", "the model: its folder, or its `name` in the set")
	f.StringVar(&against, "against", "", "another `model`: say what --model is better by, paired over groups")
	return cmd
}

// evaluateOn has a model name the hits of a set, and keeps what came of it there.
func evaluateOn(ctx context.Context, set *data.Set, model string) (e train.Evaluation, dir string, err error) {
	m, err := train.Load(model)
	if err != nil {
		return e, "", err
	}
	if e, err = m.Evaluate(ctx, set); err != nil {
		return e, "", fmt.Errorf("evaluate: %w", err)
	}
	dir, err = e.Write(set, m)
	return e, dir, err
}

// evaluated is what a model came to on another set.
type evaluated struct {
	train.Report
	Folder string `json:"folder"`
}

// Text prints the figures and where they are kept.
func (r evaluated) Text(w io.Writer) {
	fmt.Fprintf(w, "evaluate: %d hits of %d groups\n", r.Hits, len(r.Groups))
	figures(w, r.Report)
	fmt.Fprintf(w, "  report: %s\n", r.Folder)
}

func (evaluated) skipped() int { return 0 }

// compared is what one model is better by.
type compared struct{ train.Comparison }

// compare compares two models on the hits of a set that neither has learned from: those that a
// model of the set was tested on when it was trained, and else what it says now.
func compare(ctx context.Context, set *data.Set, first, second string) (result, error) {
	var said [2][]train.Prediction
	for i, model := range []string{first, second} {
		var err error
		if filepath.Dir(filepath.Clean(model)) == filepath.Clean(set.Path("models")) {
			said[i], err = train.ReadPredictions(model)
		} else {
			var e train.Evaluation
			e, _, err = evaluateOn(ctx, set, model)
			said[i] = e.Predictions
		}
		if err != nil {
			return nil, err
		}
	}
	c, err := train.Compare(said[0], said[1])
	if err != nil {
		err = fmt.Errorf("evaluate: %w", err)
	}
	return compared{c}, err
}

// Text prints the differences.
func (c compared) Text(w io.Writer) {
	fmt.Fprintf(w, "evaluate: the first less the second on %d hits of %d groups, with 95 %% intervals, paired over groups\n", c.Hits, c.Groups)
	fmt.Fprintf(w, "  accuracy %s, p %.3f\n  balanced accuracy %s\n  macro F1 %s\n  half of Matthews' correlation %s\n",
		c.Accuracy.Signed(), c.P, c.Balanced.Signed(), c.MacroF1.Signed(), c.MCC.Signed())
}

func (compared) skipped() int { return 0 }
