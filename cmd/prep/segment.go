package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"prep/cmd/internal/gallery"
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
	f.DurationVar(&c.Tolerance, "tolerance", c.Tolerance, "how far a label may lie from the onset it attaches to")
	return cmd
}

// evaluation is how well the detector agrees with the annotation.
type evaluation struct {
	segment.Evaluation
	// Pictures show the recordings that were detected worst.
	Pictures []string `json:"pictures"`
}

// evaluate scores the detector on the set's annotation and draws where it errs.
func evaluate(ctx context.Context, a *app, set *data.Set) (result, error) {
	e, err := segment.Score(ctx, a.engine(set), a.config.Segment)
	if err == nil && e.Onsets.Reference == 0 {
		err = segment.ErrNoAnnotation
	}
	if err != nil {
		return nil, err
	}
	pictures, err := gallery.DrawOnsets(ctx, set, a.config.Segment, e)
	return evaluation{e, pictures}, err
}

// Text prints the pooled scores, those of each group, and the pictures.
func (e evaluation) Text(w io.Writer) {
	fmt.Fprintf(w, "onsets: %d annotated, %d detected, in %d recordings\n", e.Onsets.Reference, e.Onsets.Estimated, len(e.Recordings))
	fmt.Fprintf(w, "%10s %10s %10s %10s\n", "within ms", "F", "precision", "recall")
	for _, t := range e.Onsets.Tolerances {
		fmt.Fprintf(w, "%10.0f %10.3f %10.3f %10.3f\n", t.Ms, t.F, t.Precision, t.Recall)
	}
	fmt.Fprintf(w, "timing error (detected less annotated): median %+.2f ms, 95 %% within %.2f ms\n",
		e.Onsets.ErrorMs.Median, e.Onsets.ErrorMs.P95Abs)
	fmt.Fprintf(w, "%-24s %10s %10s %10s %12s\n", "group", "annotated", "F 50 ms", "F 10 ms", "median ms")
	for _, name := range slices.Sorted(maps.Keys(e.Groups)) {
		g := e.Groups[name]
		fmt.Fprintf(w, "%-24s %10d %10.3f %10.3f %+12.2f\n", name, g.Reference, g.Tolerances[0].F, g.Tolerances[2].F, g.ErrorMs.Median)
	}
	if e.Unannotated > 0 {
		fmt.Fprintf(w, "%d recordings have no annotation and were left out\n", e.Unannotated)
	}
	for _, s := range e.Skips {
		fmt.Fprintf(w, "skipped %s: %s\n", s.Item, s.Reason)
	}
	for _, p := range e.Pictures {
		fmt.Fprintf(w, "  %s\n", p)
	}
}

func (e evaluation) skipped() int { return len(e.Skips) }
