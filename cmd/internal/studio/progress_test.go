package studio

import (
	"slices"
	"testing"
	"time"

	"prep/data"
)

func TestStepsAreTold(t *testing.T) {
	var passed []data.Step
	var words []string
	p := told(func(s data.Step) { passed = append(passed, s) }, 30*time.Millisecond, func(text string) { words = append(words, text) })
	steps := []data.Step{{Stage: "ingest", Done: 1, Total: 1}, {Stage: "segment", Done: 1, Total: 9}, {Stage: "segment", Done: 2, Total: 9}, {Stage: "train", Done: 1, Total: 9}}
	for _, s := range steps {
		p(s)
	}
	time.Sleep(40 * time.Millisecond)
	p(data.Step{Stage: "segment", Done: 7, Total: 9})
	if want := []string{"Finding hits: 1 of 9", "Finding hits: 7 of 9"}; !slices.Equal(words, want) || len(passed) != 5 {
		t.Errorf("told %q of %d steps, want %q", words, len(passed), want)
	}
}
