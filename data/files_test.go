package data_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// What cannot be written is an error from the first call on, and leaves nothing.
func TestWritersFailBelowAFile(t *testing.T) {
	set := datatest.NewSet(t, soundContents())
	for _, dir := range []string{"audio", "features"} {
		if err := errors.Join(os.RemoveAll(set.Path(dir)), os.WriteFile(set.Path(dir), nil, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	below := set.Path("features", "x")
	for name, write := range map[string]func() error{
		"audio":    func() error { _, err := set.CreateAudio("a", 8000); return err },
		"patches":  func() error { _, err := set.CreatePatches("mel", 1, 1, 1); return err },
		"lines":    func() error { _, err := data.CreateLines(below); return err },
		"manifest": func() error { return data.WriteLines(below, []int{1}) },
		"journal":  func() error { return data.AppendLines(below, []int{1}) },
		"a set":    func() error { _, err := data.Create(below); return err },
		"kinds":    func() error { _, err := set.PatchKinds(); return err },
		"no JSON":  func() error { return data.WriteLines(set.Path("x"), []func(){nil}) },
		"fn fails": func() error { return set.WriteFile("x", func(io.Writer) error { return context.Canceled }) },
	} {
		if write() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if left, _ := filepath.Glob(set.Path("*x*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestLineWriterWritesAllOrNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.jsonl")
	for _, commit := range []bool{false, true} {
		w, err := data.CreateLines(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(data.WriteLine(w, "<a>"), data.WriteLine(w, 2)); err != nil {
			t.Fatal(err)
		}
		if !commit {
			w.Abort()
			if left, _ := filepath.Glob(path + "*"); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
			continue
		}
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != "\"<a>\"\n2\n" {
			t.Errorf("got %q", got)
		}
	}
	var b bytes.Buffer
	if err := data.EncodeJSON(&b, map[string]string{"a": "<b>"}); err != nil || b.String() != "{\n  \"a\": \"<b>\"\n}\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

func TestAudioHasItsSum(t *testing.T) {
	set := datatest.NewSet(t, soundContents())
	w, err := set.CreateAudio("c", 8000)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write([]float32{0.5, -0.5}), w.Commit()); err != nil {
		t.Fatal(err)
	}
	a, err := set.Audio("c")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if sum, err := a.Sum(); err != nil || sum != w.Sum() || w.Len() != 2 {
		t.Errorf("sum %s, %v of %d samples, written %s", sum, err, w.Len(), w.Sum())
	}
	aborted, err := set.CreateAudio("d", 8000)
	if err != nil {
		t.Fatal(err)
	}
	aborted.Abort()
	if left, _ := filepath.Glob(set.Path("audio", "d*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// A writer sweeps what one that was killed has left, and nothing of the user's.
func TestWritersSweep(t *testing.T) {
	set := datatest.NewSet(t, soundContents())
	half, part := set.Path("audio", "z.wav.0123456789abcdef"+data.TmpSuffix), set.Path(data.ShardsDir, "segment"+data.TmpSuffix)
	err := errors.Join(set.Close(), os.WriteFile(half, nil, 0o666), os.MkdirAll(filepath.Join(part, "x"), 0o777))
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, name := range []string{"draft.doc.tmp", "sub/draft.doc.tmp", "sub/x.0123456789abcdef.tmp", "audio/take.tmp", "audio/0123456789abcdef.tmp", "shards/a.b/mine.tmp"} {
		kept = append(kept, set.Path(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(set.Path(name)), 0o777), os.WriteFile(set.Path(name), []byte("mine"), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(set.Path(), link); err != nil {
		t.Skip(err)
	}
	again, err := data.OpenWriter(link)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for _, path := range []string{half, part} {
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s is still there", path)
		}
	}
	for _, path := range kept {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("a file of the user's is gone: %v", err)
		}
	}
}

func TestFaultsOfConfigurationNameTheirPlace(t *testing.T) {
	var c struct {
		Plan []struct{ Min float64 }
	}
	text := []byte("augment:\n  plan:\n    - min: 2\n")
	fault := &data.KeyError{Section: "augment", Key: "plan[0].min", Err: context.Canceled}
	if fault.Error() != "plan[0].min: context canceled" || !errors.Is(fault, context.Canceled) || fault.Line(text) != 3 {
		t.Errorf("%v on line %d", fault, fault.Line(text))
	}
	if none := (&data.KeyError{Section: "augment", Key: "plan[7].min"}); none.Line(text) != 0 {
		t.Errorf("what is not there is on line %d", none.Line(text))
	}
	err := data.DecodeYAML([]byte("plan:\n  - mix: 2\n"), &c)
	if err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
		t.Errorf("got %v, want its line", err)
	}
	if got := (&data.YAMLError{What: "nothing"}).Error(); got != "nothing" {
		t.Errorf("got %q", got)
	}
	if got := data.NpyText(7); got != "<U7" {
		t.Errorf("got %q", got)
	}
	if got := data.Rate(8000).Ms(12); got != 1.5 {
		t.Errorf("12 samples at 8 kHz: got %v ms, want 1.5", got)
	}
}
