package main

import (
	"os"
	"strings"
	"testing"

	"prep/cmd/internal/config"
	"prep/data"
	"prep/data/corpus"
)

// The demo on a corpus that takes seconds: every stage says its own, and the
// report is there.
func TestDemo(t *testing.T) {
	var out, log strings.Builder
	a := &app{config: config.Default(), stdout: &out, stderr: &log, quiet: true}
	a.config.Train.Folds = 3
	set, err := data.Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	made := corpus.Default()
	made.Voices, made.TakesPerVoice, made.HitsPerTake = 3, 1, 21
	r, err := demo(t.Context(), a, set, made)
	if err != nil {
		t.Fatal(err)
	}
	r.Text(&out)
	for _, want := range []string{
		"synthesize: 3 voices, 3 takes, 63 hits of 7 classes, made by rule\n", "ingest: 3 files", "segment: ", "augment: ",
		"features: ", "train: ", "plot: ", "\nvoices it has never heard: ", "report: open " + set.Path("report.html"),
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if r.Accuracy <= r.Train.Baselines.Majority || r.Accuracy > 1 || r.CI[0] > r.Accuracy || r.CI[1] < r.Accuracy {
		t.Errorf("accuracy %v (%v), commonest class %v", r.Accuracy, r.CI, r.Train.Baselines.Majority)
	}
	if _, err := os.Stat(r.Report); err != nil {
		t.Error(err)
	}
	if log.Len() > 0 {
		t.Errorf("a quiet demo says %q", log.String())
	}
}
