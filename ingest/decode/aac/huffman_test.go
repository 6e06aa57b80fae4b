package aac

import (
	"math"
	"testing"
)

// TestCodebooks holds that every codebook is complete, so that all bits mean
// something, has every value once, and that each codeword is decoded to its own.
func TestCodebooks(t *testing.T) {
	sizes := [12]int{121, 81, 81, 81, 81, 81, 81, 64, 64, 169, 169, 289}
	for book, b := range codebooks {
		seen, space := map[uint16]bool{}, 0.0
		for _, v := range codes[book].values {
			seen[v] = true
		}
		for i, n := range b.lengths {
			space += float64(n) * math.Exp2(-float64(i+1))
		}
		if len(seen) != sizes[book] || len(codes[book].values) != sizes[book] || space != 1 {
			t.Errorf("book %d: %d values of %d, %g of the space", book, len(seen), sizes[book], space)
		}
		next, place := uint64(0), 0
		for i, n := range b.lengths {
			for range n {
				v, length := codes[book].decode(next)
				if v != int(codes[book].values[place]) || length != i+1 {
					t.Fatalf("book %d, codeword %x: value %d of %d bits, want %d of %d",
						book, next, v, length, codes[book].values[place], i+1)
				}
				next += 1 << (63 - i)
				place++
			}
		}
	}
}

// TestShortestCodewords are those that the standard's tables show at a glance.
func TestShortestCodewords(t *testing.T) {
	for book, want := range [12]int{60, 40, 40, 0, 40, 40, 40, 0, 9, 0, 14, 0} {
		if v, _ := codes[book].decode(0); v != want {
			t.Errorf("book %d: zeros are %d, want %d", book, v, want)
		}
	}
}
