package train

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"prep/train/conv"
)

// numbers is the sequence of the same name in testdata/gradients.py.
func numbers(seed uint32, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		seed = 1664525*seed + 1013904223
		x[i] = float64(seed>>24)/128 - 1
	}
	return x
}

// setNumbers gives dst the values of testdata/gradients.py.
func setNumbers(dst []float32, seed uint32, scale float64) {
	for i, v := range numbers(seed, len(dst)) {
		dst[i] = float32(scale * v)
	}
}

// scale is that of a parameter of testdata/gradients.py.
func scale(b blob) float64 {
	switch {
	case strings.HasSuffix(b.Name, "."+partKernel):
		fan := len(b.Data) / b.Shape[len(b.Shape)-1]
		return math.Pow(2, 1-math.RoundToEven(math.Log2(float64(fan))/2))
	case strings.HasSuffix(b.Name, "."+partBeta):
		return 0.5
	case strings.HasSuffix(b.Name, "."+partBias):
		return 0.25
	}
	return 1
}

// reference is what testdata/gradients.py found for a preset.
type reference struct {
	Loss      float64
	Gradients [][]float64 // norm and inner products of each parameter's
}

// The loss of every preset and the gradients of all its parameters are those of
// PyTorch in float64, within what Winograd's rounding may cost. On patches of 64
// x 64 it also turns which of two inputs of a max pool is the larger, or the sign
// under a ReLU, and with it where a gradient goes: a handful of half a million
// cost up to 1 %. On 16 x 16 there are a sixteenth as many to turn. (With every
// convolution direct all are within 2e-6.)
func TestPresetsAgainstPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/gradients.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]reference
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	for name, w := range want {
		preset, _, small := strings.Cut(name, " ")
		size, limit := 64, 2e-2
		if small {
			size, limit = 16, 2e-3
		}
		t.Run(name, func(t *testing.T) { comparePyTorch(t, preset, size, limit, w) })
	}
	for _, preset := range Presets() {
		if len(want[preset].Gradients) == 0 {
			t.Errorf("no reference for %s", preset)
		}
	}
}

// comparePyTorch fails where a gradient is off by more than limit of its norm, on
// patches of size x size.
func comparePyTorch(t *testing.T, preset string, size int, limit float64, want reference) {
	n, err := openNet(preset)
	if err != nil {
		t.Fatal(err)
	}
	n.Layers = slices.DeleteFunc(n.Layers, func(l Layer) bool { return l.Type == layerDropout })
	g, w := mustGraph(t, n, Shape{size, size, 1}, 2, 7)
	setNumbers(g.x, 1, 1)
	for i, b := range w.trained {
		setNumbers(b.Data, uint32(i+2), scale(b))
	}
	if err := g.run(); err != nil {
		t.Fatal(err)
	}
	if got := float64(g.loss.Data().(float32)); math.Abs(got-want.Loss) > 1e-4*want.Loss {
		t.Errorf("loss: got %g, want %g", got, want.Loss)
	}
	worst := 0.0
	for i, b := range w.trained {
		if vanishes(w, i) {
			continue
		}
		for k, got := range shadows(t, g, i) {
			off := math.Abs(got-want.Gradients[i][k]) / want.Gradients[i][0]
			if worst = max(worst, off); off > limit {
				t.Errorf("%s: inner product %d of the gradient is off by %g of its norm", b.Name, k, off)
			}
		}
	}
	t.Logf("kernels %s: worst error %.1g of the gradient's norm", conv.Path(), worst)
}

// vanishes reports whether batch norm takes out what parameter i, a bias, adds:
// its gradient is zero but for rounding.
func vanishes(w weights, i int) bool {
	return strings.HasSuffix(w.trained[i].Name, "."+partBias) && i+1 < len(w.trained) &&
		strings.HasSuffix(w.trained[i+1].Name, "."+partGamma)
}

// shadows returns the norm of a parameter's gradient and its inner products with
// four sequences.
func shadows(t *testing.T, g *graph, i int) []float64 {
	v, err := g.learn[i].Grad()
	if err != nil {
		t.Fatal(err)
	}
	d := v.Data().([]float32)
	sums := make([]float64, 5)
	for _, x := range d {
		sums[0] += float64(x) * float64(x)
	}
	sums[0] = math.Sqrt(sums[0])
	for k := range 4 {
		for j, x := range numbers(uint32(1000+k), len(d)) {
			sums[1+k] += float64(d[j]) * x
		}
	}
	return sums
}
