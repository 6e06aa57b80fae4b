package check

import (
	"fmt"
	"io"
	"strings"

	"prep/data"
)

// Cause is one or more problems of one file that have one cause.
type Cause struct {
	data.Problem        // the first
	Lines        int    `json:"lines"`            // of the file that it holds of
	Remedy       string `json:"remedy,omitempty"` // what mends it, where the problem does not say so itself
}

// Causes gathers the problems by file and cause, in their order.
func (r Result) Causes() (all []Cause) {
	at := map[string]int{}
	for _, p := range r.Problems {
		file, _, _ := strings.Cut(p.Where, ":")
		key := file + "\n" + p.Cause
		if i, known := at[key]; known && p.Cause != "" {
			all[i].Lines++
			continue
		}
		at[key] = len(all)
		all = append(all, Cause{p, 1, remedy(file, p.What)})
	}
	return all
}

// Print writes a line a cause, and below it what mends it.
func (r Result) Print(w io.Writer) {
	for _, c := range r.Causes() {
		more := ""
		if c.Lines > 1 {
			more = fmt.Sprintf(" (and %d more like it)", c.Lines-1)
		}
		fmt.Fprintf(w, "%s: %s%s\n", c.Where, c.What, more)
		if c.Remedy != "" {
			fmt.Fprintf(w, "  %s\n", c.Remedy)
		}
	}
}

// remedies are what mends a file of a set, by how its name begins.
var remedies = []struct{ begin, remedy string }{
	{data.RecordingsFile, "`prep ingest` of the same recordings mends it"},
	{"audio/", "`prep ingest` of the same recordings mends it"},
	{data.HitsFile, "`prep segment` finds the hits again; labels stay"},
	{data.LabelsFile, "mend the lines by hand or put the file back from a copy; labels of recordings that are gone come to use again when those are ingested"},
	{data.SecondDir + "/", "mend the lines by hand or put the file back from a copy"},
	{"features/", "`prep features` makes the patches again"},
	{"models/", "`prep train`, or `prep adapt` for a model of one person, makes the model again"},
	{"plots/", "`prep plot` draws the pictures again"},
	{"report.", "`prep report` writes the report again"},
}

// remedy returns what mends a problem, or "" where it says so itself.
func remedy(file, what string) string {
	if strings.Contains(what, "`prep ") || strings.Contains(what, "run it again") || strings.Contains(what, "the next run") || strings.Contains(what, "put it back") {
		return ""
	}
	for _, r := range remedies {
		if strings.HasPrefix(file, r.begin) {
			return r.remedy
		}
	}
	return ""
}
