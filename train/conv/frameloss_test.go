package conv

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
)

// The gradient is the loss's central difference, and the loss its definition.
func TestSigmoidCrossEntropy(t *testing.T) {
	z := []float32{-3, 0, 2, 40, -50, 1}
	targets := []float32{0, 1, 0.25, 1, 0, 0.6}
	weights := []float32{1, 2, 1, 1, 0, 0.5}
	definition := func(z []float32) (loss float64) {
		for i, w := range weights {
			p := 1 / (1 + math.Exp(-float64(z[i])))
			if w > 0 {
				loss -= float64(w) / 5.5 * (float64(targets[i])*math.Log(p) + (1-float64(targets[i]))*math.Log(max(1-p, 1e-300)))
			}
		}
		return loss
	}
	graph := gorgonia.NewGraph()
	x := inputOf(graph, "z", z, 2, 3)
	loss := gorgonia.Must(SigmoidCrossEntropy(computed(t, x), inputOf(graph, "t", targets, 2, 3), inputOf(graph, "w", weights, 2, 3)))
	got, grads := runCost(t, loss, loss, x)
	if want := definition(z); math.Abs(float64(got[0])-want) > 1e-6 {
		t.Errorf("loss %v, want %v", got[0], want)
	}
	for i := range z {
		const h = 1e-2
		lo, hi := append([]float32{}, z...), append([]float32{}, z...)
		lo[i], hi[i] = lo[i]-h, hi[i]+h
		if want := (definition(hi) - definition(lo)) / (2 * h); math.Abs(float64(grads[0][i])-want) > 1e-5 {
			t.Errorf("gradient %d is %v, want %v", i, grads[0][i], want)
		}
	}
}

// A convolution of a reshaped map is a dilated one.
func TestReshapeDilates(t *testing.T) {
	const frames, dilation, in, out = 12, 3, 2, 4
	graph := gorgonia.NewGraph()
	x, w, b := input(graph, "x", 1, 1, frames, 1, in), input(graph, "w", 2, 3, 1, in, out), input(graph, "b", 3, out)
	folded := gorgonia.Must(Reshape(computed(t, x), 1, frames/dilation, dilation, in))
	y := gorgonia.Must(Conv(folded, w, b, Window{KernelH: 3, KernelW: 1, StrideH: 1, StrideW: 1, Same: true}, Linear))
	got, _ := run(t, gorgonia.Must(Reshape(y, 1, frames, 1, out)), random(4, frames*out), x, w, b)
	xs, ws, bs := elements(x.Value()), elements(w.Value()), elements(b.Value())
	for at := range frames {
		for f := range out {
			want := bs[f]
			for k := range 3 {
				if from := at + (k-1)*dilation; from >= 0 && from < frames {
					for c := range in {
						want += ws[(k*in+c)*out+f] * xs[from*in+c]
					}
				}
			}
			if math.Abs(float64(got[at*out+f]-want)) > 1e-5 {
				t.Errorf("frame %d, filter %d: %v, want %v", at, f, got[at*out+f], want)
			}
		}
	}
}
