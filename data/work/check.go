package work

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"prep/data"
)

// Check compares what each stage wrote, by its record, with what is there, and
// returns what differs: first by record, then stages whose shards wait to be
// merged. Where a stage's inputs have changed since, its outputs are only out
// of date. The error is of a disk that cannot be read.
func Check(set *data.Set) (problems []data.Problem, err error) {
	stages, err := Stages(set)
	labelled := "" // a stage that knew labels
	for _, stage := range stages {
		r, ok := readRecord(set, stage)
		if !ok || r.Stage != stage {
			problems = append(problems, data.Problem{Where: "runs/" + stage + recordExt, What: "not a record of " + stage + "; run it again"})
			continue
		}
		wrong, err := r.check(set)
		if err != nil {
			return problems, err
		}
		problems = append(problems, wrong...)
		labelled = cmp.Or(labelled, r.hadLabels(stage))
	}
	if _, gone := os.Lstat(set.Path(data.LabelsFile)); errors.Is(gone, fs.ErrNotExist) && labelled != "" {
		problems = append(problems, data.Problem{Where: data.LabelsFile, What: "gone: there were labels when " + labelled +
			" ran; put it back from a copy, or ingest again for those of label files"})
	}
	if err != nil || set.IsWritten() {
		return problems, err // shards may be at work
	}
	waiting, err := checkShards(set)
	return append(problems, waiting...), err
}

// hadLabels returns the stage where its record says that there was a journal of
// labels, which it read or wrote; else "".
func (r record) hadLabels(stage string) string {
	if sum, ok := r.Inputs[data.LabelsFile]; ok && sum != absent || r.Summary.Counts["labels"] > 0 {
		return stage
	}
	return ""
}

// check compares a stage's outputs with what it wrote.
func (r record) check(set *data.Set) (problems []data.Problem, err error) {
	inputs, err := digests(set, slices.Collect(maps.Keys(r.Inputs)))
	outputs, err2 := digests(set, slices.Collect(maps.Keys(r.Outputs)))
	var path *fs.PathError
	if err := errors.Join(err, err2); errors.As(err, &path) {
		return nil, err
	} else if err != nil || !maps.Equal(inputs, r.Inputs) {
		return nil, nil // a manifest that does not parse is told already
	}
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		if was := r.Outputs[name]; outputs[name] != was {
			problems = append(problems, data.Problem{Where: strings.TrimSuffix(name, originals),
				What: "not what " + r.Stage + " wrote: its SHA-256 was " + was + " and is " + outputs[name]})
		}
	}
	return problems, nil
}

// checkShards returns the stages that were done in shards and are not merged.
func checkShards(set *data.Set) (problems []data.Problem, err error) {
	stages, err := Waiting(set)
	for _, stage := range stages {
		_, err := openParts(set, stage)
		if errors.Is(err, ErrNoShards) {
			continue // killed before one was done
		}
		what := "its shards are done and wait to be merged, by `prep merge`"
		if err != nil {
			what = err.Error()
		}
		problems = append(problems, data.Problem{Where: data.ShardsDir + "/" + stage, What: what})
	}
	return problems, err
}
