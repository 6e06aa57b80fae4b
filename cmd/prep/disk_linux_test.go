package main

import (
	"fmt"
	"syscall"
	"testing"
)

// ampleKiB is room for any line of a test.
const ampleKiB = 2 << 20

// volume is a folder on a file system of its own, where one can be mounted;
// elsewhere resize is nil.
type volume struct {
	dir    string
	resize func(t *testing.T, kib int)
}

func newDisk(t *testing.T) volume {
	t.Helper()
	d := volume{dir: t.TempDir()}
	if err := syscall.Mount("tmpfs", d.dir, "tmpfs", 0, fmt.Sprintf("size=%dk", ampleKiB)); err != nil {
		t.Logf("no disk is filled: a small file system cannot be mounted here: %v", err)
		return d
	}
	t.Cleanup(func() { syscall.Unmount(d.dir, 0) })
	d.resize = func(t *testing.T, kib int) {
		t.Helper()
		if err := syscall.Mount("tmpfs", d.dir, "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%dk", kib)); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// used returns what is in use of the disk, in KiB.
func (d volume) used(t *testing.T) int {
	t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(d.dir, &s); err != nil {
		t.Fatal(err)
	}
	return int((s.Blocks - s.Bfree) * uint64(s.Bsize) / 1024)
}
