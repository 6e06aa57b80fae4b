package data

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"prep/data/disk"
)

// LockFile is the file of a set that its writer locks.
const LockFile = ".lock"

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
	if err := isSet(dir); err != nil {
		return nil, err
	}
	return open(dir)
}

// lock makes the directory if need be and takes its lock.
func lock(dir string, shared bool) (*Set, error) {
	_, err := disk.Stat(dir)
	made := errors.Is(err, fs.ErrNotExist)
	if err := disk.MkdirAll(dir); err != nil {
		return nil, err
	}
	if _, err := Look(dir); err != nil {
		return nil, err
	}
	f, err := disk.OpenFile(filepath.Join(dir, LockFile), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	s := &Set{dir: dir, lock: f, shared: shared, made: made}
	if err := takeLock(s); err != nil {
		err = fmt.Errorf("%s: %w%s", dir, err, heldBy(f))
		f.Close()
		return nil, err
	}
	if !shared {
		f.Truncate(0) // what the writer before said of itself
	}
	return s, nil
}

// Hold says who writes to the set, for those who are locked out meanwhile: one line.
func (s *Set) Hold(who string) error {
	if err := s.lock.Truncate(0); err != nil {
		return err
	}
	_, err := s.lock.WriteAt([]byte(who), 0)
	return err
}

// mostHeld bounds what is read of a lock.
const mostHeld = 200

// heldBy returns what the writer said of itself, in brackets, or "".
func heldBy(lock io.ReaderAt) string {
	text := make([]byte, mostHeld)
	n, err := lock.ReadAt(text, 0)
	if n == 0 || err != nil && err != io.EOF {
		return ""
	}
	who := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, string(text[:n]))
	return " (" + who + ")"
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
	there, err := disk.Stat(s.Path(LockFile))
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(mine, there) {
		return ErrLocked
	}
	return err
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
	if entries, err := disk.ReadDir(s.dir); err != nil || len(entries) > 1 {
		return
	}
	disk.Remove(s.Path(LockFile))
	if s.made {
		disk.Remove(s.dir)
	}
}

// Writes reports whether the set was opened to be written.
func (s *Set) Writes() bool { return s.lock != nil }

// IsWritten reports whether a writer, or one of several, is at work on the set.
func (s *Set) IsWritten() bool {
	f, err := disk.Open(s.Path(LockFile))
	if err != nil {
		return false // no writer has ever been here
	}
	defer f.Close()
	return lockFile(f, false) != nil
}
