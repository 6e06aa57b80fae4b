package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prep/data/datatest"
)

// wound damages a file of a set.
type wound struct {
	name string
	do   func(path string, text []byte, rng *rand.Rand) error
}

var wounds = []wound{
	{"a bit flipped", func(path string, text []byte, rng *rand.Rand) error {
		text[rng.IntN(len(text))] ^= 1 << rng.IntN(8)
		return os.WriteFile(path, text, 0o666)
	}},
	{"cut short", func(path string, text []byte, rng *rand.Rand) error {
		return os.WriteFile(path, text[:rng.IntN(len(text))], 0o666)
	}},
	{"removed", func(path string, _ []byte, _ *rand.Rand) error { return os.Remove(path) }},
}

// seen counts of a kind of file how many wounds check saw.
type seen struct{ saw, of int }

// kindOf returns the kind of a set's file.
func kindOf(name string) string {
	dir := strings.SplitN(name, "/", 2)[0]
	switch dir {
	case "audio", "runs":
		return dir + "/*" + path.Ext(name)
	case "plots":
		return dir + "/*" + path.Ext(name)
	case "models":
		return "models/*/" + path.Base(name)
	}
	return name
}

// wounded damages every file of a set of the whole line so many times in each way,
// has check look at it, and returns what check saw by kind of file, and what it
// did not see.
func wounded(t *testing.T, times int) (table map[string]seen, unseen []string) {
	t.Helper()
	l := newStoppedLine(t)
	if err := l.run(l.set); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(24, 5))
	table = map[string]seen{}
	whole := datatest.Tree(t, l.set)
	delete(whole, ".lock") // it holds nothing
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		file := filepath.Join(l.set, filepath.FromSlash(name))
		was, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range wounds {
			for range times {
				text := bytes.Clone(was)
				if len(text) == 0 && w.name != "removed" {
					continue
				}
				if err := w.do(file, text, rng); err != nil {
					t.Fatal(err)
				}
				n := table[kindOf(name)]
				n.of++
				if l.checkFails(t) {
					n.saw++
				} else {
					unseen = append(unseen, name+" "+w.name)
				}
				table[kindOf(name)] = n
				if err := os.WriteFile(file, was, 0o666); err != nil {
					t.Fatal(err)
				}
				if w.name == "removed" {
					break
				}
			}
		}
	}
	if l.checkFails(t) {
		t.Error("check finds fault with the whole set")
	}
	return table, unseen
}

// checkFails reports whether check finds something wrong with the set, or is no
// more able to tell that it is one.
func (l stoppedLine) checkFails(t *testing.T) bool {
	t.Helper()
	code, err := execute(context.Background(), []string{"check", "-q", "--set", l.set}, io.Discard, io.Discard)
	if err != nil && errors.Is(err, fs.ErrPermission) {
		t.Fatal(err)
	}
	return err != nil || code == exitFailed
}

// Whatever is flipped, cut or lost in a file of a set, check sees it. With the
// build tag `long` each file is damaged many times.
func TestCheckSeesDamage(t *testing.T) {
	if testing.Short() {
		t.Skip("it checks a set some hundred times")
	}
	table, unseen := wounded(t, 1)
	for _, what := range unseen {
		t.Errorf("%s: check sees nothing", what)
	}
	for _, kind := range slices.Sorted(maps.Keys(table)) {
		t.Logf("%s: %d of %d", kind, table[kind].saw, table[kind].of)
	}
}
