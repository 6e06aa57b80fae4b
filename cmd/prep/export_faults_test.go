package main

import (
	"errors"
	"io"
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

// A disk that is full, from any operation on, is told by every export, which leaves nothing
// behind. Temporary files and folders count.
func TestExportsLeaveNothingOnAFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("it exports some hundred times")
	}
	j := newJourney(t, 28)
	ways := exports(t, j.set)
	model := filepath.Join("testdata", "set-0.1.0", "models", "tiny")
	old := data.At(filepath.Join("testdata", "set-0.1.0"))
	ways = append(ways, exporting{"--onnx", func(to string) []string { return []string{"--onnx", to, "--model", model} }})
	for _, e := range ways {
		set := j.set
		if e.name == "--onnx" {
			set = old
		}
		export := func(to string, full func(op disk.Op) bool) error {
			end := disk.Inject(func(op disk.Op, path string) error {
				if strings.HasPrefix(path, filepath.Dir(to)) && full(op) {
					return syscall.ENOSPC
				}
				return nil
			})
			defer end()
			_, err := execute(t.Context(), append([]string{"export", "--set", set.Path(), "-q"}, e.args(to)...), io.Discard, io.Discard)
			return err
		}
		var n atomic.Int64
		takesRoom := func(op disk.Op) bool {
			return op == disk.OpCreate || op == disk.OpWrite || op == disk.OpSync || op == disk.OpRename || op == disk.OpMkdir
		}
		all := t.TempDir()
		if err := export(filepath.Join(all, "to"), func(op disk.Op) bool {
			if takesRoom(op) {
				n.Add(1)
			}
			return false
		}); err != nil {
			t.Fatalf("%s: %v", e.name, err)
		}
		most, whole := n.Load(), datatest.Tree(t, all)
		step := max(1, most/4)
		for first := int64(0); first < most; first += step {
			dir := t.TempDir()
			n.Store(0)
			err := export(filepath.Join(dir, "to"), func(op disk.Op) bool { return takesRoom(op) && n.Add(1) > first })
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
