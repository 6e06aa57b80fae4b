package work

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"prep/data"
	"prep/data/disk"
)

// Every folder that leads to an output is durable in its parent before the stage is recorded,
// also one that a run before has made and died; where that cannot be done, the stage is not.
func TestFoldersAreDurableBeforeTheRecord(t *testing.T) {
	s, err := data.Create(filepath.Join(t.TempDir(), "set"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, dir := range []string{"a/b", runsDir} {
		if err := os.MkdirAll(s.Path(dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	run := func() error {
		_, err := On(s, nil).Run(Job{Stage: "x", Outputs: []string{"a/b/out"}}, func() (data.Summary, error) {
			return data.Summary{Stage: "x"}, s.WriteFile("a/b/out", func(io.Writer) error { return nil })
		})
		return err
	}
	for _, dir := range []string{"a/b", "a", ".", ".."} {
		var synced []string
		sick := true
		end := disk.Inject(func(op disk.Op, path string) error {
			if op == disk.OpCreate && strings.Contains(path, runsDir) && len(synced) < 4 {
				t.Errorf("the record is written when %q are durable", synced)
			}
			if op != disk.OpSync {
				return nil
			}
			if sick && path == s.Path(dir) {
				return syscall.EIO
			}
			if below, err := filepath.Rel(s.Path(), path); err == nil && !slices.Contains(synced, below) {
				synced = append(synced, below)
			}
			return nil
		})
		if err := run(); !disk.IsFault(err) {
			t.Errorf("%s cannot be synced: %v", dir, err)
		}
		if _, recorded, _ := LastRun(s, "x"); recorded {
			t.Errorf("%s cannot be synced, and the stage is recorded", dir)
		}
		sick = false
		if err := run(); err != nil {
			t.Error(err)
		}
		end()
		for _, want := range []string{"a/b", "a", ".", ".."} {
			if !slices.Contains(synced, filepath.FromSlash(want)) {
				t.Errorf("%s is not durable: %q are", want, synced)
			}
		}
		os.Remove(s.Path(runsDir, "x.json"))
	}
}

// A folder that cannot be made durable in its parent is not there.
func TestAFolderThatIsNotDurableDoesNotStay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	end := disk.Inject(func(op disk.Op, path string) error {
		if op == disk.OpSync && path == filepath.Dir(dir) {
			return syscall.EIO
		}
		return nil
	})
	err := disk.MkdirAll(dir)
	end()
	if _, gone := os.Stat(dir); !disk.IsFault(err) || !os.IsNotExist(gone) {
		t.Errorf("%v, then %v", err, gone)
	}
	if err := disk.MkdirAll(dir); err != nil {
		t.Error(err)
	}
}
