//go:build long

package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"prep/data/corpus"
	"prep/data/datatest"
)

// A hardship is met by the whole line in a process of its own, some times over:
// PREP_HARDSHIPS in the environment says how many, PREP_DEMO=1 that the line is
// the demo's and not a small one. 50 times the demo take most of an hour.
type hardship struct {
	times int
	args  func(set string) []string
}

func newHardship(t *testing.T) hardship {
	t.Helper()
	times := 5
	if n, err := strconv.Atoi(os.Getenv("PREP_HARDSHIPS")); err == nil {
		times = n
	}
	if os.Getenv("PREP_DEMO") != "" {
		return hardship{times, func(set string) []string { return []string{"demo", "-q", "--set", set} }}
	}
	dir := t.TempDir()
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 3, 2, 14
	config := filepath.Join(dir, "prep.yaml")
	text := "ingest: {paths: [takes], group_from: '^([^/]+)/'}\ntrain: {folds: 3, epochs: 2}\n"
	if err := errors.Join(corpus.Write(filepath.Join(dir, "takes"), c), os.WriteFile(config, []byte(text), 0o666)); err != nil {
		t.Fatal(err)
	}
	return hardship{times, func(set string) []string { return []string{"run", "-q", "--config", config, "--set", set} }}
}

// undisturbed runs the line and returns what it makes and how long that takes.
func (h hardship) undisturbed(t *testing.T) (map[string]string, time.Duration) {
	t.Helper()
	dir, begun := t.TempDir(), time.Now()
	if out, err := h.run(dir, time.Hour); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return datatest.Tree(t, dir), time.Since(begun)
}

// errKilled says that a run was killed before it ended.
var errKilled = errors.New("killed")

// run runs the line on a set, with kill -9 after some time, and returns what it
// said on standard error.
func (h hardship) run(set string, killAfter time.Duration) (string, error) {
	cmd := exec.Command("prep", h.args(set)...)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return "", err
	}
	timer := time.AfterFunc(killAfter, func() { cmd.Process.Kill() })
	err := cmd.Wait()
	if !timer.Stop() && err != nil {
		err = errKilled
	}
	return said.String(), err
}

// Killed at random moments and run again each time, the line ends with the
// bytes of an undisturbed one, and nothing else.
func TestKilledLineEndsWithTheSameBytes(t *testing.T) {
	h := newHardship(t)
	want, span := h.undisturbed(t)
	rng := rand.New(rand.NewPCG(1, 1))
	for killed, set := 0, 1; killed < h.times; set++ {
		dir := filepath.Join(t.TempDir(), fmt.Sprint("set-", set))
		for {
			after := time.Duration(rng.Float64() * float64(span))
			if killed == h.times {
				after = time.Hour // to the end
			}
			said, err := h.run(dir, after)
			if err == nil {
				break
			}
			if err != errKilled {
				t.Fatalf("after %d kills: %v: %s", killed, err, said)
			}
			killed++
			t.Logf("kill %d, of set %d, %.1f s after its start", killed, set, after.Seconds())
		}
		datatest.SameTree(t, datatest.Tree(t, dir), want)
	}
}
