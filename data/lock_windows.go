package data

import (
	"errors"

	"prep/data/disk"

	"golang.org/x/sys/windows"
)

// lockFile takes the lock on f, which dies with the process, or returns
// ErrLocked at once. A shared lock excludes only those that are not.
func lockFile(f *disk.File, shared bool) error {
	flags := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if !shared {
		flags |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return ErrLocked
	}
	return err
}
