//go:build long

package line

import (
	"context"
	"errors"
	"strings"
	"testing"

	"prep/cmd/internal/config"
	"prep/data"
	"prep/data/datatest"
	"prep/data/work"
)

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

// A line that is interrupted in one stage, whichever, ends with the bytes of an
// undisturbed one. The stops of TestStoppedLineEndsWithTheSameBytes, of cmd/prep,
// are all of one line.
func TestInterruptedLineEndsWithTheSameBytes(t *testing.T) {
	c := smallLine(t)
	whole := t.TempDir()
	if err := runLine(context.Background(), whole, c, func(data.Step) {}); err != nil {
		t.Fatal(err)
	}
	want := datatest.Tree(t, whole)
	stages := []string{"ingest", "segment", "augment", "features", "train: fold", "train: final", "plot"}
	for _, stage := range stages {
		t.Run(stage, func(t *testing.T) {
			dir := t.TempDir()
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			reached := false
			err := runLine(ctx, dir, c, func(s data.Step) {
				if strings.HasPrefix(s.Stage+": "+s.Note, stage) {
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
