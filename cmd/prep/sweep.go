package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"prep/augment"
	"prep/data"
	"prep/data/work"
	"prep/features"
	"prep/train"
	"prep/train/sweep"
)

func (a *app) sweepCommand() *cobra.Command {
	cmd := a.command("sweep --config sweep.yaml --set DIR", "Try variants of network, patches and training, and tell which differ",
		`prep sweep --config examples/sweep.yaml --set beats
prep sweep --config examples/sweep.yaml --set beats --shard 0/4`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			return a.onSet(a.openShard, func(set *data.Set) (result, error) { return a.sweep(ctx, set) })
		})
	f, c := cmd.Flags(), &a.config.Sweep
	f.Var((*shardValue)(&a.shard), "shard",
		"do part `i/n` of the trainings, i from 0; auto/n takes i from the array scheduler; without it, what is left and the report")
	f.StringVar(&c.Name, "name", c.Name, "the sweep's name: sweeps/<name>")
	f.IntVar(&c.Seeds, "seeds", c.Seeds, "trainings of each arm")
	return cmd
}

// sweep does a shard's trainings and, when none is missing, writes the report.
func (a *app) sweep(ctx context.Context, set *data.Set) (result, error) {
	arms, err := a.arms(set)
	if err != nil {
		return nil, err
	}
	progress := a.progress()
	s, err := sweep.New(set, a.config.Sweep, arms, func(ctx context.Context, v *data.Set, arm sweep.Arm) error {
		return prepareVariant(ctx, v, arm.Recipe.(armRecipe), progress)
	}, a.shard)
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
	return a.writeSweep(set, s, r)
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

// armRecipe is all that an arm's patches depend on besides the set.
type armRecipe struct {
	Editions work.Editions   `json:"editions"`
	Features features.Config `json:"features"`
	Augment  *augment.Config `json:"augment,omitempty"` // nil for no copies
}

// prepareVariant makes copies and patches.
func prepareVariant(ctx context.Context, v *data.Set, r armRecipe, p data.Progress) error {
	e := work.On(v, p)
	if r.Augment != nil {
		if _, err := augment.Run(ctx, e, *r.Augment); err != nil {
			return err
		}
	}
	_, err := features.Run(ctx, e, r.Features, renderer(v))
	return err
}

// armConfig is what an arm can set: sections of prep.yaml, and the network.
type armConfig struct {
	Features features.Config `yaml:"features"`
	Augment  augment.Config  `yaml:"augment"`
	Train    train.Config    `yaml:"train"`
	Net      sweep.Family    `yaml:"net"`
}

// arms resolves the arms of the sweep on a set.
func (a *app) arms(set *data.Set) ([]sweep.Arm, error) {
	all, err := a.config.Sweep.Expand()
	if err != nil {
		return nil, usageError{fmt.Errorf("sweep: %w", err)}
	}
	recordings, err := set.Recordings()
	if err != nil {
		return nil, err
	}
	if len(recordings) == 0 {
		return nil, errors.New("no recordings here; run `prep ingest` first")
	}
	arms := make([]sweep.Arm, len(all))
	for i, s := range all {
		c, err := a.config.armConfig(s)
		if err != nil {
			return nil, usageError{fmt.Errorf("sweep: arm %q: %w", s.Name(), err)}
		}
		arms[i] = c.arm(s, recordings[0].Rate)
	}
	return arms, nil
}

// armConfig returns the base with an arm's settings.
func (c config) armConfig(s sweep.Settings) (armConfig, error) {
	v := armConfig{c.Features, c.Augment, c.Train, c.Sweep.Net}
	v.Features.Kind = c.Train.Features
	if s.OwnNetwork() {
		v.Net, v.Train.Layers = sweep.Family{}, nil
	}
	if err := v.overlay(s); err != nil {
		return v, err
	}
	v.Train.Features = v.Features.Kind
	return v, errors.Join(v.Features.Validate(), v.Augment.Validate(), v.Train.Validate(), sweep.Config{Name: "arm", Seeds: 1, Net: v.Net}.Validate())
}

// overlay sets what the arm sets. A fault tells no line: there is no file.
func (c *armConfig) overlay(s sweep.Settings) error {
	tree, err := s.Tree()
	if err != nil || len(tree) == 0 {
		return err
	}
	text, err := yaml.Marshal(tree)
	if err != nil {
		return err
	}
	err = data.DecodeYAML(text, c)
	var fault *data.YAMLError
	if errors.As(err, &fault) {
		return errors.New(fault.What)
	}
	return err
}

// arm returns the arm for a rate; patches that cannot be are its Err.
func (c armConfig) arm(s sweep.Settings, rate data.Rate) sweep.Arm {
	recipe := armRecipe{Editions: work.Editions{"features": features.Edition}, Features: c.Features}
	if c.Augment.Copies > 0 || c.Augment.Balance {
		recipe.Augment, recipe.Editions["augment"] = &c.Augment, augment.Edition
	}
	arm := sweep.Arm{Settings: s, Train: c.Train, Net: c.Net, Recipe: recipe,
		In: train.Shape{Bands: c.Features.Bands, Frames: c.Features.Frames, Channels: len(c.Features.Kinds())}}
	extractor, err := features.New(c.Features, rate)
	if err != nil {
		arm.Err = err
		return arm
	}
	arm.Grid.HopMs, arm.Grid.HzPerBand = extractor.Recipe().Spacing()
	return arm
}
