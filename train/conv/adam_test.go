package conv

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// parameter is a weight and its gradient, as a solver sees them.
type parameter struct{ value, grad *tensor.Dense }

func (p parameter) Value() gorgonia.Value         { return p.value }
func (p parameter) Grad() (gorgonia.Value, error) { return p.grad, nil }

func newParameter(shape ...int) parameter {
	n := tensor.Shape(shape).TotalSize()
	return parameter{tensor.New(tensor.WithShape(shape...), tensor.WithBacking(random(1, n))),
		tensor.New(tensor.WithShape(shape...), tensor.WithBacking(make([]float32, n)))}
}

// adamReference makes one AdamW step in float64.
func adamReference(a *Adam, step int, decay float64, w, g, m, v []float64) {
	for i := range w {
		m[i] = a.Beta1*m[i] + (1-a.Beta1)*g[i]
		v[i] = a.Beta2*v[i] + (1-a.Beta2)*g[i]*g[i]
		first := m[i] / (1 - math.Pow(a.Beta1, float64(step)))
		second := v[i] / (1 - math.Pow(a.Beta2, float64(step)))
		w[i] -= a.LearningRate * (decay*w[i] + first/(math.Sqrt(second)+a.Epsilon))
	}
}

func TestAdamAgainstDefinition(t *testing.T) {
	for _, c := range []struct {
		name  string
		shape []int
		decay float64
	}{{"matrix decays", []int{40, 500}, 0.1}, {"vector does not", []int{33}, 0}} {
		t.Run(c.name, func(t *testing.T) {
			p := newParameter(c.shape...)
			a := NewAdam(0.01)
			a.WeightDecay = 0.1
			w := wide(elements(p.value))
			m, v := make([]float64, len(w)), make([]float64, len(w))
			for step := 1; step <= 5; step++ {
				copy(elements(p.grad), random(uint64(step), len(w)))
				adamReference(a, step, c.decay, w, wide(elements(p.grad)), m, v)
				if err := a.Step([]gorgonia.ValueGrad{p}); err != nil {
					t.Fatal(err)
				}
			}
			near(t, "weights", elements(p.value), w, 1e-6)
			if total64(elements(p.grad)) != 0 {
				t.Error("the gradient was not set to zero")
			}
		})
	}
}

// TestAdamResumesToTheSameBits stops after three steps and goes on with another solver.
func TestAdamResumesToTheSameBits(t *testing.T) {
	train := func(interrupted bool) []float32 {
		p, a := newParameter(7, 9), NewAdam(0.01)
		for step := range 6 {
			if interrupted && step == 3 {
				state := a.Moments()
				a = NewAdam(0.01)
				a.SetMoments(state)
			}
			copy(elements(p.grad), random(uint64(step), 63))
			if err := a.Step([]gorgonia.ValueGrad{p}); err != nil {
				t.Fatal(err)
			}
		}
		return elements(p.value)
	}
	sameBits(t, "weights", train(false), train(true))
}

func TestAdamStateMustFit(t *testing.T) {
	a := NewAdam(0.01)
	a.SetMoments(Moments{Step: 1, First: [][]float32{{1}}, Second: [][]float32{{1}}})
	p := newParameter(2, 2)
	before := append([]float32(nil), elements(p.value)...)
	if err := a.Step([]gorgonia.ValueGrad{p}); err == nil {
		t.Error("moments of another size: no error")
	}
	sameBits(t, "weights", before, elements(p.value))
}
