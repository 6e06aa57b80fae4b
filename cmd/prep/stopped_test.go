package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
	"prep/data/corpus"
	"prep/data/datatest"
)

// killedAt names, in the environment of prep-killed, the stage at whose first
// step it dies.
const killedAt = "PREP_KILLED_AT"

// killed is prep that dies in the middle of a stage, as by kill -9.
func killed() {
	a := app{stdout: os.Stdout, stderr: os.Stderr, observe: func(s data.Step) {
		if strings.HasPrefix(s.Stage+": "+s.Note, os.Getenv(killedAt)) {
			self, _ := os.FindProcess(os.Getpid())
			self.Kill()
			select {} // until it is dead
		}
	}}
	if _, err := a.execute(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// stoppedLine is a small line that is stopped again and again.
type stoppedLine struct {
	args   []string // up to the set
	set    string
	volume // that of the set
}

func newStoppedLine(t *testing.T) stoppedLine {
	t.Helper()
	dir, c := t.TempDir(), corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 2, 1, 14
	config := filepath.Join(dir, "prep.yaml")
	text := "ingest: {paths: [takes], group_from: '^([^/]+)/'}\naugment: {copies: 1}\ntrain: {folds: 2, epochs: 2}\n"
	if err := errors.Join(corpus.Write(filepath.Join(dir, "takes"), c), os.WriteFile(config, []byte(text), 0o666)); err != nil {
		t.Fatal(err)
	}
	l := stoppedLine{args: []string{"run", "-q", "--config", config, "--set"}, volume: newDisk(t)}
	l.set = filepath.Join(l.dir, "set")
	return l
}

// run runs the line on a set to its end, in this process.
func (l stoppedLine) run(set string) error {
	_, err := execute(context.Background(), append(l.args, set), io.Discard, io.Discard)
	return err
}

// interrupt ends the line at the first step of a stage, as Ctrl-C does.
func (l stoppedLine) interrupt(t *testing.T, stage string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	a := app{stdout: io.Discard, stderr: io.Discard, observe: func(s data.Step) {
		if strings.HasPrefix(s.Stage+": "+s.Note, stage) {
			cancel()
		}
	}}
	if _, err := a.execute(ctx, append(l.args, l.set)); !errors.Is(err, context.Canceled) {
		t.Fatalf("%s: got %v, want an interrupted run", stage, err)
	}
	for name := range datatest.Tree(t, l.set) {
		if strings.HasSuffix(name, ".tmp") {
			t.Errorf("%s: interrupted, it leaves %s half-written", stage, name)
		}
	}
}

// kill kills the line at the first step of a stage.
func (l stoppedLine) kill(t *testing.T, stage string) {
	t.Helper()
	cmd := exec.Command("prep-killed", append(l.args, l.set)...)
	cmd.Env = append(os.Environ(), killedAt+"="+stage)
	said, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("%s: got %v, %q; want a run that was killed", stage, err, said)
	}
}

// fill runs the line on a disk that has room for a page of 4 KiB.
func (l stoppedLine) fill(t *testing.T, stage string) {
	t.Helper()
	if l.resize == nil {
		return
	}
	l.resize(t, l.used(t)+4)
	defer l.resize(t, ampleKiB)
	cmd, said := exec.Command("prep", append(l.args, l.set)...), new(strings.Builder)
	cmd.Stderr = said
	if err := cmd.Run(); err == nil || !saysWhatToDo(said.String()) {
		t.Fatalf("%s, on a full disk: got %v, %q; want one line that says what to do", stage, err, said)
	}
}

// saysWhatToDo reports whether a full disk was told in one line.
func saysWhatToDo(said string) bool {
	return strings.Count(said, "\n") == 1 && strings.Contains(said, "make room and run the same command again")
}

// Interrupted in every stage, killed in every stage and run into a full disk,
// and run again each time, the line ends with the bytes of an undisturbed one,
// and nothing else. With the build tag `long` each stop has a line of its own,
// kills come at any moment, and disks fill at any size.
func TestStoppedLineEndsWithTheSameBytes(t *testing.T) {
	l := newStoppedLine(t)
	whole := t.TempDir()
	if err := l.run(whole); err != nil {
		t.Fatal(err)
	}
	for _, stage := range []string{"ingest", "segment", "augment", "features", "train: fold", "train: final", "plot"} {
		l.interrupt(t, stage)
		l.fill(t, stage)
		l.kill(t, stage)
	}
	if err := l.run(l.set); err != nil {
		t.Fatal(err)
	}
	datatest.SameTree(t, datatest.Tree(t, l.set), datatest.Tree(t, whole))
}
