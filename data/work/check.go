package work

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"prep/data"
	"prep/data/disk"
)

// Check compares what each stage wrote, by its record, with what is there, and
// returns what differs: first by record, then the journal of labels, then stages
// whose shards wait to be merged. What several stages write, or a person may, is
// only out of date where a stage's inputs have changed since. The error is of a
// disk that cannot be read.
func Check(set *data.Set) (problems []data.Problem, err error) {
	stages, err := Stages(set)
	if err != nil {
		return nil, err
	}
	var records []record
	for _, stage := range stages {
		r, wrong, err := checkRecord(set, stage)
		if err != nil {
			return problems, err
		}
		problems = append(problems, wrong...)
		if len(wrong) > 0 {
			continue
		}
		records = append(records, r)
		if wrong, err = r.check(set); err != nil {
			return problems, err
		}
		problems = append(problems, wrong...)
	}
	cut, err := checkJournal(set, records)
	problems = append(problems, cut...)
	if err != nil || set.IsWritten() {
		return problems, err // shards may be at work
	}
	waiting, err := checkShards(set)
	return append(problems, waiting...), err
}

// checkRecord reads the record of a stage, which must be what was written.
func checkRecord(set *data.Set, stage string) (r record, problems []data.Problem, err error) {
	where := runsDir + "/" + stage + recordExt
	r, ok, err := readRecord(set, stage)
	if err != nil {
		return r, nil, err
	}
	if !ok || r.Stage != stage {
		return r, []data.Problem{{Where: where, What: "not a record of " + stage + "; run it again"}}, nil
	}
	text, err := disk.ReadFile(set.Path(runsDir, stage+recordExt))
	if err == nil && !isWhole(text) {
		problems = []data.Problem{{Where: where, What: "not the record that " + stage + " wrote; run it again"}}
	}
	return r, problems, err
}

// check compares a stage's outputs with what it wrote.
func (r record) check(set *data.Set) (problems []data.Problem, err error) {
	inputs, err := digests(set, slices.Collect(maps.Keys(r.Inputs)))
	if disk.IsFault(err) {
		return nil, err
	}
	current := err == nil && len(changed(inputs, r.Inputs)) == 0
	for _, name := range slices.Sorted(maps.Keys(r.Outputs)) {
		if !current && isShared(name) {
			continue
		}
		is, err := digest(set, name)
		if disk.IsFault(err) {
			return nil, err
		}
		if was := r.Outputs[name]; err == nil && is != was { // a manifest that does not parse is told already
			problems = append(problems, data.Problem{Where: strings.TrimSuffix(name, originals),
				What: "not what " + r.Stage + " wrote: its SHA-256 was " + was + " and is " + is})
		}
	}
	return problems, nil
}

// isShared reports whether others than the stage whose output it is write a file:
// segment writes hits.jsonl without copies, and a picture may be drawn by name.
func isShared(name string) bool { return name == data.HitsFile || path.Ext(name) == ".png" }

// checkJournal compares labels.jsonl with what stages have read of it: lines are
// added to it, and none is changed. The record that reaches furthest counts, so
// that what a person edited is told until the stages have run on it.
func checkJournal(set *data.Set, records []record) (problems []data.Problem, err error) {
	if there, err := disk.Exists(set.Path(data.LabelsFile)); there || err != nil {
		return checkLines(set, records)
	}
	for _, r := range records {
		if r.JournalBytes > 0 || r.Summary.Counts["labels"] > 0 {
			return []data.Problem{{Where: data.LabelsFile, What: "gone: there were labels when " + r.Stage +
				" ran; put it back from a copy, or ingest again for those of label files"}}, nil
		}
	}
	return nil, nil
}

// checkLines compares the lines of labels.jsonl with those that stages have read.
func checkLines(set *data.Set, records []record) (problems []data.Problem, err error) {
	var held, lost record
	for _, r := range records {
		if r.JournalBytes == 0 {
			continue
		}
		sum, bytes, err := digestOfFirst(set, data.LabelsFile, r.JournalBytes)
		if err != nil {
			return nil, err
		}
		of := &lost
		if bytes == r.JournalBytes && sum == r.Inputs[data.LabelsFile] {
			of = &held
		}
		if r.JournalBytes > of.JournalBytes {
			*of = r
		}
	}
	if lost.JournalBytes <= held.JournalBytes {
		return nil, nil
	}
	return []data.Problem{{Where: data.LabelsFile, What: fmt.Sprintf("%s read %d bytes of it that are not there any more as they were: lines were changed or lost; "+
		"where that is meant, run the stages again", lost.Stage, lost.JournalBytes)}}, nil
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
