//go:build !linux

package main

import "testing"

const ampleKiB = 2 << 20

// disk is a folder; it cannot be filled here.
type disk struct {
	dir    string
	resize func(t *testing.T, kib int)
}

func newDisk(t *testing.T) disk { return disk{dir: t.TempDir()} }

func (disk) used(*testing.T) int { return 0 }
