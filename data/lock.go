package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const lockName = ".lock"

// ErrLocked says that another process is writing to the set.
var ErrLocked = errors.New("the set is locked by another run of prep; wait until it ends")

// Create opens a set for writing, making the directory if need be. It takes
// the writer's lock, which dies with the process, or fails with an error that
// wraps ErrLocked; and it sweeps what a killed writer left half-written.
func Create(dir string) (*Set, error) {
	s, err := lock(dir, false)
	if err != nil {
		return nil, err
	}
	if err := sweep(s); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// CreateShared is Create for one writer among several, of which each writes
// files of its own: it locks out Create alone, and sweeps nothing.
func CreateShared(dir string) (*Set, error) { return lock(dir, true) }

// OpenWriter is Create for a set that must exist already: see Open.
func OpenWriter(dir string) (*Set, error) { return existing(dir, Create) }

// OpenShared is CreateShared for a set that must exist already: see Open.
func OpenShared(dir string) (*Set, error) { return existing(dir, CreateShared) }

func existing(dir string, open func(string) (*Set, error)) (*Set, error) {
	if _, err := Open(dir); err != nil {
		return nil, err
	}
	return open(dir)
}

// lock makes the directory if need be and takes its lock.
func lock(dir string, shared bool) (*Set, error) {
	_, err := os.Stat(dir)
	made := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	s := &Set{dir: dir, lock: f, shared: shared, made: made}
	if err := takeLock(s); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return s, nil
}

// takeLock locks the set. A lock file that the writer before took away with an
// empty set, after it was opened here, is none.
func takeLock(s *Set) error {
	if err := lockFile(s.lock, s.shared); err != nil {
		return err
	}
	mine, err := s.lock.Stat()
	if err != nil {
		return err
	}
	if there, err := os.Stat(s.Path(lockName)); err != nil || !os.SameFile(mine, there) {
		return ErrLocked
	}
	return nil
}

// Close gives the lock back. Of a set into which nothing was written nothing
// remains.
func (s *Set) Close() error {
	if s.lock == nil {
		return nil
	}
	if !s.shared {
		vanish(s)
	}
	return s.lock.Close()
}

// vanish removes the lock of a set that holds nothing else, and the directory if
// it was made for the set. It is no fault if that cannot be done.
func vanish(s *Set) {
	if entries, err := os.ReadDir(s.dir); err != nil || len(entries) > 1 {
		return
	}
	os.Remove(s.Path(lockName))
	if s.made {
		os.Remove(s.dir)
	}
}

// IsWritten reports whether a writer, or one of several, is at work on the set.
func (s *Set) IsWritten() bool {
	f, err := os.Open(s.Path(lockName))
	if err != nil {
		return false // no writer has ever been here
	}
	defer f.Close()
	return lockFile(f, false) != nil
}
