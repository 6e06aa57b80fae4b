//go:build measure

package main

import (
	"cmp"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"prep/data"
	"prep/train"
)

// The two measurements of docs/label.md on a set that `prep run --config
// examples/vopec.yaml` made:
//
//	PREP_VOPEC=DIR go test -tags measure ./cmd/prep -run TestLabelMeasure -v -timeout 2h
//
// vopecSet names it, or skips the test.
func vopecSet(t *testing.T) string {
	dir := os.Getenv("PREP_VOPEC")
	if dir == "" {
		t.Skip("set PREP_VOPEC to a set made with examples/vopec.yaml to measure")
	}
	return dir
}

// TestLabelMeasurePlanted flips 5 % of the labels, trains on them, and counts
// how many the order "likely mistakes first" finds in its first tenth. Every
// hit is judged by the network of the fold that had not heard its performer.
func TestLabelMeasurePlanted(t *testing.T) {
	from := vopecSet(t)
	dir := t.TempDir()
	for _, name := range []string{data.RecordingsFile, data.HitsFile, data.LabelsFile, "features/mel.npy", "features/mel.jsonl", "features/mel.json"} {
		copyFile(t, filepath.Join(from, name), filepath.Join(dir, name))
	}
	planted := plant(t, dir, 0.05)
	args := []string{"train", "--config", "../../examples/vopec.yaml", "--set", dir, "-q"}
	if code, err := execute(context.Background(), args, io.Discard, io.Discard); code != 0 || err != nil {
		t.Fatalf("train: %d, %v", code, err)
	}
	model := filepath.Join(dir, "models", "compact")
	predictions, err := train.ReadPredictions(model)
	if err != nil {
		t.Fatal(err)
	}
	report, err := train.ReadReport(model)
	if err != nil {
		t.Fatal(err)
	}
	own := func(p train.Prediction) float32 { return p.Probabilities[slices.Index(report.Classes, p.Class)] }
	slices.SortStableFunc(predictions, func(a, b train.Prediction) int { return cmp.Compare(own(a), own(b)) })
	found, tenth := 0, len(predictions)/10
	for _, p := range predictions[:tenth] {
		if planted[p.Hit] {
			found++
		}
	}
	t.Logf("%d of %d planted errors are among the first %d of %d hits (%.1f %%)", found, len(planted), tenth, len(predictions), 100*float64(found)/float64(len(planted)))
}

// plant says of a share of the hits, drawn by their IDs, that they are of
// another class.
func plant(t *testing.T, dir string, share float64) map[string]bool {
	t.Helper()
	set, err := data.OpenWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	examples, err := set.Examples()
	if err != nil {
		t.Fatal(err)
	}
	var classes []string
	examples = slices.DeleteFunc(examples, func(e data.Example) bool { return e.Class == "" || e.Parent != "" })
	for _, e := range examples {
		classes = append(classes, e.Class)
	}
	slices.Sort(classes)
	classes = slices.Compact(classes)
	planted := map[string]bool{}
	var lines []data.Label
	for _, i := range data.Rand(1, "plant").Perm(len(examples))[:int(share*float64(len(examples)))] {
		e := examples[i]
		other := slices.DeleteFunc(slices.Clone(classes), func(c string) bool { return c == e.Class })
		l := data.Label{Recording: e.Recording, Onset: e.Onset, By: data.ByHuman, Who: "planted", Time: time.Unix(0, 0).UTC().Format(time.RFC3339)}
		l.Class = other[data.Rand(1, e.ID).IntN(len(other))]
		planted[e.ID], lines = true, append(lines, l)
	}
	if err := set.AppendLabels(lines...); err != nil {
		t.Fatal(err)
	}
	return planted
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	f, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	err = data.WriteFile(to, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestLabelMeasureKeystrokes simulates a labeller who hears every hit rightly.
// Without a model a hit costs one key. With pre-labels from networks that have
// not heard the performer, the labeller names the least sure hits one by one
// (a key each: enter or the class) and then accepts the rest a class at a time
// in the sheet (select all, class key: two keys a class). Mistakes among those
// stay.
func TestLabelMeasureKeystrokes(t *testing.T) {
	predictions, err := train.ReadPredictions(filepath.Join(vopecSet(t), "models", "compact"))
	if err != nil || len(predictions) == 0 {
		t.Fatalf("%d predictions, %v", len(predictions), err)
	}
	doubt := func(p train.Prediction) float32 {
		q := slices.Sorted(slices.Values(p.Probabilities))
		return 1 - (q[len(q)-1] - q[len(q)-2])
	}
	slices.SortStableFunc(predictions, func(a, b train.Prediction) int { return cmp.Compare(doubt(b), doubt(a)) })
	wrong := 0 // among those from i on
	n, classes := len(predictions), len(predictions[0].Probabilities)
	todo := []float64{1, 0.995, 0.99, 0.98, 0.95}
	for i := n; i >= 0; i-- {
		if i < n && predictions[i].Called != predictions[i].Class {
			wrong++
		}
		for len(todo) > 0 && (i == 0 || float64(n-wrong-mistaken(predictions[i-1]))/float64(n) < todo[0]) {
			t.Logf("%.1f %% right: %d of %d named by hand, %.3f keystrokes a hit (without a model 1)",
				100*todo[0], i, n, float64(i+2*classes)/float64(n))
			todo = todo[1:]
		}
	}
}

// mistaken is 1 where the network is wrong.
func mistaken(p train.Prediction) int {
	if p.Called != p.Class {
		return 1
	}
	return 0
}
