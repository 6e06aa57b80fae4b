package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"prep/data"
	"prep/plots"
	"prep/segment"
)

// evaluation is how well the detector agrees with the annotation.
type evaluation struct {
	segment.Evaluation
	// Pictures show the recordings that were detected worst.
	Pictures []string `json:"pictures"`
}

// worstShown is how many recordings are drawn: those with the lowest F at 50 ms.
const worstShown = 6

// evaluate scores the detector on the set's annotation and draws where it
// errs. Only pictures are written.
func (a *app) evaluate(ctx context.Context, set *data.Set) (result, error) {
	e, err := segment.Evaluate(ctx, set, a.config.Segment, a.progress())
	if err != nil {
		return nil, err
	}
	all := evaluation{Evaluation: e}
	worst := slices.Clone(e.Recordings)
	slices.SortStableFunc(worst, func(a, b segment.RecordingScores) int {
		switch fa, fb := a.Tolerances[0].F, b.Tolerances[0].F; {
		case fa < fb:
			return -1
		case fa > fb:
			return 1
		}
		return 0
	})
	for _, r := range worst[:min(len(worst), worstShown)] {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		name := "onsets-" + fileName(r.Recording) + ".png"
		err := set.WriteFile("plots/"+name, func(w io.Writer) error { return a.drawOnsets(w, set, r) })
		if err != nil {
			return nil, err
		}
		all.Pictures = append(all.Pictures, set.Path("plots", name))
	}
	return all, nil
}

func (a *app) drawOnsets(w io.Writer, set *data.Set, r segment.RecordingScores) error {
	audio, err := set.Audio(r.ID)
	if err != nil {
		return err
	}
	defer audio.Close()
	fn, err := a.config.Segment.Function(audio)
	if err != nil {
		return err
	}
	v := plots.OnsetsView{Name: r.Recording, Audio: audio, Hop: fn.Hop, Reference: r.Annotated, Found: r.Detected}
	v.Tolerance = audio.SampleRate().N(a.config.Segment.Tolerance)
	for _, x := range fn.Values {
		v.Strength = append(v.Strength, float32(x))
	}
	return plots.Onsets(w, v)
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
