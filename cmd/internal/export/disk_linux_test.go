package export

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"prep/data"
)

// On a full disk no export leaves anything behind, and the error says what is the matter.
func TestOnAFullDiskNothingIsLeft(t *testing.T) {
	set := newSet(t)
	for name, write := range map[string]func(path string) (data.Summary, error){
		"w": func(p string) (data.Summary, error) { return Config{}.WAV(context.Background(), set, p, same, nil) },
		"p": func(p string) (data.Summary, error) { return Config{}.Parquet(context.Background(), set, p, same, nil) },
		"x.npz": func(p string) (data.Summary, error) {
			return Config{Length: 4000}.NPZ(context.Background(), set, "", p, same)
		},
		"t.csv":     func(p string) (data.Summary, error) { return Table(set, p) },
		"t.parquet": func(p string) (data.Summary, error) { return Table(set, p) },
	} {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=12k"); err != nil {
			t.Skipf("a small file system cannot be mounted here: %v", err)
		}
		if err := os.WriteFile(filepath.Join(dir, "other"), make([]byte, 8192), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := write(filepath.Join(dir, name))
		left, _ := os.ReadDir(dir)
		syscall.Unmount(dir, 0)
		if name[0] == 't' && err == nil {
			continue // it fits
		}
		if !errors.Is(err, syscall.ENOSPC) || len(left) != 1 {
			t.Errorf("%s: %v, left behind: %v", name, err, left)
		}
	}
}
