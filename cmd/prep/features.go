package main

import (
	"context"

	"github.com/spf13/cobra"

	"prep/cmd/internal/line"
	"prep/data"
)

func featuresCommand(a *app) *cobra.Command {
	cmd := a.command("features --set DIR", "Make 64 x 64 patches of the hits",
		`prep features --set beats --kind mel
prep features --set beats --kind linear,mel,mel+pcen`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			return a.onSet(a.openShard, func(set *data.Set) (result, error) {
				sums, err := line.Features(ctx, a.engine(set), a.config)
				return resultsOf(sums...), err
			})
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
