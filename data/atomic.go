package data

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"prep/data/disk"
)

// TmpSuffix ends the name of a file that is being written. Before it stands a
// number of the writer's own, for shards may write the same file at the same
// time: the same bytes, of which the last to be renamed stay. Whoever holds a
// set's lock alone may sweep all of them.
const TmpSuffix = ".tmp"

// File is a file that comes into being whole or not at all: it is written
// under a temporary name and takes its own on Commit.
type File struct {
	f    *disk.File
	path string
}

// CreateFile begins to write path, making its directory if need be.
func CreateFile(path string) (*File, error) {
	if err := disk.MkdirAll(filepath.Dir(path)); err != nil {
		return nil, err
	}
	own := fmt.Sprintf("%s.%016x%s", path, rand.Uint64(), TmpSuffix)
	f, err := disk.OpenFile(own, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	return &File{f, path}, nil
}

// Write appends to the file.
func (f *File) Write(p []byte) (int, error) { return f.f.Write(p) }

// Seek sets where the next Write goes, for headers known only at the end.
func (f *File) Seek(offset int64, whence int) (int64, error) { return f.f.Seek(offset, whence) }

// rewriteHead overwrites the first bytes.
func (f *File) rewriteHead(head []byte) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := f.Write(head)
	return err
}

// Commit syncs the file and gives it its name. On an error nothing of it is left.
func (f *File) Commit() error {
	err := errors.Join(f.f.Sync(), f.f.Close())
	if err == nil {
		err = disk.Rename(f.f.Name(), f.path)
	}
	if err != nil {
		disk.Remove(f.f.Name())
		return err
	}
	return disk.SyncDir(filepath.Dir(f.path))
}

// Abort removes what was written.
func (f *File) Abort() {
	f.f.Close()
	disk.Remove(f.f.Name())
}

// WriteFile writes path atomically with what fn writes: buffered, under a
// temporary name, synced, renamed. On an error the old file stays.
func WriteFile(path string, fn func(io.Writer) error) error {
	f, err := CreateFile(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<16)
	if err = fn(w); err == nil {
		err = w.Flush()
	}
	if err != nil {
		f.Abort()
		return err
	}
	return f.Commit()
}

// FillFolder calls write for a folder that is new or empty, and leaves nothing there where
// write fails: half of an export would be taken for all of it. It refuses a folder that holds
// anything, which would be taken for part of what is written.
func FillFolder(dir string, write func() error) error {
	there, err := disk.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(there) > 0 {
		return fmt.Errorf("%s: the folder is not empty; name a new one, or remove it first", dir)
	}
	made := err != nil
	if err := write(); err != nil {
		left, _ := os.ReadDir(dir)
		for _, e := range left {
			os.RemoveAll(filepath.Join(dir, e.Name()))
		}
		if made {
			os.Remove(dir)
		}
		return err
	}
	return nil
}

// RemoveDir removes a folder, all of it or nothing, as who looks for its name
// sees it: it goes under a temporary name first.
func RemoveDir(dir string) error {
	if err := disk.Rename(dir, dir+TmpSuffix); err != nil {
		return err
	}
	if err := disk.RemoveAll(dir + TmpSuffix); err != nil {
		return err
	}
	return disk.SyncDir(filepath.Dir(dir))
}
