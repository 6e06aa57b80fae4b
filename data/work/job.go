package work

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"prep/data"
)

// OriginalHits names, among a Job's inputs and outputs, the lines of
// hits.jsonl that are no augmented copies.
const OriginalHits = data.HitsFile + originals

// originals ends the name of a part of a file.
const originals = "#originals"

// Job is one run of a stage on a set.
type Job struct {
	Stage string // names the record runs/<Stage>.json
	// Editions are those of the packages whose code decides the result, by
	// their names.
	Editions Editions
	Config   any // all that the result depends on besides the inputs
	// Inputs and Outputs name files of the set, with forward slashes. They
	// are compared by content; a file that is not there is compared as such.
	Inputs, Outputs []string
	// More, if not nil, returns further outputs: those that are known only when
	// the stage has run.
	More func() ([]string, error)
}

// Editions are numbers that packages raise when the same input and
// configuration come to give other values.
type Editions map[string]int

// Run runs a stage unless its last run on the set was of the same editions,
// configuration, inputs and outputs; then it returns that run's summary with
// Unchanged set. The record is written when all the outputs are; a shard's part
// of a run has none. Within a *Plan it notes what it would do.
func (e Engine) Run(job Job, fn func() (data.Summary, error)) (data.Summary, error) {
	want, err := recordOf(e.Set, job)
	if err != nil {
		return data.Summary{}, err
	}
	if plan, ok := e.Mode.(*Plan); ok {
		return plan.run(e.Set, job, want)
	}
	last, ok, err := readRecord(e.Set, job.Stage)
	if err != nil {
		return data.Summary{}, err
	}
	if ok && last.same(want) {
		last.Summary.Unchanged = true
		return last.Summary, nil
	}
	if want.JournalBytes, err = journalBytes(e.Set, want); err != nil {
		return data.Summary{}, err
	}
	sum, err := fn()
	if _, part := e.Mode.(Shard); err != nil || part {
		return sum, err
	}
	if ok {
		sum.Because = whyAgain(last, want)
	}
	return sum, write(e.Set, job, sum, want)
}

// Record writes runs/<stage>.json for a job that is done and has read no files of
// the set but those that it has written.
func Record(set *data.Set, job Job, sum data.Summary) error {
	return write(set, job, sum, record{})
}

// write writes the record of a job that is done. Its inputs are as they were
// before it began: labels that came while it was at work it may not have read, and
// is to read when it runs again.
func write(set *data.Set, job Job, sum data.Summary, before record) error {
	if before.Inputs != nil {
		job.Inputs = nil
	}
	r, err := recordOf(set, job)
	if err != nil {
		return err
	}
	if before.Inputs != nil {
		r.Inputs, r.JournalBytes = before.Inputs, before.JournalBytes
	}
	r.Summary = sum
	r.Summary.Because = "" // of this run alone: the record holds results
	return r.write(set)
}

// Recorded reports whether the stage's last run on the set was of job's
// editions, configuration and inputs, and its outputs are still those it wrote.
func Recorded(set *data.Set, job Job) (bool, error) {
	want, err := recordOf(set, job)
	if err != nil {
		return false, err
	}
	last, ok, err := readRecord(set, job.Stage)
	return ok && last.same(want), err
}

// UpToDate returns what a stage's last run on the set did, with Unchanged set,
// where its inputs and outputs are still those of that run; else it fails with
// ErrNoShards.
func UpToDate(set *data.Set, stage string) (data.Summary, error) {
	last, ok, err := readRecord(set, stage)
	if err != nil {
		return data.Summary{}, err
	}
	now, err := recordOf(set, Job{Stage: stage, Editions: last.Editions, Config: last.Config,
		Inputs: slices.Sorted(maps.Keys(last.Inputs)), Outputs: slices.Sorted(maps.Keys(last.Outputs))})
	if err != nil {
		return data.Summary{}, err
	}
	if !ok || !last.same(now) {
		return data.Summary{}, fmt.Errorf("%s: %w", stage, ErrNoShards)
	}
	last.Summary.Unchanged = true
	return last.Summary, nil
}

// journalBytes returns the length of labels.jsonl, where that is an input as the
// record has it. Labels that come meanwhile make it 0: nothing is said of it then.
func journalBytes(set *data.Set, r record) (int64, error) {
	read, is := r.Inputs[data.LabelsFile]
	if !is || read == absent {
		return 0, nil
	}
	sum, bytes, err := digestOfFirst(set, data.LabelsFile, math.MaxInt64)
	if err != nil || sum != read {
		return 0, err
	}
	return bytes, nil
}

// recordOf returns the record of a job on the files as they are now.
func recordOf(set *data.Set, job Job) (r record, err error) {
	r = record{Stage: job.Stage, Editions: job.Editions}
	if r.Config, err = json.Marshal(job.Config); err != nil {
		return r, err
	}
	outputs := job.Outputs
	if job.More != nil {
		more, err := job.More()
		if err != nil {
			return r, err
		}
		outputs = slices.Concat(outputs, more)
	}
	if r.Inputs, err = digests(set, job.Inputs); err != nil {
		return r, err
	}
	r.Outputs, err = digests(set, outputs)
	return r, err
}
