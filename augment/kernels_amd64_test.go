package augment

import (
	"math/rand/v2"
	"slices"
	"testing"

	"prep/data/cpu"
)

// kernelResults is what the kernels make of n values.
func kernelResults(n int) []float32 {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	x, h, dst := make([]float32, n), make([]float32, n), make([]float32, n)
	white(x, rng)
	white(h, rng)
	white(dst, rng)
	out := []float32{dot(h, x), peak(x)}
	addScaled(dst, x, 0.3)
	addProduct(dst, h, x)
	scale(dst, -1.7)
	between := make([]float32, n/3)
	sincs[0]().interpolate(between, append(make([]float32, 30), x...), 77, phases+1)
	return slices.Concat(out, dst, between)
}

func TestVectorKernelsGiveTheBitsOfTheLoops(t *testing.T) {
	if !cpu.Has(cpu.AVX2) {
		t.Skip("no AVX2")
	}
	for n := range 70 {
		got := kernelResults(n)
		restore := cpu.Limit(cpu.Generic)
		if want := kernelResults(n); !slices.Equal(got, want) {
			t.Errorf("%d values: got %v, want %v", n, got, want)
		}
		restore()
	}
}
