package main

import (
	"context"

	"github.com/spf13/cobra"

	"prep/data"
	"prep/data/work"
	"prep/segment"
)

func (a *app) segmentCommand() *cobra.Command {
	var eval bool
	cmd := a.command("segment --set DIR", "Find every hit, slice it below 50 ms, attach its label",
		`prep segment --set beats
prep segment --set beats --onsets annotation
prep segment --set beats --eval`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			if eval {
				return a.onSet(a.openWhole, func(set *data.Set) (result, error) { return a.evaluate(ctx, set) })
			}
			return a.onSet(a.openShard, func(set *data.Set) (result, error) { return a.segment(ctx, a.engine(set)) })
		})
	a.shardFlag(cmd)
	f, c := cmd.Flags(), &a.config.Segment
	f.BoolVar(&eval, "eval", false, "score the detector against the annotation, draw where it errs, change no hit")
	f.StringVar(&c.Onsets, "onsets", c.Onsets, "where onsets come from: detect, annotation, or snap (annotation moved to the attack)")
	f.BoolVar(&c.AllHits, "all-hits", c.AllHits, "keep every hit of a recording labelled by its folder, not the strongest alone")
	f.DurationVar(&c.Tolerance, "tolerance", c.Tolerance, "how far a label may lie from the onset it attaches to")
	return cmd
}

func (a *app) segment(ctx context.Context, e work.Engine) (result, error) {
	sum, err := segment.Run(ctx, e, a.config.Segment)
	return stageResult{sum}, err
}
