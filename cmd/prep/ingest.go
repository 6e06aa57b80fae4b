package main

import (
	"context"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/cmd/internal/line"
	"prep/data"
)

func ingestCommand(a *app) *cobra.Command {
	cmd := a.command("ingest PATH... --set DIR", "Bring recordings into a set: decoded, mono, at the set's rate",
		`prep ingest recordings/ --set beats --group-from '^([^/]+)/'
prep ingest strokes/ --set strokes --label-from dir`,
		cobra.ArbitraryArgs, func(ctx context.Context, args []string) (result, error) {
			if len(args) > 0 {
				a.config.Ingest.Paths = args
			}
			if len(a.config.Ingest.Paths) == 0 {
				return nil, config.Usagef("ingest: which recordings? Name files or directories")
			}
			if err := a.config.Ingest.Validate(); err != nil {
				return nil, config.Usagef("ingest: %w", err)
			}
			return a.onSet(a.createShard, func(set *data.Set) (result, error) {
				sum, err := line.Ingest(ctx, a.engine(set), a.config.Ingest)
				return stageResult{sum}, err
			})
		})
	a.shardFlag(cmd)
	f, c := cmd.Flags(), &a.config.Ingest
	f.IntVar((*int)(&c.Rate), "rate", int(c.Rate), "the set's sampling rate in samples per second")
	f.StringVar(&c.LabelFrom, "label-from", c.LabelFrom, "`dir` or regexp: a recording's class is the name of its folder, or what the expression finds in its path")
	f.StringVar(&c.GroupFrom, "group-from", c.GroupFrom, "`regexp` on the path; its first group names who or which session")
	l := &c.Labelling
	f.StringSliceVar(&l.Files, "labels", l.Files, "`pattern` of label files besides those beside their recordings: annotations/{stem}.csv")
	f.StringVar(&l.Tier, "tier", l.Tier, "the tier of label files that have several")
	f.StringVar(&l.Meta, "meta", l.Meta, "a `table` of recordings: file, group, class, licence, author, device, date, ...")
	f.StringVar(&c.Channel, "channel", c.Channel, "which channel: `mean`, a number from 1 on, loudest, mid or side")
	f.BoolVar(&c.FFmpeg, "ffmpeg", c.FFmpeg, "have an installed ffmpeg decode what prep does not")
	return cmd
}
