package gates

import (
	"context"
	"errors"
	"fmt"

	"prep/cmd/internal/duplicate"
	"prep/data"
	"prep/data/work"
	"prep/segment"
)

// hits finds the class with the fewest hits.
func (j judge) hits(_ context.Context, name string) (Gate, error) {
	examples, err := j.Set.Examples()
	hits := map[string]int{}
	for _, g := range data.CountGroups(examples) {
		for class, n := range g.Classes {
			hits[class] += n
		}
	}
	fewest, n := "", 0
	for class, m := range hits {
		if fewest == "" || m < n || m == n && class < fewest {
			fewest, n = class, m
		}
	}
	want := j.c.LeastHits
	word := fmt.Sprintf("class %q has %d hits, want at least %d of each", fewest, n, want)
	if fewest == "" {
		word = fmt.Sprintf("no hit has a class, want at least %d of each", want)
	}
	return atLeast(name, float64(n), float64(want), word), err
}

func (j judge) groups(_ context.Context, name string) (Gate, error) {
	examples, err := j.Set.Examples()
	n, want := len(data.CountGroups(examples)), j.c.LeastGroups
	word := fmt.Sprintf("%d groups have labelled hits, want at least %d", n, want)
	return atLeast(name, float64(n), float64(want), word), err
}

// skips reads what the last ingest did.
func (j judge) skips(_ context.Context, name string) (Gate, error) {
	sum, ok, err := work.LastRun(j.Set, "ingest")
	if err != nil {
		return Gate{}, err
	}
	if !ok {
		return Gate{}, errors.New("runs/ingest.json is not there or no record; run `prep ingest` again")
	}
	skips, files, most := len(sum.Skips), sum.Counts["files"], *j.c.MostSkips
	word := fmt.Sprintf("%d of %d files were skipped, want at most %.3g of them", skips, files, most)
	return atMost(name, float64(skips)/float64(max(files, 1)), most, word), nil
}

// onsets runs the detector on the annotated recordings.
func (j judge) onsets(ctx context.Context, name string) (Gate, error) {
	want := j.c.LeastOnsetF
	e, err := j.score(ctx)
	if errors.Is(err, segment.ErrNoAnnotation) || errors.Is(err, segment.ErrLearned) {
		return Gate{Name: name, Bound: want, Word: err.Error()}, nil
	}
	if err != nil {
		return Gate{}, err
	}
	t := e.Onsets.Tolerances[0]
	word := fmt.Sprintf("F is %.3f of %d annotated onsets within %g ms (precision %.3f, recall %.3f), want at least %.3g",
		t.F, e.Onsets.Reference, t.Ms, t.Precision, t.Recall, want)
	return atLeast(name, t.F, want, word), nil
}

// score returns the detector's score on the annotated onsets: that which is
// kept, where it is of the set as it is.
func (j judge) score(ctx context.Context) (segment.Evaluation, error) {
	kept, err := work.Recorded(j.Set, segment.ScoreJob(j.Detector))
	if err != nil {
		return segment.Evaluation{}, err
	}
	if kept {
		e, err := segment.ReadScore(j.Set)
		if err == nil {
			err = e.Err()
		}
		return e, err
	}
	return segment.Evaluate(ctx, j.Set, j.Detector, j.Progress)
}

// duplicates looks for hits of two groups that are one sound.
func (j judge) duplicates(ctx context.Context, name string) (Gate, error) {
	copies, err := duplicate.Find(ctx, j.Set, j.Progress)
	word := copies.Word()
	if len(copies.Twins) > 0 {
		word = "want none: " + word
	}
	return atMost(name, float64(len(copies.Twins)), 0, word), err
}
