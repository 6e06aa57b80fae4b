package page

import (
	"testing"

	"prep/cmd/internal/desk"
	"prep/data/datatest"
)

// A key that names a hit, of 10,000: what is synced, counted and told.
func BenchmarkAct(b *testing.B) {
	p := newPage(b, datatest.NewBursts(b, 10000), Config{})
	n := 0
	for b.Loop() {
		_, err := p.act(desk.Act{Do: "label", IDs: []string{id(1 + n%499)}, Class: []string{"kick", "hat"}[n/499%2]})
		check(b, err)
		n++
	}
}
