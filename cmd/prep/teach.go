package main

import (
	"context"

	"github.com/spf13/cobra"

	"prep/cmd/internal/teach"
	"prep/data"
)

func teachCommand(a *app) *cobra.Command {
	cmd := a.command("teach --set DIR", "Teach a detector of onsets on a set whose onsets people gave",
		`prep teach --set beats
prep segment --set beats --detector beats/detectors/taught.bin`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			return a.onSet(data.OpenWriter, func(set *data.Set) (result, error) {
				r, err := teach.Run(ctx, set, a.config.Teach, a.progress())
				return taught{r}, err
			})
		})
	f, c := cmd.Flags(), &a.config.Teach
	f.StringVar(&c.Name, "name", c.Name, "the detector's name: detectors/<name>.bin")
	f.BoolVar(&c.Causal, "causal", c.Causal, "a detector for live use: segment.causal and prep predict - take it")
	f.IntVar(&c.Folds, "folds", c.Folds, "folds that groups are dealt to, to measure it on people that it has not heard; 0 measures nothing")
	f.IntVar(&c.Training.Steps, "steps", c.Training.Steps, "steps that each training takes")
	f.Uint64Var(&c.Training.Seed, "seed", c.Training.Seed, "seed of weights, order and dropout")
	return cmd
}

// taught is what teaching ends with.
type taught struct{ teach.Report }

func (taught) skipped() int { return 0 }
