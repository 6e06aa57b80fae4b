package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"prep/data"
	"prep/data/work"
	"prep/features"
)

func (a *app) featuresCommand() *cobra.Command {
	cmd := a.command("features --set DIR", "Make 64 x 64 patches of the hits",
		`prep features --set beats --kind mel
prep features --set beats --kind linear,mel,mel+pcen`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			return a.onSet(a.openShard, func(set *data.Set) (result, error) { return a.features(ctx, a.engine(set)) })
		})
	a.shardFlag(cmd)
	f, c := cmd.Flags(), &a.config.Features
	f.StringVar(&c.Kind, "kind", c.Kind, "kinds separated by commas; kinds joined by + become channels")
	f.IntVar(&c.Bands, "bands", c.Bands, "height of a patch")
	f.IntVar(&c.Frames, "frames", c.Frames, "width of a patch")
	f.IntVar(&c.Hop, "hop", c.Hop, "samples from frame to frame")
	f.IntVar(&c.Window, "window", c.Window, "samples a frame looks at")
	f.IntVar(&c.FFT, "fft", c.FFT, "length of the FFT, a power of two")
	return cmd
}

// kinds returns a recipe for each of the kinds listed in features.kind.
func (c config) kinds() []features.Config {
	var recipes []features.Config
	for kind := range strings.SplitSeq(c.Features.Kind, ",") {
		r := c.Features
		r.Kind = strings.TrimSpace(kind)
		recipes = append(recipes, r)
	}
	return recipes
}

// features makes the patches of every kind asked for.
func (a *app) features(ctx context.Context, e work.Engine) (result, error) {
	recordings, err := e.Set.Recordings()
	if err != nil {
		return nil, err
	}
	if len(recordings) > 0 {
		if err := a.config.extractable(recordings[0].Rate); err != nil {
			return nil, err
		}
	}
	var all stageResults
	for _, c := range a.config.kinds() {
		sum, err := features.Run(ctx, e, c, renderer(e.Set))
		if err != nil {
			return nil, err
		}
		all.Stages = append(all.Stages, stageResult{sum})
	}
	return all, nil
}
