package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/cmd/internal/desk"
	"prep/cmd/internal/export"
	"prep/cmd/internal/guide"
	"prep/cmd/internal/line"
	"prep/data"
	"prep/data/labelfile"
	"prep/data/pcm"
	"prep/train"
)

func exportCommand(a *app) *cobra.Command {
	var o exportOptions
	cmd := a.command("export --set DIR", "Hand the set to other tools: WAV, Parquet, NumPy, a table, label files",
		`prep export --set beats --wav beats-wav
prep export --set beats --parquet beats-hf
prep export --set beats --npz beats.npz --kind mel
prep export --set beats --table hits.csv
prep export --set beats --labels beats-labels --format audacity`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			if err := o.check(); err != nil {
				return nil, err
			}
			return a.onSet(data.Open, func(set *data.Set) (result, error) { return a.export(ctx, set, o) })
		})
	f := cmd.Flags()
	f.StringVar(&o.wav, "wav", "", "`folder` for <split>/<class>/<hit>.wav and metadata.csv")
	f.StringVar(&o.parquet, "parquet", "", "`folder` for Parquet files with the sound in them, for Hugging Face's load_dataset")
	f.StringVar(&o.npz, "npz", "", "`file` for patches, or samples with --length, labels, groups and splits")
	f.StringVar(&o.features, "kind", a.config.Train.Features, "the kind of patches for --npz")
	guide.Renamed(cmd, a.stderr, "features", "kind")
	f.StringVar(&o.onnx, "onnx", "", "`folder` for model-audio.onnx, which takes samples, and parity-audio.npz")
	f.StringVar(&o.model, "model", "", "the model for --onnx: its `name` in the set, or its folder (default the set's)")
	f.StringVar(&o.table, "table", "", "`file`, .csv or .parquet, for a row a hit")
	f.StringVar(&o.bits, "bits", "", "of --wav and --parquet: 16, 24 or float (default 16 where that holds every hit, else float)")
	f.BoolVar(&o.Gain, "gain", false, "multiply all sounds by one number that takes the loudest sample to full scale")
	f.IntVar(&o.Length, "length", 0, "`samples` of every sound, the onset at the same place in each")
	f.BoolVar(&o.Unlabelled, "unlabelled", false, "hits without a class too, apart from the classes")
	f.StringVar(&o.labels, "labels", "", "`folder` for label files, in the format of --format")
	f.StringVar(&o.format, "format", "", strings.Join(labelfile.Formats(), ", "))
	return cmd
}

// exportOptions are the flags of prep export: where to write what.
type exportOptions struct {
	wav, parquet, npz, features, onnx, model, table, bits, labels, format string
	export.Config
}

// check says what is missing, or cannot be.
func (o *exportOptions) check() error {
	bits, ok := map[string]pcm.Format{"": 0, "16": pcm.Int16, "24": pcm.Int24, "float": pcm.Float}[o.bits]
	o.Bits = bits
	sounds := o.wav+o.parquet != "" || o.npz != "" && o.Length != 0
	switch {
	case o.wav+o.parquet+o.npz+o.onnx+o.table+o.labels == "":
		return config.Usagef("export: what? Ask for --wav DIR, --npz FILE, --labels DIR, --parquet DIR, --table FILE, --onnx DIR")
	case (o.labels == "") != (o.format == "") || o.format != "" && !slices.Contains(labelfile.Formats(), o.format):
		return config.Usagef("export: --labels FOLDER and --format %s go together", strings.Join(labelfile.Formats(), "|"))
	case !ok:
		return config.Usagef("export: --bits %s: must be 16, 24 or float", o.bits)
	case o.Length < 0 || o.Length > export.LongestSound:
		return config.Usagef("export: --length %d: must be from 1 to %d samples", o.Length, export.LongestSound)
	case !sounds && (o.bits != "" || o.Gain || o.Length != 0):
		return config.Usagef("export: --bits, --gain and --length are about sounds: they go with --wav, --parquet, or --npz with --length")
	}
	return nil
}

func (a *app) export(ctx context.Context, set *data.Set, o exportOptions) (result, error) {
	var all stageResults
	render := line.Render(set).Audio
	for _, e := range []struct {
		to string
		do func() (data.Summary, error)
	}{
		{o.wav, func() (data.Summary, error) { return o.WAV(ctx, set, o.wav, render, a.progress()) }},
		{o.parquet, func() (data.Summary, error) { return o.Parquet(ctx, set, o.parquet, render, a.progress()) }},
		{o.npz, func() (data.Summary, error) { return o.NPZ(ctx, set, o.features, o.npz, render) }},
		{o.onnx, func() (data.Summary, error) {
			return export.AudioModel(ctx, set, cmp.Or(guide.ModelFolder(a.config.Set, o.model), train.ModelDir(set, a.config.Train.Name)), o.onnx)
		}},
		{o.table, func() (data.Summary, error) { return export.Table(set, o.table) }},
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
