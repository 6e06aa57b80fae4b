package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"prep/data/corpus"
)

// What prep may cost on any input, however hostile: on a set of two recordings.
const (
	hostileMB   = 1000
	hostileTime = 60 * time.Second
)

// hostileCommands are what a person does with a set of somebody else's.
var hostileCommands = [][]string{
	{"check"}, {"segment"}, {"augment", "--copies", "1"}, {"features"}, {"plot"}, {"train", "--net", "tiny.yaml", "--epochs", "1", "--folds", "2"},
	{"predict", "takes/voice-01/take-1.wav"}, {"export", "--wav", "out"}, {"merge", "segment"}, {"ingest", "takes"},
}

// hostileRun is what a command said of a hostile input, and what it cost.
type hostileRun struct {
	args []string
	code int
	said string // the last line on standard error, or the first of the result
	mb   int64
	took time.Duration
}

// runHostile runs a command in a folder and holds it to what every command must
// keep: it ends in time, with a code of its own, in bounded memory, and says why in
// one line.
func runHostile(t *testing.T, dir string, args ...string) hostileRun {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), hostileTime)
	defer stop()
	cmd := exec.CommandContext(ctx, "prep", args...)
	cmd.Dir, cmd.WaitDelay = dir, time.Second
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	begun := time.Now()
	err := cmd.Run()
	r := hostileRun{args: args, took: time.Since(begun), code: cmd.ProcessState.ExitCode(),
		mb: cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10}
	said := strings.Split(strings.TrimSpace(words.String()), "\n")
	r.said = said[len(said)-1]
	if r.said == "" {
		r.said, _, _ = strings.Cut(out.String(), "\n")
	}
	var exit *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &exit):
		t.Fatalf("prep %v: %v", args, err)
	case ctx.Err() != nil:
		t.Errorf("prep %v does not end within %v", args, hostileTime)
	case !slices.Contains([]int{exitOK, exitFailed, exitUsage, exitSkips, exitGate}, r.code):
		t.Errorf("prep %v exits %d", args, r.code)
	case strings.Contains(words.String(), "goroutine ") || strings.Contains(words.String(), "internal fault"):
		t.Errorf("prep %v panics: %.600s", args, words.String())
	case r.code != exitOK && r.code != exitGate && r.said == "":
		t.Errorf("prep %v exits %d without a word", args, r.code)
	case len(r.said) > 4000:
		t.Errorf("prep %v says %d bytes on one line: %.200s", args, len(r.said), r.said)
	}
	if r.mb > hostileMB {
		t.Errorf("prep %v takes %d MB", args, r.mb)
	}
	if i := strings.IndexFunc(out.String()+words.String(), func(c rune) bool { return c == 0x1b || c == 0x9b }); i >= 0 {
		t.Errorf("prep %v writes an escape code", args)
	}
	for line := range strings.Lines(out.String() + words.String()) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Errorf("prep %v writes a workflow command: %s", args, line)
		}
	}
	return r
}

// soundSet makes, in a folder, takes and a set of them with patches and a model.
func soundSet(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 2, 1, 14
	if err := corpus.Write(filepath.Join(dir, "takes"), c); err != nil {
		t.Fatal(err)
	}
	net, err := os.ReadFile("testdata/tiny.yaml")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "tiny.yaml"), net, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"ingest", filepath.Join(dir, "takes")}, {"segment"}, {"features"},
		{"train", "--net", filepath.Join(dir, "tiny.yaml"), "--epochs", "1", "--folds", "2"}, {"plot"}} {
		if code, err := execute(t.Context(), append(args, "--set", filepath.Join(dir, "set"), "-q"), io.Discard, io.Discard); code != 0 || err != nil {
			t.Fatalf("%v: %d, %v", args, code, err)
		}
	}
	return dir
}

// bystanders returns what lies beside the set in a folder, with its content: no
// command may change that.
func bystanders(t *testing.T, dir string) string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == "set" || name == "out"):
			return filepath.SkipDir
		case d.Type().IsRegular():
			text, err := os.ReadFile(path)
			all = append(all, fmt.Sprintf("%s %x", name, text[:min(len(text), 64)]))
			return err
		}
		all = append(all, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

// tellHostile adds what was said of an input to the table that the test logs.
func tellHostile(t *testing.T, name string, r hostileRun) {
	t.Logf("| %s | %s | %d | %d MB | %.1f s | %.160s |", name, strings.Join(r.args[:1], " "), r.code, r.mb, r.took.Seconds(), strings.ReplaceAll(r.said, "|", "/"))
}

func TestHostileSets(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts prep some hundred times")
	}
	sound := soundSet(t)
	for name, spoil := range hostileSets() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(sound)); err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(filepath.Join(dir, "theirs"), 0o777); err != nil {
				t.Fatal(err)
			}
			os.WriteFile(filepath.Join(dir, "theirs", "draft.jsonl"), []byte("theirs\n"), 0o666)
			os.WriteFile(filepath.Join(dir, "theirs", "x.0123456789abcdef.tmp"), []byte("theirs\n"), 0o666)
			spoil.do(t, filepath.Join(dir, "set"))
			before := bystanders(t, dir)
			for i, args := range hostileCommands {
				if !everyHostile && !slices.Contains(spoil.by[:min(2, len(spoil.by))], args[0]) {
					continue
				}
				r := runHostile(t, dir, append(slices.Clone(args), "--set", "set", "-q")...)
				tellHostile(t, name, r)
				if i == 0 && spoil.want != "" && !strings.Contains(r.said, spoil.want) {
					t.Errorf("check says %q, want %q", r.said, spoil.want)
				}
			}
			if after := bystanders(t, dir); after != before {
				t.Errorf("what lies beside the set has changed:\n%s\nwas\n%s", after, before)
			}
		})
	}
}

func TestHostileTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts prep some hundred times")
	}
	dir := t.TempDir()
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 1, 1, 2
	if err := corpus.Write(filepath.Join(dir, "takes"), c); err != nil {
		t.Fatal(err)
	}
	take := filepath.Join(dir, "takes", "voice-01", "take-1")
	for name, text := range hostileConfigs() {
		t.Run("config/"+name, func(t *testing.T) {
			os.WriteFile(filepath.Join(dir, "prep.yaml"), []byte(text), 0o666)
			r := runHostile(t, dir, "run", "--config", "prep.yaml", "--dry-run", "--set", "none", "-q")
			tellHostile(t, "config: "+name, r)
			if r.code != exitUsage && r.code != exitOK {
				t.Errorf("exits %d: %s", r.code, r.said)
			}
		})
	}
	for name, text := range hostileLabels() {
		t.Run("labels/"+name, func(t *testing.T) {
			file := take + filepath.Ext(name)
			os.WriteFile(file, []byte(text), 0o666)
			defer os.Remove(file)
			set := filepath.Join(t.TempDir(), "set")
			tellHostile(t, "labels: "+name, runHostile(t, dir, "ingest", "takes", "--set", set, "-q"))
			r := runHostile(t, dir, "check", "--set", set, "-q")
			if r.code != exitOK {
				t.Errorf("a reader does not accept what ingest wrote: %s", r.said)
			}
		})
	}
	for name, text := range hostileTables() {
		t.Run("table/"+name, func(t *testing.T) {
			table := filepath.Join(t.TempDir(), "meta.csv")
			os.WriteFile(table, []byte(text), 0o666)
			set := filepath.Join(t.TempDir(), "set")
			config, _ := json.Marshal(map[string]any{"labels": map[string]any{"meta": table}})
			os.WriteFile(filepath.Join(dir, "prep.yaml"), config, 0o666)
			tellHostile(t, "table of recordings: "+name, runHostile(t, dir, "ingest", "takes", "--config", "prep.yaml", "--set", set, "-q"))
		})
	}
}
