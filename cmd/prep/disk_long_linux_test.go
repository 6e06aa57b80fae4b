//go:build long

package main

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"prep/data/datatest"
)

// On a disk that fills, and that is given a little more room each time, the
// line says so in one line and ends with the bytes of an undisturbed one.
func TestFullDiskLosesNothing(t *testing.T) {
	h, d := newHardship(t), newDisk(t)
	if d.resize == nil {
		t.Skip("a small file system cannot be mounted here")
	}
	undisturbed, set := filepath.Join(d.dir, "undisturbed"), filepath.Join(d.dir, "set")
	if said, err := h.run(undisturbed, time.Hour); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	want, room := datatest.Tree(t, undisturbed), d.used(t)
	rng := rand.New(rand.NewPCG(2, 2))
	sizes := make([]int, h.times)
	for i := range sizes {
		sizes[i] = 64 + int(rng.Float64()*0.98*float64(room-64))
	}
	slices.Sort(sizes)
	for _, kib := range sizes {
		d.resize(t, room+kib)
		said, err := h.run(set, time.Hour)
		if err == nil || !saysWhatToDo(said) {
			t.Fatalf("in %d KiB of %d: got %v, %q; want one line that says what to do", kib, room, err, said)
		}
		t.Logf("full at %d KiB of %d", kib, room)
	}
	d.resize(t, ampleKiB)
	if said, err := h.run(set, time.Hour); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	datatest.SameTree(t, datatest.Tree(t, set), want)
}
