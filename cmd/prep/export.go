package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/cmd/internal/desk"
	"prep/cmd/internal/export"
	"prep/cmd/internal/line"
	"prep/data"
	"prep/data/labelfile"
)

func exportCommand(a *app) *cobra.Command {
	var o exportOptions
	cmd := a.command("export --set DIR", "Hand the set to other tools: a WAV a hit, a NumPy archive, label files",
		`prep export --set beats --wav beats-wav
prep export --set beats --npz beats.npz --features mel
prep export --set beats --labels beats-labels --format audacity`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			if err := o.check(); err != nil {
				return nil, err
			}
			return a.onSet(data.Open, func(set *data.Set) (result, error) { return a.export(ctx, set, o) })
		})
	f := cmd.Flags()
	f.StringVar(&o.wav, "wav", "", "`folder` for <split>/<class>/<hit>.wav and metadata.csv")
	f.StringVar(&o.npz, "npz", "", "`file` for patches, labels, groups and splits")
	f.StringVar(&o.features, "features", a.config.Train.Features, "the kind of patches for --npz")
	f.StringVar(&o.labels, "labels", "", "`folder` for label files, in the format of --format")
	f.StringVar(&o.format, "format", "", strings.Join(labelfile.Formats(), ", "))
	return cmd
}

// exportOptions are the flags of prep export: where to write what.
type exportOptions struct{ wav, npz, features, labels, format string }

// check says what is missing, or cannot be.
func (o exportOptions) check() error {
	switch {
	case o.wav+o.npz+o.labels == "":
		return config.Usagef("export: what? Ask for --wav DIR, --npz FILE, --labels DIR")
	case (o.labels == "") != (o.format == "") || o.format != "" && !slices.Contains(labelfile.Formats(), o.format):
		return config.Usagef("export: --labels FOLDER and --format %s go together", strings.Join(labelfile.Formats(), "|"))
	}
	return nil
}

func (a *app) export(ctx context.Context, set *data.Set, o exportOptions) (result, error) {
	var all stageResults
	for _, e := range []struct {
		to string
		do func() (data.Summary, error)
	}{
		{o.wav, func() (data.Summary, error) { return export.WAV(ctx, set, o.wav, line.Render(set).Audio, a.progress()) }},
		{o.npz, func() (data.Summary, error) { return export.NPZ(set, o.features, o.npz) }},
		{o.labels, func() (data.Summary, error) { return exportLabels(set, o.labels, o.format) }},
	} {
		if e.to == "" {
			continue
		}
		sum, err := e.do()
		if err != nil {
			return nil, err
		}
		all.Stages = append(all.Stages, stageResult{sum})
	}
	return all, nil
}

func exportLabels(set *data.Set, dir, format string) (data.Summary, error) {
	d, err := desk.New(set, "")
	if err != nil {
		return data.Summary{}, err
	}
	return d.Export(dir, format)
}
