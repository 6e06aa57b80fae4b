package main

import (
	"errors"
	"io"
	"math"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"prep/data"
	"prep/data/datatest"
	"prep/data/disk"
	"prep/data/labelfile"
)

// exporting is one way out of a set.
type exporting struct {
	name string
	args func(to string) []string
}

// exports are all ways out of a set that has patches called mel.
func exports(t *testing.T, set *data.Set) []exporting {
	t.Helper()
	way := func(flag, ending string, more ...string) exporting {
		return exporting{strings.Join(append([]string{flag, ending}, more...), " "), func(to string) []string { return append([]string{flag, to + ending}, more...) }}
	}
	all := []exporting{way("--wav", ""), way("--parquet", ""), way("--npz", ".npz", "--features", "mel"), way("--npz", ".npz", "--length", "900"),
		way("--table", ".csv"), way("--table", ".parquet")}
	for _, format := range labelfile.Formats() {
		all = append(all, way("--labels", "", "--format", format))
	}
	return all
}

// room counts the operations below a folder that take room on a disk, of which those behind
// the first most fail.
type room struct {
	below string
	most  int64
	taken atomic.Int64
}

func (r *room) ask(op disk.Op, path string) error {
	switch op {
	case disk.OpCreate, disk.OpWrite, disk.OpSync, disk.OpRename, disk.OpMkdir:
		if strings.HasPrefix(path, r.below) && r.taken.Add(1) > r.most {
			return syscall.ENOSPC
		}
	}
	return nil
}

// into exports a set into a folder on a disk with room for so many operations, and returns
// how many were asked for.
func (e exporting) into(t *testing.T, set *data.Set, dir string, most int64) (int64, error) {
	t.Helper()
	r := &room{below: dir, most: most}
	end := disk.Inject(r.ask)
	defer end()
	_, err := execute(t.Context(), append([]string{"export", "--set", set.Path(), "-q"}, e.args(filepath.Join(dir, "to"))...), io.Discard, io.Discard)
	return r.taken.Load(), err
}

// A disk that is full, from any operation on, is told by every export, which leaves nothing
// behind. Temporary files count.
func TestExportsLeaveNothingOnAFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("it exports some hundred times")
	}
	j := newJourney(t, 28)
	old := filepath.Join("testdata", "set-0.1.0")
	onnx := exporting{"--onnx", func(to string) []string {
		return []string{"--onnx", to, "--model", filepath.Join(old, "models", "tiny")}
	}}
	for _, e := range append(exports(t, j.set), onnx) {
		set := j.set
		if e.name == onnx.name {
			set = data.At(old)
		}
		ample := t.TempDir()
		most, err := e.into(t, set, ample, math.MaxInt64)
		if err != nil {
			t.Fatalf("%s: %v", e.name, err)
		}
		whole, step := datatest.Tree(t, ample), max(1, most/4)
		for first := int64(0); first < most; first += step {
			dir := t.TempDir()
			_, err := e.into(t, set, dir, first)
			left := datatest.Tree(t, dir)
			if difference(left, whole) == "" {
				left = nil // all of it has its name, which the disk could not promise to keep
			}
			if !errors.Is(err, syscall.ENOSPC) || strings.Contains(err.Error(), "\n") || len(left) > 0 {
				t.Errorf("%s, full from operation %d of %d on: %v, left behind: %v", e.name, first, most, err, left)
				break
			}
		}
		t.Logf("%-35s full at %d places of %d", e.name, (most+step-1)/step, most)
	}
}
