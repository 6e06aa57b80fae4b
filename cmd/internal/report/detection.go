package report

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"prep/segment"
)

// Detection is how well a detector agrees with the annotation, for the terminal.
type Detection struct {
	segment.Evaluation
	// Pictures show the recordings that were detected worst.
	Pictures []string `json:"pictures"`
}

// Text prints the pooled scores, those of each group, and the pictures.
func (e Detection) Text(w io.Writer) {
	fmt.Fprintf(w, "onsets: %d annotated, %d detected, in %d recordings\n", e.Onsets.Reference, e.Onsets.Estimated, len(e.Recordings))
	fmt.Fprintf(w, "%10s %10s %10s   %s\n", "within ms", "precision", "recall", "F, 95 % interval over groups")
	for _, t := range e.Onsets.Tolerances {
		fmt.Fprintf(w, "%10.0f %10.3f %10.3f   %v\n", t.Ms, t.Precision, t.Recall, t.FText())
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
	if e.Learned > 0 {
		fmt.Fprintf(w, "%d recordings are among those that the detector learned from and were left out\n", e.Learned)
	}
	for _, s := range e.Skips {
		fmt.Fprintf(w, "skipped %s: %s\n", s.Item, s.Reason)
	}
	for _, p := range e.Pictures {
		fmt.Fprintf(w, "  %s\n", p)
	}
}
