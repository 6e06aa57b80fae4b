package main

import (
	"context"

	"github.com/spf13/cobra"

	"prep/cmd/internal/gallery"
	"prep/cmd/internal/report"
	"prep/data"
	"prep/segment"
)

func segmentCommand(a *app) *cobra.Command {
	var eval bool
	cmd := a.command("segment --set DIR", "Find every hit, slice it below 50 ms, attach its label",
		`prep segment --set beats
prep segment --set beats --onsets snap
prep segment --set beats --eval`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			if eval {
				return a.onSet(a.openWhole, func(set *data.Set) (result, error) { return evaluate(ctx, a, set) })
			}
			return a.onSet(a.openShard, func(set *data.Set) (result, error) {
				sum, err := segment.Run(ctx, a.engine(set), a.config.Segment)
				return stageResult{sum}, err
			})
		})
	a.shardFlag(cmd)
	f, c := cmd.Flags(), &a.config.Segment
	f.BoolVar(&eval, "eval", false, "score the detector against the annotation, draw where it errs, change no hit")
	f.StringVar(&c.Onsets, "onsets", c.Onsets, "where onsets come from: corrected (detected, with what people placed and named over it), detect, annotation, or snap (annotation moved to the attack)")
	f.BoolVar(&c.AllHits, "all-hits", c.AllHits, "keep every hit of a recording labelled by its folder, not the strongest alone")
	f.Float64Var(&c.Threshold, "threshold", c.Threshold, "how probable an onset must be, 0 to 1: lower finds more")
	f.StringVar(&c.Detector, "detector", c.Detector, "the file of a detector that prep teach made, instead of prep's own")
	f.DurationVar(&c.Tolerance, "tolerance", c.Tolerance, "how far a label may lie from the onset it attaches to")
	return cmd
}

// evaluate scores the detector on the set's annotation and draws where it errs.
func evaluate(ctx context.Context, a *app, set *data.Set) (result, error) {
	e, err := segment.Score(ctx, a.engine(set), a.config.Segment)
	if err == nil {
		err = e.Err()
	}
	if err != nil {
		return nil, err
	}
	pictures, err := gallery.DrawOnsets(ctx, set, a.config.Segment, e)
	return evaluation{report.Detection{Evaluation: e, Pictures: pictures}}, err
}

// evaluation is how well the detector agrees with the annotation.
type evaluation struct{ report.Detection }

func (e evaluation) skipped() int { return len(e.Skips) }
