package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"prep/data"
	"prep/data/corpus"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"prep": main, "prep-killed": killed})
}

// execute runs a command line to its exit code or its error.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) (int, error) {
	return (&app{stdout: stdout, stderr: stderr}).execute(ctx, args)
}

// TestScripts runs the scenarios in testdata/script: what a person types, what
// comes out, and with which exit code.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error { // a set that prep 0.1.0 made
			old := filepath.Join(e.WorkDir, "old-set")
			e.Setenv("OLD", old)
			return os.CopyFS(old, os.DirFS(filepath.Join("testdata", "set-0.1.0")))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  scriptExits,
			"corpus": scriptCorpus,
			"lock":   scriptLock,
		},
	})
}

// scriptExits runs prep and wants an exit code: exits CODE ARGS...
func scriptExits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec("prep", args[1:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("prep %v: %v", args[1:], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("prep %v exits %d, want %d", args[1:], got, want)
	}
}

// scriptCorpus writes recordings: corpus DIR VOICES TAKES HITS
func scriptCorpus(ts *testscript.TestScript, _ bool, args []string) {
	c := corpus.Default()
	for i, n := range []*int{&c.Voices, &c.TakesPerVoice, &c.HitsPerTake} {
		v, err := strconv.Atoi(args[1+i])
		ts.Check(err)
		*n = v
	}
	ts.Check(corpus.Write(ts.MkAbs(args[0]), c))
}

// scriptLock holds the writer's lock of a set until the script ends: lock DIR
func scriptLock(ts *testscript.TestScript, _ bool, args []string) {
	set, err := data.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { set.Close() })
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}
