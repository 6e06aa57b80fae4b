package ingest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"prep/data"
	"prep/data/work"
)

func TestRunTree(t *testing.T) {
	a := string(wav16(44100, 1, beep(4410, 100)))
	b := string(wav16(48000, 2, beep(9600, 50)))
	root := tree(t, map[string]string{
		"ann/one.wav": a, "ann/one.TXT": "0.01\t0.02\tK\n0.05\t0.06\tx\noops\n9\t9\tK\n",
		"bob/two takes.wav": b, "bob/two takes.csv": "onset,label\n0.02,S\n",
		"copy.wav": a, "readme.md": "words", "ünï.wav": "no audio at all, but a name that says so",
	})
	c := config(root)
	kick := "kick"
	c.Labels = map[string]*string{"K": &kick, "x": nil}
	dir := filepath.Join(t.TempDir(), "set")
	sum, set := mustRun(t, dir, c)

	got := recordings(t, set)
	one, two := got["ann/one.wav"], got["bob/two takes.wav"]
	if len(got) != 2 || one.Group != "ann" || two.Group != "bob" || !reflect.DeepEqual(one.Aliases, []string{"copy.wav"}) {
		t.Errorf("recordings %+v", got)
	}
	if two.Samples != 4410 || two.SourceRate != 48000 || two.Channels != 2 || two.SourceFrames != 4800 || two.Rate != 44100 {
		t.Errorf("two takes.wav: %+v", two)
	}
	labels, _ := set.Labels()
	want := []data.Label{
		{Recording: one.ID, Onset: 441, End: 882, Class: "kick", By: data.ByImport},
		{Recording: two.ID, Onset: 882, Class: "S", By: data.ByImport},
	}
	if !reflect.DeepEqual(labels, want) {
		t.Errorf("labels %+v, want %+v", labels, want)
	}
	skips := skipped(sum)
	for _, item := range []string{"ann/one.TXT:3", "ann/one.TXT:4", "ünï.wav"} {
		if skips[item] == "" {
			t.Errorf("%s is not among the skips %v", item, skips)
		}
	}
	if len(skips) != 3 || sum.Counts["recordings"] != 2 || sum.Counts["labels"] != 2 || sum.Counts["ignored"] != 1 || len(sum.Notes) != 5 {
		t.Errorf("summary %+v", sum)
	}
	before := snapshot(t, dir)
	again, _ := mustRun(t, dir, c)
	if !again.Unchanged || !reflect.DeepEqual(again.Skips, sum.Skips) {
		t.Errorf("second run: %+v", again)
	}
	if !reflect.DeepEqual(snapshot(t, dir), before) {
		t.Error("the second run changed the set")
	}
}

func TestRunAudioIsTheSource(t *testing.T) {
	x := beep(5000, 77)
	root := tree(t, map[string]string{"a.wav": string(wav16(44100, 1, x))})
	_, set := mustRun(t, filepath.Join(t.TempDir(), "set"), config(root))
	r := recordings(t, set)["a.wav"]
	f, err := set.Audio(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := data.ReadSpan(f, 0, f.Len())
	if err != nil || len(got) != len(x) {
		t.Fatalf("%d samples, want %d (%v)", len(got), len(x), err)
	}
	for i, v := range x {
		if got[i] != float32(v)/32768 {
			t.Fatalf("sample %d is %v, want %v", i, got[i], float32(v)/32768)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	empty := tree(t, map[string]string{"notes.md": "x"})
	text := tree(t, map[string]string{"a.wav": "this is a text\n"})
	good := tree(t, map[string]string{"a.wav": string(wav16(44100, 1, beep(441, 10)))})
	bad := func(change func(*Config)) Config {
		c := config(good)
		change(&c)
		return c
	}
	tests := []struct {
		name string
		c    Config
		is   error
		says string
	}{
		{"no path", config(filepath.Join(good, "absent")), errNoPath, "absent"},
		{"no audio", config(empty), errNothing, "no audio files"},
		{"only a text", config(text), errNothing, "a.wav: not audio"},
		{"no paths", config(), nil, "paths"},
		{"rate", bad(func(c *Config) { c.Rate = 10 }), nil, "rate: 10 Hz"},
		{"label_from", bad(func(c *Config) { c.LabelFrom = "(" }), nil, "label_from"},
		{"group_from", bad(func(c *Config) { c.GroupFrom = "(" }), nil, "group_from"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			_, err := runInto(t, dir, test.c)
			if err == nil || test.is != nil && !errors.Is(err, test.is) || !strings.Contains(err.Error(), test.says) ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %v with %q", err, test.is, test.says)
			}
			if _, err := data.Open(dir); err == nil {
				t.Error("a refused ingest left a set")
			}
		})
	}
}

func TestRunAdds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "set")
	one := tree(t, map[string]string{"take.wav": string(wav16(44100, 1, beep(441, 10)))})
	two := tree(t, map[string]string{"take.wav": string(wav16(44100, 1, beep(441, 20)))})
	mustRun(t, dir, config(one))
	sum, set := mustRun(t, dir, config(two))
	got := recordings(t, set)
	if len(got) != 2 || len(sum.Notes) != 2 {
		t.Fatalf("got %+v, notes %q", got, sum.Notes)
	}
	sum, _ = mustRun(t, dir, config(two))
	if !sum.Unchanged {
		t.Errorf("the same again: %+v", sum)
	}
	c := config(two)
	c.Rate = 48000
	if _, err := runInto(t, dir, c); err == nil || !strings.Contains(err.Error(), "44100") {
		t.Errorf("another rate: %v", err)
	}
}

// cancelAfter is a Progress that cancels when n recordings are decoded.
func cancelAfter(n int, cancel func()) data.Progress {
	return func(s data.Step) {
		if s.Stage == stage && s.Done == n {
			cancel()
		}
	}
}

func TestRunContinues(t *testing.T) {
	files := map[string]string{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		files[name+"/x.wav"] = string(wav16(22050, 1, beep(2205, float64(name[0]))))
		files[name+"/x.txt"] = "0.01\t0.02\tK\n"
	}
	root := tree(t, files)
	whole := filepath.Join(t.TempDir(), "set")
	mustRun(t, whole, config(root))
	for n := range 8 {
		dir := filepath.Join(t.TempDir(), "set")
		set, err := data.Create(dir)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := Run(ctx, work.On(set, cancelAfter(n+1, cancel)), config(root)); n < 7 && !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped after %d: %v", n+1, err)
		}
		set.Close()
		for name := range snapshot(t, dir) {
			if strings.Contains(name, "tmp") {
				t.Errorf("left %s", name)
			}
		}
		decoded := 0
		count := func(s data.Step) {
			if s.Stage == stage {
				decoded = s.Done
			}
		}
		set, _ = data.Create(dir)
		if _, err := Run(t.Context(), work.On(set, count), config(root)); err != nil || decoded != 8 {
			t.Fatal(err, decoded)
		}
		set.Close()
		if !reflect.DeepEqual(snapshot(t, dir), snapshot(t, whole)) {
			t.Errorf("stopped after %d and continued: other bytes than in one go", n+1)
		}
	}
}

// TestRunMany has enough files in flight for a race to show.
func TestRunMany(t *testing.T) {
	files := map[string]string{}
	for i := range 300 {
		files[fmt.Sprintf("g%d/%03d.wav", i%7, i)] = string(wav16(22050, 1, beep(50, 3+float64(i))))
	}
	sum, _ := mustRun(t, filepath.Join(t.TempDir(), "set"), config(tree(t, files)))
	if sum.Counts["recordings"] != 300 || sum.Counts["groups"] != 7 {
		t.Errorf("%+v", sum)
	}
}
