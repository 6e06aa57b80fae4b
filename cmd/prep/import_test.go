package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"prep/data"
	"prep/data/labelfile"
)

// labelled names the hits of a small set, in turn with classes that file
// formats might trip over, rejects one and adds one. It returns the set.
func labelled(t *testing.T) string {
	t.Helper()
	dir := smallSet(t)
	set, err := data.OpenWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	hits, err := set.Hits()
	if err != nil {
		t.Fatal(err)
	}
	line := func(onset int, class string) data.Label {
		return data.Label{Recording: hits[0].Recording, Onset: onset, Class: class, Reject: class == "", By: data.ByHuman,
			Who: "ada", Time: "2026-01-01T00:00:00Z"}
	}
	classes := []string{"kick", `k "deep", wet`, "hi hat", "3", "Schnäuzer <&>"}
	lines := []data.Label{line(500, "added"), line(hits[0].Mark, "")}
	for i, h := range hits[1:] {
		lines = append(lines, line(h.Mark, classes[i%len(classes)]))
	}
	// In place of what the corpus's own label files said, at the same moments.
	if err := data.WriteLines(set.Path(data.LabelsFile), lines); err != nil {
		t.Fatal(err)
	}
	return dir
}

// named returns the class of each moment that bears one, and who said so.
func named(t *testing.T, dir string) map[data.Moment]string {
	t.Helper()
	set, err := data.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	labels, err := set.Labels()
	if err != nil {
		t.Fatal(err)
	}
	says := map[data.Moment]string{}
	for m, l := range data.Standing(labels) {
		if !l.Reject {
			says[m] = l.By + " " + l.Who + ": " + l.Class
		}
	}
	return says
}

// resolution is how far, in samples, a moment may be off in the formats whose
// unit of time is coarse: ELAN's is a millisecond, MIDI's a tick.
var resolution = map[string]int{"elan": 23, "midi": 12}

// wantNear wants the labels that a format brought back to be those that went
// out, each within the format's unit of time.
func wantNear(t *testing.T, format string, got, want map[data.Moment]string) {
	t.Helper()
	found := 0
	for at, says := range want {
		if format == "onsets" { // which holds no classes
			says = "human ada: hit"
		}
		for d := -resolution[format]; d <= resolution[format]; d++ {
			if got[data.Moment{Recording: at.Recording, Onset: at.Onset + d}] == says {
				found++
				break
			}
		}
	}
	if found != len(want) || len(got) != len(want) {
		t.Errorf("%s: %v came back, not %v", format, got, want)
	}
}

// TestLabelsRoundTrip exports labels in every format, wipes them, and reads
// them back.
func TestLabelsRoundTrip(t *testing.T) {
	set := labelled(t)
	want := named(t, set)
	prep := func(args ...string) {
		t.Helper()
		if code, err := execute(context.Background(), append(args, "--set", set, "-q"), io.Discard, io.Discard); code != 0 || err != nil {
			t.Fatalf("prep %v: %d, %v", args, code, err)
		}
	}
	journal, err := os.ReadFile(filepath.Join(set, data.LabelsFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range labelfile.Formats() {
		if err := os.WriteFile(filepath.Join(set, data.LabelsFile), journal, 0o666); err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), format)
		prep("export", "--labels", dir, "--format", format)
		if err := os.WriteFile(filepath.Join(set, data.LabelsFile), nil, 0o666); err != nil {
			t.Fatal(err)
		}
		prep("label", "--who", "ada", "--import", dir)
		wantNear(t, format, named(t, set), want)
		before, _ := os.ReadFile(filepath.Join(set, data.LabelsFile))
		prep("label", "--who", "ada", "--import", dir)
		if after, _ := os.ReadFile(filepath.Join(set, data.LabelsFile)); string(after) != string(before) {
			t.Errorf("%s: reading the same again adds %s", format, after[len(before):])
		}
	}
}
