package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/cmd/internal/line"
	"prep/cmd/internal/variants"
	"prep/data"
	"prep/train/sweep"
)

func sweepCommand(a *app) *cobra.Command {
	cmd := a.command("sweep --config sweep.yaml --set DIR", "Try variants of network, patches and training, and tell which differ",
		`prep sweep --config examples/sweep.yaml --set beats
prep sweep --config examples/sweep.yaml --set beats --shard 0/4`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			return a.onSet(a.openShard, func(set *data.Set) (result, error) { return runSweep(ctx, a, set) })
		})
	f, c := cmd.Flags(), &a.config.Sweep
	f.Var((*shardValue)(&a.shard), "shard",
		"do part `i/n` of the trainings, i from 0; auto/n takes i from the array scheduler; without it, what is left and the report")
	f.StringVar(&c.Name, "name", c.Name, "the sweep's name: sweeps/<name>")
	f.IntVar(&c.Seeds, "seeds", c.Seeds, "trainings of each arm")
	return cmd
}

// runSweep does a shard's trainings and, when none is missing, writes the report.
func runSweep(ctx context.Context, a *app, set *data.Set) (result, error) {
	arms, err := arms(set, a.config)
	if err != nil {
		return nil, err
	}
	progress := a.progress()
	s, err := sweep.New(set, a.config.Sweep, arms, variants.Prepare(line.Render, progress), a.shard)
	if err != nil {
		return nil, err
	}
	estimate, err := s.Estimate(ctx)
	if err != nil {
		return nil, err
	}
	if !a.quiet && estimate.Jobs > 0 {
		fmt.Fprintf(a.stderr, "sweep: %d trainings, at most %v\n", estimate.Jobs, estimate.Most.Round(time.Second))
	}
	if err := s.Run(ctx, progress); err != nil {
		return nil, err
	}
	if a.shard.N > 0 {
		missing, err := s.Missing()
		return shardResult{estimate.Jobs, missing}, err
	}
	r, err := s.Report()
	if err != nil {
		return nil, err
	}
	page, err := variants.Write(set, r, s.Speeds)
	return sweepResult{r, page}, err
}

// shardResult is what a shard ends with.
type shardResult struct {
	Trained int `json:"trained"`
	Missing int `json:"missing"` // trainings that are still to be done, by any shard
}

// Text says what is still to be done.
func (r shardResult) Text(w io.Writer) {
	fmt.Fprintf(w, "sweep: %d trainings done here, %d still missing", r.Trained, r.Missing)
	if r.Missing == 0 {
		fmt.Fprint(w, "; the same command without --shard writes the report")
	}
	fmt.Fprintln(w)
}

func (shardResult) skipped() int { return 0 }

// arms resolves the arms of the sweep on a set.
func arms(set *data.Set, c config.Config) ([]sweep.Arm, error) {
	all, err := variants.Base{Features: c.Features, Augment: c.Augment, Train: c.Train, Sweep: c.Sweep}.Variants()
	if err != nil {
		return nil, config.Usagef("sweep: %w", err)
	}
	recordings, err := set.Recordings()
	if err != nil {
		return nil, err
	}
	if len(recordings) == 0 {
		return nil, errors.New("no recordings here; run `prep ingest` first")
	}
	arms := make([]sweep.Arm, len(all))
	for i, v := range all {
		arms[i] = v.Arm(recordings[0].Rate)
	}
	return arms, nil
}

// sweepResult is what a whole sweep ends with.
type sweepResult struct {
	sweep.Report
	Page string `json:"page"`
}

func (r sweepResult) skipped() int { return len(r.Skipped) }

// Text prints a line an arm, and where the report is.
func (r sweepResult) Text(w io.Writer) {
	variants.Text(w, r.Report)
	fmt.Fprintf(w, "  %s\n", r.Page)
}
