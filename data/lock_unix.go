//go:build unix

package data

import (
	"errors"

	"prep/data/disk"

	"golang.org/x/sys/unix"
)

// lockFile takes the lock on f, which dies with the process, or returns
// ErrLocked at once. A shared lock excludes only those that are not.
func lockFile(f *disk.File, shared bool) error {
	how := unix.LOCK_EX
	if shared {
		how = unix.LOCK_SH
	}
	err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return ErrLocked
	}
	return err
}
