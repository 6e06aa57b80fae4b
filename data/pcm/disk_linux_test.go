package pcm

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"prep/data"
)

// On a full disk nothing is left of a clip, and the error says what is the
// matter.
func TestOnAFullDiskNothingIsLeft(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=16k"); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	err := Int16.WriteFile(filepath.Join(dir, "x.wav"), data.Clip{Rate: 8000, Samples: make([]float32, 80000)})
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v, want %v", err, syscall.ENOSPC)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
