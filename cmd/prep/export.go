package main

import (
	"context"

	"github.com/spf13/cobra"

	"prep/data"
	"prep/data/export"
)

func (a *app) exportCommand() *cobra.Command {
	var wavDir, npz string
	cmd := a.command("export --set DIR", "Hand the set to other tools: a WAV a hit, or a NumPy archive",
		`prep export --set beats --wav beats-wav
prep export --set beats --npz beats.npz --features mel`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			if wavDir == "" && npz == "" {
				return nil, usagef("export: what? Ask for --wav DIR, --npz FILE or both")
			}
			return a.onSet(data.Open, func(set *data.Set) (result, error) { return a.export(ctx, set, wavDir, npz) })
		})
	f := cmd.Flags()
	f.StringVar(&wavDir, "wav", "", "`folder` for <split>/<class>/<hit>.wav and metadata.csv")
	f.StringVar(&npz, "npz", "", "`file` for patches, labels, groups and splits")
	f.StringVar(&a.config.Train.Features, "features", a.config.Train.Features, "the kind of patches for --npz")
	return cmd
}

func (a *app) export(ctx context.Context, set *data.Set, wavDir, npz string) (result, error) {
	var all stageResults
	if wavDir != "" {
		sum, err := export.WAV(ctx, set, wavDir, renderer(set), a.progress())
		if err != nil {
			return nil, err
		}
		all.Stages = append(all.Stages, stageResult{sum})
	}
	if npz != "" {
		sum, err := export.NPZ(set, a.config.Train.Features, npz)
		if err != nil {
			return nil, err
		}
		all.Stages = append(all.Stages, stageResult{sum})
	}
	return all, nil
}
