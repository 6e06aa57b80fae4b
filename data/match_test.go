package data

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// bruteMatch tries every matching: the definition that Match must meet.
func bruteMatch(a, b []int, tolerance int) cell[int] {
	if len(a) == 0 {
		return cell[int]{}
	}
	best := bruteMatch(a[1:], b, tolerance)
	for j := range b {
		d := max(a[0]-b[j], b[j]-a[0])
		if d > tolerance {
			continue
		}
		rest := bruteMatch(a[1:], slices.Concat(b[:j], b[j+1:]), tolerance)
		if c := (cell[int]{rest.n + 1, rest.dist + d}); c.beats(best) {
			best = c
		}
	}
	return best
}

func TestMatchIsTheLargestOfLeastDistance(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		a, b := moments(rng), moments(rng)
		tolerance := rng.IntN(8)
		var got cell[int]
		used := map[int]bool{}
		for _, p := range Match(a, b, tolerance) {
			d := max(a[p.A]-b[p.B], b[p.B]-a[p.A])
			if d > tolerance || used[p.B] {
				t.Fatalf("Match(%v, %v, %d): pair %v is not allowed", a, b, tolerance, p)
			}
			used[p.B] = true
			got.n, got.dist = got.n+1, got.dist+d
		}
		if want := bruteMatch(a, b, tolerance); got != want {
			t.Fatalf("Match(%v, %v, %d) = %v, want %v", a, b, tolerance, got, want)
		}
	}
}

func moments(rng *rand.Rand) []int {
	m := make([]int, rng.IntN(6))
	for i := range m {
		m[i] = rng.IntN(30)
	}
	slices.Sort(m)
	return m
}
