//go:build !linux

package main

import "testing"

const ampleKiB = 2 << 20

// volume is a folder; it cannot be filled here.
type volume struct {
	dir    string
	resize func(t *testing.T, kib int)
}

func newDisk(t *testing.T) volume { return volume{dir: t.TempDir()} }

func (volume) used(*testing.T) int { return 0 }
