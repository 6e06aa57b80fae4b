package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prep/data"
	"prep/data/corpus"
)

// smallLine is a configuration whose whole line takes about a second.
func smallLine(t *testing.T) config {
	t.Helper()
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 3, 2, 14
	source := t.TempDir()
	if err := corpus.Write(source, c); err != nil {
		t.Fatal(err)
	}
	line := defaultConfig()
	line.Ingest.Paths = []string{source}
	line.Ingest.GroupFrom = "^([^/]+)/"
	line.Augment.Copies = 1
	line.Train.Folds, line.Train.Epochs = 3, 2
	return line
}

// runLine runs the whole line on dir, telling observe of every step.
func runLine(ctx context.Context, dir string, c config, observe data.Progress) error {
	a := &app{config: c, stdout: io.Discard, stderr: io.Discard, observe: observe}
	set, err := data.Create(dir)
	if err != nil {
		return err
	}
	defer set.Close()
	_, err = a.line(ctx, set)
	return err
}

// treeOf returns the hash of every file below dir.
func treeOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	tree := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		tree[rel] = fmt.Sprintf("%x", sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// sameTree reports every file that is only in one tree or differs.
func sameTree(t *testing.T, got, want map[string]string) {
	t.Helper()
	names := slices.Sorted(maps.Keys(want))
	for name := range got {
		if _, ok := want[name]; !ok {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if got[name] != want[name] {
			t.Errorf("%s: %.8q, want %.8q", name, got[name], want[name])
		}
	}
}

func TestInterruptedLineEndsWithTheSameBytes(t *testing.T) {
	c := smallLine(t)
	whole := t.TempDir()
	if err := runLine(context.Background(), whole, c, func(data.Step) {}); err != nil {
		t.Fatal(err)
	}
	want := treeOf(t, whole)
	stages := []string{"ingest", "segment", "augment", "features", "train: fold 2", "train: final", "plot"}
	if testing.Short() {
		stages = []string{"features", "train: fold 2"}
	}
	for _, stage := range stages {
		t.Run(stage, func(t *testing.T) {
			dir := t.TempDir()
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			reached := false
			err := runLine(ctx, dir, c, func(s data.Step) {
				if strings.HasPrefix(s.Stage, stage) {
					reached = true
					cancel()
				}
			})
			if !reached || !errors.Is(err, context.Canceled) {
				t.Fatalf("stage reached: %v, error %v; want a cancelled run", reached, err)
			}
			for name := range treeOf(t, dir) {
				if strings.HasSuffix(name, ".tmp") {
					t.Errorf("%s is left half-written", name)
				}
			}
			if err := runLine(context.Background(), dir, c, func(data.Step) {}); err != nil {
				t.Fatal(err)
			}
			sameTree(t, treeOf(t, dir), want)
		})
	}
}
