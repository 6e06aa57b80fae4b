package teach

import (
	"fmt"
	"io"
)

// Text prints what was learned from and how well people are heard that were held out.
func (r Report) Text(w io.Writer) {
	fmt.Fprintf(w, "teach: %d onsets of %d recordings of %d groups\n", r.Onsets, r.Recordings, r.Groups)
	if r.Folds == 0 {
		fmt.Fprintln(w, "  measured on nobody: that takes two groups, each held out in turn")
	} else {
		fmt.Fprintf(w, "  F of groups held out in %d folds, with 95 %% intervals over groups\n", r.Folds)
		fmt.Fprintf(w, "%10s %24s %12s %26s\n", "within ms", "taught", "prep's own", "gain")
		for _, l := range r.Held {
			fmt.Fprintf(w, "%10.0f   %v %12.3f   %s\n", l.Ms, l.Taught, l.Shipped, l.Gain.Signed())
		}
	}
	if r.Folds > 0 {
		fmt.Fprintf(w, "  its probabilities are off by %.3f on average there\n", r.Calibration.ECE)
	}
	if r.Known > 0 {
		fmt.Fprintf(w, "  note: prep's own detector learned from %d of these recordings: its figures flatter\n", r.Known)
	}
	fmt.Fprintf(w, "  detector: %s\n", r.Detector)
}
