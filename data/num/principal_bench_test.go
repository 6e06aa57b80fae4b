package num

import (
	"math/rand/v2"
	"testing"
)

// 20,000 hits by pictures of 16 x 16.
func BenchmarkPrincipal(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	x := make([][]float32, 20000)
	for i := range x {
		x[i] = make([]float32, 256)
		for j := range x[i] {
			x[i][j] = float32(r.NormFloat64()) * float32(j)
		}
	}
	for b.Loop() {
		Principal(x, 16)
	}
}
