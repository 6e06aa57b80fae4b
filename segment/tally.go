package segment

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"prep/data"
	"prep/data/work"
)

// tally gathers the outcomes of a run.
type tally struct {
	hits                               []data.Hit
	skips                              []data.Skip
	unattached                         []Unattached
	left                               map[string][]string // where they are, by why
	shifts, doubtful                   []string
	recordings, labels, forced, placed int
	unlabelled, unused, empty          []string
	moved                              []float64 // ms
}

// Take adds what became of a recording.
func (t *tally) Take(rec data.Recording, result work.Result[outcome]) error {
	t.recordings++
	if result.Err != nil {
		t.skips = append(t.skips, data.Skip{Item: rec.Name, Reason: result.Err.Error()})
		return nil
	}
	o := result.Value
	t.hits = append(t.hits, o.Hits...)
	if len(o.Hits) == 0 {
		t.empty = append(t.empty, rec.Name)
	}
	t.labels += o.Labels
	if o.Forced {
		t.forced++
	}
	at := func(sample int) string { return fmt.Sprintf("%s at %.3f s", rec.Name, rec.Rate.Ms(sample)/1000) }
	t.unattached = append(t.unattached, o.Unattached...)
	for _, u := range o.Unattached {
		t.left[u.Why] = append(t.left[u.Why], at(u.Onset))
	}
	t.placed += o.Placed
	if s := o.Shift; math.Abs(s.Ms) >= worthTellingMs && s.Explained > s.Without {
		t.shifts = append(t.shifts, fmt.Sprintf("%s by %+.0f ms (near an onset: %d of %d with it, %d without)", rec.Name, s.Ms, s.Explained, s.Of, s.Without))
	}
	if o.Sure < doubtfulBelow {
		t.doubtful = append(t.doubtful, fmt.Sprintf("%s (%.0f %% sure on average, %.0f dB above what is before)", rec.Name, 100*o.Sure, o.SNRDB))
	}
	for _, onset := range o.Unused {
		t.unused = append(t.unused, at(onset))
	}
	for _, onset := range o.Unlabelled {
		t.unlabelled = append(t.unlabelled, at(onset))
	}
	for _, h := range o.Hits {
		if h.Found == data.FoundSnapped {
			t.moved = append(t.moved, rec.Rate.Ms(h.Onset-h.Mark))
		}
	}
	return nil
}

// doubtfulBelow is the mean confidence below which a recording's hits are worth a look.
const doubtfulBelow = 0.75

// worthTellingMs is a shift that nobody takes for the hand's own.
const worthTellingMs = 15

func (t *tally) summary(c Config) data.Summary {
	s := data.Summary{Stage: "segment", Skips: t.skips, Counts: map[string]int{
		"recordings":       t.recordings,
		"hits":             len(t.hits),
		"labels":           t.labels,
		"labels_unmatched": len(t.unattached) - len(t.left[WhyOutside]),
		"labels_outside":   len(t.left[WhyOutside]),
		"hits_unlabelled":  len(t.unlabelled),
		"hits_placed":      t.placed,
	}}
	note := func(names []string, what string) {
		if len(names) > 0 {
			s.Notes = append(s.Notes, fmt.Sprintf("%d %s: %s", len(names), what, firstNames(names)))
		}
	}
	note(t.empty, "recordings without any hit")
	note(t.doubtful, "recordings are noisy, or unlike what the detector learned from (--threshold finds more or fewer)")
	note(t.shifts, "recordings whose labels are all early (+) or late (-), which was taken out")
	for _, why := range []string{WhyNoAttack, WhyAmbiguous, WhyOutside, WhyTaken} {
		note(t.left[why], "labels on no hit, "+why+" (all are listed in "+UnattachedFile+")")
	}
	if t.labels > 0 {
		note(t.unlabelled, "hits without a label")
	}
	if t.forced > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d recordings had no detected onset: their strongest attack was taken", t.forced))
	}
	if c.Onsets == modeSnap {
		s.Counts["snapped"] = len(t.moved)
		s.Counts["attacks_unused"] = len(t.unused)
		note(t.unused, "detected attacks without an annotated moment, which are no hits")
		s.Notes = append(s.Notes, movement(t.moved, len(t.hits)))
	}
	return s
}

// firstNames names the first few.
func firstNames(names []string) string {
	const few = 5
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}

// movement says how far annotated moments were moved, in ms.
func movement(ms []float64, hits int) string {
	if len(ms) == 0 {
		return fmt.Sprintf("none of %d annotated moments was near an attack; all stayed", hits)
	}
	slices.Sort(ms)
	return fmt.Sprintf("%d of %d annotated moments moved to an attack: median %+.1f ms, from %+.1f to %+.1f ms",
		len(ms), hits, ms[len(ms)/2], ms[0], ms[len(ms)-1])
}
