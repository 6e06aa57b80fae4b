package segment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"prep/data"
	"prep/data/disk"
	"prep/data/work"
)

// OnsetsFile is what Score writes: an Evaluation, as JSON.
const OnsetsFile = "onsets.json"

// ScoreJob is the run of Score with a configuration.
func ScoreJob(c Config) work.Job {
	return work.Job{
		Stage:    "evaluate",
		Editions: work.Editions{"segment": Edition},
		Config:   c.recorded(),
		Inputs:   []string{data.RecordingsFile, data.LabelsFile},
		Outputs:  []string{OnsetsFile},
	}
}

// Score is Evaluate as a stage: its result is kept in OnsetsFile, and recordings
// are listened to again only where recordings, labels or configuration have
// changed. A set without annotation, or whose recordings the detector learned from,
// has an Evaluation of no onsets.
func Score(ctx context.Context, e work.Engine, c Config) (Evaluation, error) {
	_, err := e.Run(ScoreJob(c), func() (data.Summary, error) {
		scored, err := Evaluate(ctx, e.Set, c, e.Progress)
		if err != nil && !errors.Is(err, ErrNoAnnotation) && !errors.Is(err, ErrLearned) {
			return data.Summary{}, err
		}
		sum := data.Summary{Stage: "evaluate", Skips: scored.Skips, Counts: map[string]int{
			"onsets_annotated": scored.Onsets.Reference, "onsets_detected": scored.Onsets.Estimated}}
		return sum, e.Set.WriteFile(OnsetsFile, func(w io.Writer) error { return data.EncodeJSON(w, scored) })
	})
	if _, planned := e.Mode.(*work.Plan); err != nil || planned {
		return Evaluation{}, err
	}
	return ReadScore(e.Set)
}

// ReadScore returns what Score wrote last. It fails where it has not run.
func ReadScore(set *data.Set) (scored Evaluation, err error) {
	path := set.Path(OnsetsFile)
	text, err := disk.ReadFile(path)
	if err != nil {
		return scored, err
	}
	if err := json.Unmarshal(text, &scored); err != nil {
		return scored, fmt.Errorf("%s: %w; run `prep segment --eval` again", path, err)
	}
	return scored, nil
}
