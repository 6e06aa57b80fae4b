package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"prep/data"
)

// A disk that fills stops the line with one line that says so; with room made,
// the same command completes with the bytes of an undisturbed run.
func TestFullDiskLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the line seven times")
	}
	c := smallLine(t)
	silent := func(data.Step) {}
	whole := t.TempDir()
	if err := runLine(context.Background(), whole, c, silent); err != nil {
		t.Fatal(err)
	}
	want := treeOf(t, whole)
	for _, kib := range []int{64, 2000, 7000} {
		t.Run(fmt.Sprint(kib, " KiB"), func(t *testing.T) {
			dir := t.TempDir()
			if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kib)); err != nil {
				t.Skipf("a small file system cannot be mounted here: %v", err)
			}
			t.Cleanup(func() { syscall.Unmount(dir, 0) })
			err := runLine(context.Background(), dir, c, silent)
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("got %v, want no space left", err)
			}
			if s := oneLine(err); strings.Contains(s, "\n") || !strings.Contains(s, "make room and run the same command again") {
				t.Errorf("the error does not say what to do: %s", s)
			}
			if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=200m"); err != nil {
				t.Fatal(err)
			}
			if err := runLine(context.Background(), dir, c, silent); err != nil {
				t.Fatal(err)
			}
			sameTree(t, treeOf(t, dir), want)
		})
	}
}
