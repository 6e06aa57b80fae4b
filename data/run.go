package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Version of the program and of the set's format; part of every run record, so
// that results of another version are made again.
const Version = "0.1.0"

// OriginalHits names, among a Job's inputs and outputs, the lines of
// hits.jsonl that are no augmented copies.
const OriginalHits = HitsFile + originals

// originals ends the name of a part of a file.
const originals = "#originals"

// Job is one run of a stage on a set.
type Job struct {
	Stage  string // names the record runs/<Stage>.json
	Config any    // all that the result depends on besides the inputs
	// Inputs and Outputs name files of the set, with forward slashes. They
	// are compared by content; a file that is not there is compared as such.
	Inputs, Outputs []string
}

// record is what runs/<stage>.json holds.
type record struct {
	Stage   string            `json:"stage"`
	Version string            `json:"version"`
	Config  json.RawMessage   `json:"config"`
	Inputs  map[string]string `json:"inputs"`
	Outputs map[string]string `json:"outputs"`
	Summary Summary           `json:"summary"`
}

// Run runs a stage unless its last run on the set was of the same version,
// configuration, inputs and outputs; then it returns that run's summary with
// Unchanged set. The record is written when all the outputs are; a shard's part
// of a run has none.
func (s *Set) Run(job Job, fn func() (Summary, error)) (Summary, error) {
	want, err := s.recordOf(job)
	if err != nil {
		return Summary{}, err
	}
	if s.plan != nil {
		return s.plan.run(s, job, want)
	}
	if last, ok := s.lastRun(job.Stage); ok && last.same(want) {
		last.Summary.Unchanged = true
		return last.Summary, nil
	}
	sum, err := fn()
	if err != nil || s.shard.N > 0 {
		return sum, err
	}
	return sum, s.Record(job, sum)
}

// Record writes runs/<stage>.json for a job that is done.
func (s *Set) Record(job Job, sum Summary) error {
	r, err := s.recordOf(job)
	if err != nil {
		return err
	}
	r.Summary = sum
	return s.WriteFile("runs/"+job.Stage+".json", func(w io.Writer) error { return EncodeJSON(w, r) })
}

// Recorded reports whether the stage's last run on the set had the
// configuration and inputs of job, and its outputs are still those it wrote.
func (s *Set) Recorded(job Job) (bool, error) {
	want, err := s.recordOf(job)
	if err != nil {
		return false, err
	}
	last, ok := s.lastRun(job.Stage)
	return ok && last.same(want), nil
}

// UpToDate returns what a stage's last run on the set did, with Unchanged set,
// where its inputs and outputs are still those of that run; else it fails with
// ErrNoShards.
func (s *Set) UpToDate(stage string) (Summary, error) {
	last, ok := s.lastRun(stage)
	now, err := s.recordOf(Job{stage, last.Config, slices.Sorted(maps.Keys(last.Inputs)), slices.Sorted(maps.Keys(last.Outputs))})
	if err != nil {
		return Summary{}, err
	}
	if !ok || !last.same(now) {
		return Summary{}, fmt.Errorf("%s: %w", stage, ErrNoShards)
	}
	last.Summary.Unchanged = true
	return last.Summary, nil
}

func (s *Set) recordOf(job Job) (r record, err error) {
	r = record{Stage: job.Stage, Version: Version}
	if r.Config, err = json.Marshal(job.Config); err != nil {
		return r, err
	}
	if r.Inputs, err = s.digests(job.Inputs); err != nil {
		return r, err
	}
	r.Outputs, err = s.digests(job.Outputs)
	return r, err
}

// LastRun returns what a stage's last run on the set did, and whether there was
// one.
func (s *Set) LastRun(stage string) (Summary, bool) {
	r, ok := s.lastRun(stage)
	return r.Summary, ok
}

// lastRun reads a stage's record; one that cannot be read counts as none.
func (s *Set) lastRun(stage string) (r record, ok bool) {
	b, err := os.ReadFile(s.Path("runs", stage+".json"))
	if err != nil || json.Unmarshal(b, &r) != nil {
		return r, false
	}
	var compact bytes.Buffer
	if json.Compact(&compact, r.Config) != nil {
		return r, false
	}
	r.Config = compact.Bytes()
	return r, true
}

func (r record) same(o record) bool {
	return r.Version == o.Version && bytes.Equal(r.Config, o.Config) &&
		maps.Equal(r.Inputs, o.Inputs) && maps.Equal(r.Outputs, o.Outputs)
}

func (s *Set) digests(names []string) (map[string]string, error) {
	sums := make(map[string]string, len(names))
	for _, name := range names {
		sum, err := s.digest(name)
		if err != nil {
			return nil, err
		}
		sums[name] = sum
	}
	return sums, nil
}

// digestOf returns the first 32 hexadecimal digits of what h has summed up.
func digestOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:16]) }

// digest returns the first 32 hexadecimal digits of a file's SHA-256, or
// "absent".
func (s *Set) digest(name string) (string, error) {
	if name == OriginalHits {
		return s.originalsDigest()
	}
	f, err := os.Open(s.Path(filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return "absent", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("%s: %w", f.Name(), err)
	}
	return digestOf(h), nil
}

func (s *Set) originalsDigest() (string, error) {
	hits, err := s.Originals()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	if err := EncodeLines(h, hits); err != nil {
		return "", err
	}
	return digestOf(h), nil
}

// Stages returns the names of the stages recorded in the set.
func (s *Set) Stages() ([]string, error) {
	paths, err := filepath.Glob(s.Path("runs", "*.json"))
	for i, p := range paths {
		paths[i] = strings.TrimSuffix(filepath.Base(p), ".json")
	}
	return paths, err
}
