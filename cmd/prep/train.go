package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"prep/cmd/internal/guide"
	"prep/cmd/internal/line"
	"prep/data"
	"prep/train"
)

func trainCommand(a *app) *cobra.Command {
	var dryRun bool
	cmd := a.command("train --set DIR", "Train a network, measured on groups it has never heard",
		`prep train --set beats
prep train --set beats --net seed --dry-run`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			if dryRun {
				return a.onSet(data.Open, func(set *data.Set) (result, error) { return describe(set, a.config.Train) })
			}
			return a.onSet(data.OpenWriter, func(set *data.Set) (result, error) {
				r, err := line.Train(ctx, a.engine(set), a.config)
				return trainResultOf(set, a.config.Train.Name, r), err
			})
		})
	f, c := cmd.Flags(), &a.config.Train
	f.BoolVar(&dryRun, "dry-run", false, "print layers, shapes, parameters and receptive field, train nothing")
	f.StringVar(&c.Name, "model", c.Name, "the model's `name`: models/<name>")
	f.StringVar(&c.Net, "net", c.Net, "the network: "+strings.Join(train.Presets(), ", ")+", or a YAML file")
	f.StringVar(&c.Features, "kind", c.Features, "the kind of patches to learn from")
	f.IntVar(&c.Folds, "folds", c.Folds, "folds that groups are dealt to, at most as many as there are groups; 0 leaves one group out at a time")
	f.IntVar(&c.Epochs, "epochs", c.Epochs, "most epochs a fold is trained for")
	f.IntVar(&c.Batch, "batch", c.Batch, "patches a step")
	f.Float64Var(&c.LearningRate, "learning-rate", c.LearningRate, "step size of Adam")
	f.Uint64Var(&c.Seed, "seed", c.Seed, "seed of weights, order, dropout and jitter")
	f.IntSliceVar(&c.Shots, "shots", c.Shots, "what a person's own hits are worth: give held-out people their first 0,3,5,10,20 hits of each class")
	f.BoolVar(&c.Leaky, "leaky", c.Leaky, "split hits, not groups: the same person on both sides, an accuracy that flatters")
	guide.Renamed(cmd, a.stderr, "name", "model")
	guide.Renamed(cmd, a.stderr, "features", "kind")
	return cmd
}

// trainResult is what training ends with.
type trainResult struct {
	train.Report
	Model            string       `json:"model"`
	PatchesPerSecond float64      `json:"patches_per_second"`
	Summary          data.Summary `json:"summary"`
}

func trainResultOf(set *data.Set, model string, r train.Result) trainResult {
	return trainResult{r.Report, train.ModelDir(set, model), r.PatchesPerSecond, r.Summary}
}

// Text prints the protocol, the accuracy beside its baselines, and the classes.
func (r trainResult) Text(w io.Writer) {
	stageResult{r.Summary}.Text(w)
	figures(w, r.Report)
	fmt.Fprintf(w, "  model: %s\n", r.Model)
}

func (r trainResult) skipped() int { return len(r.Summary.Skips) }

// figures prints what a report says of a model.
func figures(w io.Writer, r train.Report) {
	fmt.Fprintf(w, "  %s\n", r.Protocol)
	fmt.Fprintf(w, "  accuracy %v, 95 %% interval over %s; macro F1 %.3f\n", r.Estimate(), r.Over(), r.MacroF1)
	if m := r.Measures; m != nil {
		fmt.Fprintf(w, "  balanced accuracy %v; macro F1 %v; Matthews' correlation %v\n", m.Balanced, m.MacroF1, m.MCC)
	}
	if r.Baselines != (train.Baselines{}) {
		fmt.Fprintf(w, "  baselines: majority class %.3f, duration only %.3f, level only %.3f, the 20 ms before only %.3f\n",
			r.Baselines.Majority, r.Baselines.DurationOnly, r.Baselines.LevelOnly, r.Baselines.BeforeOnly)
	}
	for _, c := range r.PerClass {
		fmt.Fprintf(w, "  %-14s %5d hits  precision %.3f  recall %.3f  F1 %.3f\n", c.Class, c.Hits, c.Precision, c.Recall, c.F1)
	}
	if j := r.Rejection; j != nil {
		fmt.Fprintf(w, "  none of these: %d of %d other hits were given a name, %d hits lost theirs\n", j.Named, j.Hits, j.Lost)
	}
	for _, s := range r.Shots {
		fmt.Fprintf(w, "  %2d own hits a class: %s; other takes only: %s\n", s.Shots, s.Rest, s.OtherTakes)
	}
	if r.Doubtful > 0 {
		fmt.Fprintf(w, "  %d labels are likely wrong, the first of %s (%s, likely %s): doubts.csv lists them\n", r.Doubtful, r.Doubts[0].Hit, r.Doubts[0].Class, r.Doubts[0].Likely)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(w, "  note: %s\n", n)
	}
}
