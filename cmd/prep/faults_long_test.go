//go:build long

package main

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// The system fails at every operation of every stage, of reads and of all
// together at the most so many a stage: PREP_POINTS in the environment, or 20.
// PREP_ORDEAL names a stage alone.
func TestFaultsOfTheDiskAnywhere(t *testing.T) {
	most := 20
	if n, err := strconv.Atoi(os.Getenv("PREP_POINTS")); err == nil {
		most = n
	}
	rng := rand.New(rand.NewPCG(24, 1))
	t.Logf("stage: points, told, wrong (seed 24, 1)")
	for _, o := range ordeals(t) {
		if only := os.Getenv("PREP_ORDEAL"); only != "" && only != o.name {
			continue
		}
		points := o.points(300, rng)
		all := len(points)
		rng.Shuffle(all, func(i, j int) { points[i], points[j] = points[j], points[i] })
		points = points[:min(all, most)]
		told, failed := 0, 0
		for _, p := range points {
			hasTold, wrong := o.suffer(t, p)
			if hasTold {
				told++
			}
			if wrong != "" {
				failed++
				t.Errorf("%s, %v: %s", o.name, p, wrong)
			}
		}
		t.Logf("%s: %d of %d points, %d told, %d wrong", o.name, len(points), all, told, failed)
	}
}
