package data_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"prep/data"
	"prep/data/disk"
)

// writeBundle writes files, by name their text, as one.
func writeBundle(t *testing.T, b data.Bundle, files map[string]string) error {
	t.Helper()
	w, err := b.Begin()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := w.WriteFile(name, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
			t.Fatal(err)
		}
	}
	return w.Commit()
}

// Whatever a writer is killed at, readers have the old files or the new ones, and
// the next writer of the set puts the new ones in place and removes those that
// there are no more.
func TestABundleIsOldOrNew(t *testing.T) {
	old, is := map[string]string{"a": "old a", "b": "old b", "gone": "x"}, map[string]string{"a": "new a", "b": "new b"}
	for stop := 1; ; stop++ {
		dir := t.TempDir()
		set, err := data.Create(dir)
		if err != nil {
			t.Fatal(err)
		}
		b := data.BundleIn(set.Path("models", "m"), "model")
		if err := writeBundle(t, b, old); err != nil {
			t.Fatal(err)
		}
		w, err := b.Begin()
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range is {
			if err := w.WriteFile(name, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		end := disk.Inject(func(disk.Op, string) error {
			if n++; n >= stop {
				return syscall.EIO
			}
			return nil
		})
		err = w.Commit()
		end()
		seen, readErr := b.ReadFile("a")
		other, otherErr := b.ReadFile("b")
		if both := string(seen) + string(other); readErr != nil || otherErr != nil || both != "old aold b" && both != "new anew b" {
			t.Errorf("stopped at %d: got %q, %v, %v", stop, both, readErr, otherErr)
		}
		set.Close()
		again, createErr := data.Create(dir)
		if createErr != nil {
			t.Fatal(createErr)
		}
		now, readErr := b.ReadFile("a")
		if readErr != nil || string(now) != string(seen) {
			t.Errorf("stopped at %d, then: got %q, %v; want %q", stop, now, readErr, seen)
		}
		left, _ := os.ReadDir(again.Path("models", "m"))
		if want := map[bool]int{true: 3, false: 4}[string(now) == "new a"]; len(left) != want {
			t.Errorf("stopped at %d, then: %v, want %d files", stop, left, want)
		}
		again.Close()
		if err == nil {
			break
		}
	}
}

// A file of another writer's is refused, by its size or by its content.
func TestMixedBundlesAreRefused(t *testing.T) {
	b := data.BundleIn(t.TempDir(), "x")
	if err := writeBundle(t, b, map[string]string{"a": "one", "b": "two"}); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"three", "owt"} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(mustPath(t, b)), "b"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := b.ReadFile("b"); !errors.Is(err, data.ErrMixed) {
			t.Errorf("%q: got %v, want %v", text, err, data.ErrMixed)
		}
		if wrong, err := b.Check(); err != nil || len(wrong) != 1 || wrong[0].Where != "b" {
			t.Errorf("%q: check says %v, %v", text, wrong, err)
		}
	}
	if text, err := b.ReadFile("a"); err != nil || string(text) != "one" {
		t.Errorf("the other: %q, %v", text, err)
	}
	if _, err := b.ReadFile("c"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("one that there is not: %v", err)
	}
}

// mustPath returns the folder in which the bundle is written.
func mustPath(t *testing.T, b data.Bundle) string {
	t.Helper()
	w, err := b.Begin()
	if err != nil {
		t.Fatal(err)
	}
	w.Abort()
	return filepath.Clean(w.Path("."))
}

// A journal that cannot be read at the moment is left as it is.
func TestAnAppendThatFailsLosesNothing(t *testing.T) {
	set, err := data.Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	first := data.Label{Recording: "a", Onset: 1, Class: "kick", By: data.ByHuman}
	if err := set.AppendLabels(first); err != nil {
		t.Fatal(err)
	}
	for _, op := range []disk.Op{disk.OpCreate, disk.OpRead, disk.OpWrite, disk.OpSync} {
		once := true
		end := disk.Inject(func(is disk.Op, _ string) error {
			if is == op && once {
				once = false
				return syscall.EIO
			}
			return nil
		})
		err := set.AppendLabels(data.Label{Recording: "a", Onset: 2, Class: "hat", By: data.ByHuman})
		end()
		if !errors.Is(err, syscall.EIO) {
			t.Errorf("%s fails: got %v", op, err)
		}
		if labels, err := set.Labels(); err != nil || len(labels) != 1 || labels[0] != first {
			t.Errorf("%s fails: the journal has %v, %v", op, labels, err)
		}
	}
}

// A fault in reading audio or patches is told as what it is, and remembered.
func TestFaultsInReadingAreNoDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.wav")
	w, err := data.CreateAudio(path, 44100)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(make([]float32, 100)), w.Commit()); err != nil {
		t.Fatal(err)
	}
	end := disk.Inject(func(op disk.Op, _ string) error {
		if op == disk.OpRead {
			return syscall.EIO
		}
		return nil
	})
	_, err = data.OpenAudio(path)
	end()
	if !errors.Is(err, syscall.EIO) || strings.Contains(err.Error(), "cut short") {
		t.Errorf("got %v, want %v", err, syscall.EIO)
	}
	a, err := data.OpenAudio(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	end = disk.Inject(func(disk.Op, string) error { return syscall.ESTALE })
	a.ReadAt(make([]float32, 10), 0)
	end()
	if err := a.Fault(); !errors.Is(err, syscall.ESTALE) {
		t.Errorf("it remembers %v, want %v", err, syscall.ESTALE)
	}
}
