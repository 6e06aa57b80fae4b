//go:build long

package main

import (
	"maps"
	"slices"
	"testing"
)

// Each file of a set is flipped and cut 20 times and removed once: what check sees
// of it, by kind of file.
func TestCheckSeesAllDamage(t *testing.T) {
	table, unseen := wounded(t, 20)
	for _, what := range unseen {
		t.Errorf("%s: check sees nothing", what)
	}
	for _, kind := range slices.Sorted(maps.Keys(table)) {
		t.Logf("%s: %d of %d", kind, table[kind].saw, table[kind].of)
	}
}
