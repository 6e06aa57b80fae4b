package ingest

import (
	"os"
	"slices"
	"strings"

	"prep/data"
)

// Sidecars: which label file lies beside a recording.

// sidecars are the endings, behind an audio file's stem, of label files, in the
// order in which they are looked for.
var sidecars = inCases(".txt", ".tsv", ".csv", ".TextGrid", ".selections.txt", ".Table.1.selections.txt", ".onsets")

// inCases returns each ending as it is, in lower and in upper case.
func inCases(endings ...string) (all []string) {
	for _, end := range endings {
		all = append(all, end, strings.ToLower(end), strings.ToUpper(end))
	}
	return slices.Compact(all)
}

// LabelStem returns a file's name without the ending by which Run knows label
// files beside recordings; ok is false where it has none.
func LabelStem(name string) (stem string, ok bool) {
	stem = name
	for _, end := range sidecars {
		if s, found := strings.CutSuffix(name, end); found && len(s) < len(stem) {
			stem = s
		}
	}
	return stem, stem != name
}

// sidecar reads the label file beside a take; found is false where there is none.
func (in *intake) sidecar(t take, r data.Recording) (s *statement, found bool) {
	base := strings.TrimSuffix(t.path, ext(t.path))
	for _, end := range sidecars {
		if info, err := os.Stat(base + end); err == nil && info.Mode().IsRegular() {
			delete(in.found.passed, base+end)
			s = in.c.statement(base+end, stem(t.name)+end, r)
			in.countStatement(s)
			return s, true
		}
	}
	return nil, false
}

// countStatement takes what a label file says into the summary.
func (in *intake) countStatement(s *statement) {
	in.sum.Skips = append(in.sum.Skips, s.skips...)
	in.sum.Counts["labels"] += len(s.labels)
	if s.dropped > 0 {
		in.sum.Counts["dropped labels"] += s.dropped
	}
}
