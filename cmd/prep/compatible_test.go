package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prep/data"
)

// A set that prep 0.1.0 made, testdata/set-0.1.0, is read as it is: recordings,
// hits, labels, patches and model. A stage that is run on it makes its results
// again, says why, and keeps every label on its hit.
func TestSetOfPrep010(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "set-0.1.0"))); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		t.Helper()
		var out, log strings.Builder
		if code, err := execute(t.Context(), append(args, "--set", dir, "-q"), &out, &log); code != 0 || err != nil {
			t.Fatalf("%v: exit %d, %v\n%s%s", args, code, err, out.String(), log.String())
		}
		return out.String()
	}
	wants := func(got, want string) {
		t.Helper()
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	before := classesOf(t, dir)
	if len(before) != 14 {
		t.Fatalf("%d hits are read, want 14", len(before))
	}
	wants(run("check"), "check: nothing is wrong")
	wants(run("train", "--dry-run", "--net", filepath.Join("testdata", "tiny.yaml")), "14 labelled hits")
	wants(run("predict", filepath.Join(dir, "audio", recordingOf(t, dir)+".wav"), "--model", filepath.Join(dir, "models", "tiny")), "probability")
	wants(run("segment"), "14 hits, 14 labels, 2 recordings (again: a version of prep without editions made it)")
	wants(run("segment"), "(unchanged, nothing to do)")
	if after := classesOf(t, dir); !slices.Equal(after, before) {
		t.Errorf("the hits are %v, were %v", after, before)
	}
}

// classesOf returns the classes of the hits of the set, in the order of their moments:
// those may move by some samples from one edition to the next.
func classesOf(t *testing.T, dir string) (classes []string) {
	t.Helper()
	set, err := data.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	all, err := set.Examples()
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b data.Example) int { return strings.Compare(a.ID, b.ID) })
	for _, e := range all {
		if e.Parent == "" {
			classes = append(classes, e.Class)
		}
	}
	return classes
}

// recordingOf returns the ID of a recording of the set.
func recordingOf(t *testing.T, dir string) string {
	t.Helper()
	set, err := data.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	return recordings[0].ID
}
