package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"prep/data/datatest"
)

// On a disk that fills, and that is given a little more room each time, the
// line says so in one line and ends with the bytes of an undisturbed one.
func TestFullDiskLosesNothing(t *testing.T) {
	h := newHardship(t)
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	want, room := undisturbedOnDisk(t, h)
	rng := rand.New(rand.NewPCG(2, 2))
	sizes := make([]int, h.times)
	for i := range sizes {
		sizes[i] = 64 + int(rng.Float64()*0.98*float64(room-64))
	}
	slices.Sort(sizes)
	for _, kib := range sizes {
		resize(t, dir, kib)
		said, err := h.run(dir, time.Hour)
		if err == nil || !saysWhatToDo(said) {
			t.Fatalf("in %d KiB of %d: got %v, %q; want one line that says what to do", kib, room, err, said)
		}
		t.Logf("full at %d KiB of %d", kib, room)
	}
	resize(t, dir, 2*room)
	if said, err := h.run(dir, time.Hour); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	datatest.SameTree(t, datatest.Tree(t, dir), want)
}

func resize(t *testing.T, dir string, kib int) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%dk", kib)); err != nil {
		t.Fatal(err)
	}
}

// undisturbedOnDisk runs the line on a large disk and returns what it makes and
// how much room that takes, in KiB.
func undisturbedOnDisk(t *testing.T, h hardship) (map[string]string, int) {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2g"); err != nil {
		t.Fatal(err)
	}
	defer syscall.Unmount(dir, 0)
	if said, err := h.run(dir, time.Hour); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		t.Fatal(err)
	}
	return datatest.Tree(t, dir), int((s.Blocks - s.Bfree) * uint64(s.Bsize) / 1024)
}
