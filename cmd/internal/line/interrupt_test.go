package line

import (
	"context"
	"errors"
	"strings"
	"testing"

	"prep/cmd/internal/config"
	"prep/data"
	"prep/data/corpus"
	"prep/data/datatest"
	"prep/data/work"
)

// smallLine is a configuration whose whole line takes about a second.
func smallLine(t *testing.T) config.Config {
	t.Helper()
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 3, 2, 14
	source := t.TempDir()
	if err := corpus.Write(source, c); err != nil {
		t.Fatal(err)
	}
	line := config.Default()
	line.Ingest.Paths = []string{source}
	line.Ingest.GroupFrom = "^([^/]+)/"
	line.Augment.Copies = 1
	line.Train.Folds, line.Train.Epochs = 3, 2
	return line
}

// runLine runs the whole line on dir, telling observe of every step.
func runLine(ctx context.Context, dir string, c config.Config, observe data.Progress) error {
	set, err := data.Create(dir)
	if err != nil {
		return err
	}
	defer set.Close()
	_, err = Run(ctx, work.On(set, observe), c, func(Step) {})
	return err
}

func TestInterruptedLineEndsWithTheSameBytes(t *testing.T) {
	c := smallLine(t)
	whole := t.TempDir()
	if err := runLine(context.Background(), whole, c, func(data.Step) {}); err != nil {
		t.Fatal(err)
	}
	want := datatest.Tree(t, whole)
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
			for name := range datatest.Tree(t, dir) {
				if strings.HasSuffix(name, ".tmp") {
					t.Errorf("%s is left half-written", name)
				}
			}
			if err := runLine(context.Background(), dir, c, func(data.Step) {}); err != nil {
				t.Fatal(err)
			}
			datatest.SameTree(t, datatest.Tree(t, dir), want)
		})
	}
}
