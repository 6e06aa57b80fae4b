package layer3

import (
	"math/rand/v2"
	"testing"

	"prep/data/cpu"
)

func noise(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// TestKernels holds that the vector kernels give the bits of the portable code.
func TestKernels(t *testing.T) {
	if !cpu.Has(cpu.AVX) {
		t.Skip("this machine has no AVX")
	}
	r := rand.New(rand.NewPCG(1, 2))
	a, b := noise(r, slots*subbands), noise(r, subbands*subbands)
	rows := [(history + slots) * phases]float32(noise(r, (history+slots)*phases))
	var products [2][slots * phases]float32
	var filtered [2]subbandRows
	for i, l := range []cpu.Level{cpu.AVX, cpu.Generic} {
		restore := cpu.Limit(l)
		multiply(products[i][subbands:], phases, a, b, subbands)
		filter(&filtered[i], &rows)
		restore()
	}
	if products[0] != products[1] || filtered[0] != filtered[1] {
		t.Error("the kernels differ from the portable code")
	}
	if products[0][subbands] == 0 || products[0][0] != 0 || filtered[0][5] == 0 {
		t.Error("the kernels write other places than they should")
	}
}
