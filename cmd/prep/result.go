package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"prep/cmd/internal/console"
	"prep/data"
)

// stageResult is the result of a stage that has nothing to show but counts.
type stageResult struct{ data.Summary }

// Text prints the counts, the notes and the skips.
func (r stageResult) Text(w io.Writer) {
	var counts []string
	for _, name := range slices.Sorted(maps.Keys(r.Counts)) {
		if n := r.Counts[name]; n != 0 {
			counts = append(counts, counted(n, strings.ReplaceAll(name, "_", " ")))
		}
	}
	state := ""
	if r.Unchanged {
		state = " (unchanged, nothing to do)"
	} else if r.Because != "" {
		state = fmt.Sprintf(" (again: %s)", r.Because)
	}
	name := r.Stage
	if r.Shard != "" {
		name += ", shard " + r.Shard
	}
	fmt.Fprintf(w, "%s: %s%s\n", name, strings.Join(counts, ", "), state)
	for _, n := range r.Notes {
		fmt.Fprintf(w, "  %s\n", n)
	}
	for _, s := range r.Skips {
		fmt.Fprintf(w, "  skipped %s: %s\n", s.Item, s.Reason)
	}
}

// counted returns a number and what there are so many of: "1 file", "2 files".
func counted(n int, things string) string {
	if n == 1 {
		for _, end := range [][2]string{{"ies", "y"}, {"sses", "ss"}, {"ases", "as"}, {"ches", "ch"}, {"s", ""}} {
			if thing, plural := strings.CutSuffix(things, end[0]); plural {
				things = thing + end[1]
				break
			}
		}
	}
	return fmt.Sprintf("%d %s", n, things)
}

func (r stageResult) skipped() int { return len(r.Skips) }

// notices warns of the skips.
func (r stageResult) notices(string) []console.Notice { return console.Skips(r.Stage, r.Skips) }

// stageResults are the results of several stages.
type stageResults struct {
	Stages []stageResult `json:"stages"`
}

// Text prints the stages one after the other.
func (r stageResults) Text(w io.Writer) {
	for _, s := range r.Stages {
		s.Text(w)
	}
}

func (r stageResults) skipped() (n int) {
	for _, s := range r.Stages {
		n += s.skipped()
	}
	return n
}

// notices warns of the skips of all stages.
func (r stageResults) notices(set string) (all []console.Notice) {
	for _, s := range r.Stages {
		all = append(all, s.notices(set)...)
	}
	return all
}

// resultsOf returns the results of stages that ended with these summaries.
func resultsOf(sums ...data.Summary) stageResults {
	all := stageResults{Stages: []stageResult{}}
	for _, s := range sums {
		all.Stages = append(all.Stages, stageResult{s})
	}
	return all
}
