// Package disk is the one door to the files of sets and sources: it tells faults
// of the system from faults of content, and tests make it fail.
package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
)

// Op is what is asked of the system.
type Op string

// The operations. OpCreate, OpRename, OpRemove and OpMkdir change names.
const (
	OpOpen   Op = "open"
	OpCreate Op = "create"
	OpRead   Op = "read"
	OpWrite  Op = "write"
	OpSync   Op = "sync"
	OpStat   Op = "stat"
	OpList   Op = "list"
	OpRename Op = "rename"
	OpRemove Op = "remove"
	OpMkdir  Op = "mkdir"
)

// IsFault reports whether an error is one that the system gave: the disk, the
// network or a limit failed, and nothing is known of what was to be read.
func IsFault(err error) bool {
	var number syscall.Errno
	return errors.As(err, &number)
}

// IsOfFile reports whether an error of the system is a lasting word on one file
// that a person named, not on the moment: it is not there (a link to nothing),
// may not be read by this person, or its name leads round in circles.
func IsOfFile(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.ELOOP) ||
		errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ENAMETOOLONG)
}

// IsOfMoment reports whether an error says nothing of the file that it was met in,
// but of the disk, the network or a limit of the moment.
func IsOfMoment(err error) bool { return IsFault(err) && !IsOfFile(err) }

// fault is asked before every operation; nil in all but tests.
var fault atomic.Pointer[func(Op, string) error]

// Inject has f asked before every operation on a path: an error of it is the
// operation's, which is then not done. It is for tests. The function returned
// ends it.
func Inject(f func(op Op, path string) error) (end func()) {
	fault.Store(&f)
	return func() { fault.Store(nil) }
}

// ask returns the error that a test wants of an operation.
func ask(op Op, path string) error {
	f := fault.Load()
	if f == nil {
		return nil
	}
	if err := (*f)(op, path); err != nil {
		return &fs.PathError{Op: string(op), Path: path, Err: err}
	}
	return nil
}

// ErrEndless says that what was to be read is a pipe, a socket or a device, of which
// no end need come.
var ErrEndless = errors.New("not a regular file")

// mustEnd fails where a path leads to what need not end.
func mustEnd(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode().IsRegular() || info.IsDir() {
		return nil // opening it says more
	}
	return &fs.PathError{Op: "open", Path: path, Err: ErrEndless}
}

// ReadFile is os.ReadFile, but of what need not end.
func ReadFile(path string) ([]byte, error) {
	if err := errors.Join(ask(OpOpen, path), ask(OpRead, path), mustEnd(path)); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// ReadDir is os.ReadDir, without entries where it fails.
func ReadDir(path string) ([]fs.DirEntry, error) {
	if err := ask(OpList, path); err != nil {
		return nil, err
	}
	return os.ReadDir(path)
}

// Stat is os.Stat.
func Stat(path string) (fs.FileInfo, error) {
	if err := ask(OpStat, path); err != nil {
		return nil, err
	}
	return os.Stat(path)
}

// Exists reports whether there is something of a name. The error is of a system
// that cannot tell.
func Exists(path string) (bool, error) {
	_, err := Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Rename is os.Rename.
func Rename(from, to string) error {
	if err := ask(OpRename, to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// Remove is os.Remove.
func Remove(path string) error {
	if err := ask(OpRemove, path); err != nil {
		return err
	}
	return os.Remove(path)
}

// RemoveAll is os.RemoveAll.
func RemoveAll(path string) error {
	if err := ask(OpRemove, path); err != nil {
		return err
	}
	return os.RemoveAll(path)
}

// MkdirAll is os.MkdirAll of folders for all, each of which is durable in its
// parent. One that cannot be made so does not stay.
func MkdirAll(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	if err := ask(OpMkdir, path); err != nil {
		return err
	}
	parent := filepath.Dir(path)
	if parent != path {
		if err := MkdirAll(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := SyncDir(parent); err != nil {
		os.Remove(path) // unless somebody has put something there
		return err
	}
	return nil
}

// SyncDir makes names in a folder durable. A system that cannot sync folders is
// no fault.
func SyncDir(path string) error {
	if err := ask(OpSync, path); err != nil {
		return err
	}
	d, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return nil // it may be written, and not be read
	}
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}
