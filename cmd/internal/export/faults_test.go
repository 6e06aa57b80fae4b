package export

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// What an export cannot do it says, and names the thing.
func TestWAVFaults(t *testing.T) {
	ended, end := context.WithCancel(context.Background())
	end()
	broken := func(data.Reader, data.Hit, func(data.Reader, data.Hit) error) error { return errors.New("no plan") }
	full, taken := t.TempDir(), filepath.Join(t.TempDir(), "taken")
	if err := errors.Join(os.WriteFile(filepath.Join(full, "x"), nil, 0o666), os.WriteFile(taken, nil, 0o666)); err != nil {
		t.Fatal(err)
	}
	noAudio, noLines := newSet(t), newSet(t)
	if err := errors.Join(os.RemoveAll(noAudio.Path("audio")), os.WriteFile(noLines.Path(data.HitsFile), []byte("x\n"), 0o666)); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		ctx    context.Context
		set    *data.Set
		dir    string
		render data.RenderFunc
		want   string
	}{
		{"a folder that is not empty", context.Background(), newSet(t), full, same, "the folder is not empty"},
		{"a file in place of the folder", context.Background(), newSet(t), taken, same, taken},
		{"no hits", context.Background(), datatest.NewSet(t, datatest.Contents{}), t.TempDir(), same, "run `prep segment` first"},
		{"an end", ended, newSet(t), t.TempDir(), same, "context canceled"},
		{"a copy that cannot be rendered", context.Background(), newSet(t), t.TempDir(), broken, "+1: no plan"},
		{"no audio", context.Background(), noAudio, t.TempDir(), same, "no such file"},
		{"hits that cannot be read", context.Background(), noLines, t.TempDir(), same, "hits.jsonl:1"},
	} {
		if _, err := WAV(tc.ctx, tc.set, tc.dir, tc.render, nil); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}

// Without a way to render them copies are left out, and steps are told.
func TestWAVWithoutCopies(t *testing.T) {
	steps := 0
	sum, err := WAV(context.Background(), newSet(t), t.TempDir(), nil, func(data.Step) { steps++ })
	if err != nil || sum.Counts["train"] != 6 || steps != 10 {
		t.Errorf("%v in %d steps, %v; want 6 that train of 10", sum.Counts, steps, err)
	}
}

// Hits that nobody has named have a folder, and a group of only such trains.
func TestWAVOfUnlabelled(t *testing.T) {
	set := newSet(t)
	if err := data.WriteLines(set.Path(data.LabelsFile), []data.Label{}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sum, err := WAV(context.Background(), set, dir, nil, nil)
	if err != nil || sum.Counts["train"] != 10 {
		t.Errorf("%v, %v", sum.Counts, err)
	}
	if all, err := os.ReadDir(filepath.Join(dir, "train", unlabelled)); err != nil || len(all) != 10 {
		t.Errorf("%d files are unlabelled, %v", len(all), err)
	}
}

// Folders of classes are names on every system, each class's own, and read back.
func TestFolderNames(t *testing.T) {
	var examples []data.Example
	for _, class := range []string{"kick", "Kick", "KICK", "a/b:c\n", "a_b_c_", "..", ".hidden", "nul", "aux.1", "50%", "50%25", " ", "x ", "unlabelled", "クリック", "%"} {
		examples = append(examples, data.Example{Class: class})
	}
	seen := map[string]string{}
	for class, folder := range folders(append(examples, data.Example{})) {
		other, taken := seen[strings.ToLower(folder)]
		back, err := url.PathUnescape(folder)
		if taken || strings.ContainsAny(folder, "/\\:*?\"<>|\n") || strings.Trim(folder, ". ") != folder || device.MatchString(folder) {
			t.Errorf("the folder of %q is %q, as of %q", class, folder, other)
		}
		if class != "" && (back != class || err != nil) {
			t.Errorf("the folder %q of %q reads back as %q, %v", folder, class, back, err)
		}
		seen[strings.ToLower(folder)] = class
	}
	if got := folders(examples)["a/b:c\n"]; got != "a%2Fb%3Ac%0A" {
		t.Errorf("the folder is %q", got)
	}
}

func TestNPZFaults(t *testing.T) {
	set, file := newSet(t), filepath.Join(t.TempDir(), "x.npz")
	if _, err := NPZ(set, "cqt", file); err == nil || !strings.Contains(err.Error(), "cqt") {
		t.Errorf("patches that are not there: %v", err)
	}
	if err := os.WriteFile(set.Path(data.HitsFile), []byte("x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := NPZ(set, "mel", file); err == nil || !strings.Contains(err.Error(), "hits.jsonl:1") {
		t.Errorf("hits that cannot be read: %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("there is an archive all the same")
	}
}
