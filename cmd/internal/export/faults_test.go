package export

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
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
		if _, err := (Config{}).WAV(tc.ctx, tc.set, tc.dir, tc.render, nil); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}

// Without a way to render them copies are left out, and steps are told.
func TestWAVWithoutCopies(t *testing.T) {
	steps := 0
	sum, err := (Config{}).WAV(context.Background(), newSet(t), t.TempDir(), nil, func(data.Step) { steps++ })
	if err != nil || sum.Counts["train"] != 6 || steps != 10 {
		t.Errorf("%v in %d steps, %v; want 6 that train of 10", sum.Counts, steps, err)
	}
}

// Hits that nobody has named are no class: they are left out and told, or lie apart.
func TestUnlabelledAreNoClass(t *testing.T) {
	ctx, set, dir := context.Background(), newSet(t), t.TempDir()
	labels, err := set.Labels()
	if err != nil {
		t.Fatal(err)
	}
	if err := data.WriteLines(set.Path(data.LabelsFile), labels[1:]); err != nil {
		t.Fatal(err)
	}
	sum, err := Config{}.WAV(ctx, set, filepath.Join(dir, "w"), same, nil)
	archive, err2 := Config{}.NPZ(ctx, set, "mel", filepath.Join(dir, "x.npz"), same)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(sum.Counts, archive.Counts) || sum.Counts[unlabelled] != 0 || !strings.Contains(sum.Notes[0], "hits without a class are left out") {
		t.Errorf("WAV %v, NPZ %v, %q", sum.Counts, archive.Counts, sum.Notes)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "w", "*", unlabelled)); len(left) > 0 {
		t.Errorf("unlabelled hits have a class: %v", left)
	}
	all := Config{Unlabelled: true}
	with, err := all.WAV(ctx, set, filepath.Join(dir, "all"), same, nil)
	archive, err2 = all.NPZ(ctx, set, "mel", filepath.Join(dir, "all.npz"), same)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if with.Counts[unlabelled] != 1 || !reflect.DeepEqual(with.Counts, archive.Counts) {
		t.Errorf("WAV %v, NPZ %v, want 1 unlabelled", with.Counts, archive.Counts)
	}
	if rows := readCSV(t, filepath.Join(dir, "all", unlabelled, "metadata.csv")); len(rows) != 2 || strings.Contains(rows[1][0], "/") {
		t.Errorf("%v", rows)
	}
	if err := data.WriteLines(set.Path(data.LabelsFile), []data.Label{}); err != nil {
		t.Fatal(err)
	}
	if _, err := (Config{}).WAV(ctx, set, filepath.Join(dir, "none"), same, nil); err == nil || !strings.Contains(err.Error(), "no hit has a class") {
		t.Errorf("a set without a class: %v", err)
	}
}

// Folders of classes are names on every system, each class's own, and read back.
func TestFolderNames(t *testing.T) {
	long := strings.Repeat("é", 150)
	classes := []string{"kick", "Kick", "KICK", "a/b:c\n", "a_b_c_", "..", "../x", "CON", ".hidden", "nul", "aux.1", "50%", "50%25", " ", "x ", "unlabelled", "クリック", "%",
		long, long + "x", strings.Repeat("A", 300), strings.Repeat("/", 300)}
	seen := map[string]string{}
	for class, folder := range folders(classes) {
		other, taken := seen[strings.ToLower(folder)]
		back, err := url.PathUnescape(folder)
		if taken || strings.ContainsAny(folder, "/\\:*?\"<>|\n") || strings.Trim(folder, ". ") != folder || device.MatchString(folder) {
			t.Errorf("the folder of %q is %q, as of %q", class, folder, other)
		}
		if len(folder) > longestName {
			t.Errorf("the folder of %q has %d bytes", class, len(folder))
		}
		if len(class) < longestName && (back != class || err != nil) {
			t.Errorf("the folder %q of %q reads back as %q, %v", folder, class, back, err)
		}
		seen[strings.ToLower(folder)] = class
	}
	if got := folders(classes)["a/b:c\n"]; got != "a%2Fb%3Ac%0A" {
		t.Errorf("the folder is %q", got)
	}
}

func TestNPZFaults(t *testing.T) {
	set, file := newSet(t), filepath.Join(t.TempDir(), "x.npz")
	if _, err := (Config{}).NPZ(context.Background(), set, "cqt", file, same); err == nil || !strings.Contains(err.Error(), "cqt") {
		t.Errorf("patches that are not there: %v", err)
	}
	if err := os.WriteFile(set.Path(data.HitsFile), []byte("x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := (Config{}).NPZ(context.Background(), set, "mel", file, same); err == nil || !strings.Contains(err.Error(), "hits.jsonl:1") {
		t.Errorf("hits that cannot be read: %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("there is an archive all the same")
	}
}
