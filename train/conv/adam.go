package conv

import (
	"fmt"
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Adam is the AdamW solver: Kingma & Ba 2015 with the decoupled weight decay of Loshchilov & Hutter
// 2019. It implements gorgonia.Solver.
type Adam struct {
	LearningRate float64 // the caller may change it between steps
	Beta1, Beta2 float64
	Epsilon      float64
	// WeightDecay is the share of a weight that a step takes off, times LearningRate. Biases, gains and
	// shifts, which are vectors, do not decay.
	WeightDecay float64

	moments Moments
}

// Moments is the state of Adam: what a checkpoint holds to resume with the same bits.
type Moments struct {
	Step          uint64      // steps made
	First, Second [][]float32 // running means of gradient and of its square, in the order of the model
}

// NewAdam returns AdamW with Beta1 0.9, Beta2 0.999, Epsilon 1e-8 and no weight decay.
func NewAdam(learningRate float64) *Adam {
	return &Adam{LearningRate: learningRate, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}
}

// Moments returns the state, sharing memory with the solver: copy or write it before the next Step.
func (a *Adam) Moments() Moments { return a.moments }

// SetMoments makes the solver go on from a state, which it keeps. Step fails if it does not fit the model.
func (a *Adam) SetMoments(m Moments) { a.moments = m }

// Step moves every weight by one step of
//
//	m = b1 m + (1-b1) g;  v = b2 v + (1-b2) g^2
//	w -= lr (decay w + (m / (1-b1^t)) / (sqrt(v / (1-b2^t)) + eps))
//
// and sets its gradient to zero. The model must come in one order every time. It fails, having changed
// nothing, when a gradient is missing or the state does not fit.
func (a *Adam) Step(model []gorgonia.ValueGrad) error {
	weights, gradients, err := a.bind(model)
	if err != nil {
		return fmt.Errorf("adam: %w", err)
	}
	a.moments.Step++
	for i := range weights {
		u := a.update(model[i].Value().Shape())
		w, g, m, v := weights[i], gradients[i], a.moments.First[i], a.moments.Second[i]
		parallelSpans(len(w), func(lo, hi int) { u.apply(w[lo:hi], g[lo:hi], m[lo:hi], v[lo:hi]) })
	}
	return nil
}

// bind returns the elements of weights and gradients, and makes the moments on the first step.
func (a *Adam) bind(model []gorgonia.ValueGrad) (weights, gradients [][]float32, err error) {
	for i, p := range model {
		grad, err := p.Grad()
		if err != nil {
			return nil, nil, fmt.Errorf("parameter %d: %w", i, err)
		}
		weights = append(weights, elements(p.Value()))
		gradients = append(gradients, elements(grad))
	}
	if a.moments.First == nil {
		a.moments.First, a.moments.Second = zerosLike(weights), zerosLike(weights)
	}
	return weights, gradients, a.moments.fits(weights)
}

func zerosLike(weights [][]float32) [][]float32 {
	zeros := make([][]float32, len(weights))
	for i, w := range weights {
		zeros[i] = make([]float32, len(w))
	}
	return zeros
}

// fits fails unless there are as many moments as weights.
func (m Moments) fits(weights [][]float32) error {
	if len(m.First) != len(weights) || len(m.Second) != len(weights) {
		return fmt.Errorf("moments of %d and %d parameters for a model of %d", len(m.First), len(m.Second), len(weights))
	}
	for i, w := range weights {
		if len(m.First[i]) != len(w) || len(m.Second[i]) != len(w) {
			return fmt.Errorf("parameter %d: moments of %d and %d elements, want %d", i, len(m.First[i]), len(m.Second[i]), len(w))
		}
	}
	return nil
}

// adamUpdate is one step's constants for one parameter.
type adamUpdate struct {
	rate, decay, epsilon     float32
	keep1, new1, keep2, new2 float32
	unbias1, unbias2         float32
}

func (a *Adam) update(shape tensor.Shape) adamUpdate {
	t := float64(a.moments.Step)
	u := adamUpdate{
		rate: float32(a.LearningRate), epsilon: float32(a.Epsilon),
		keep1: float32(a.Beta1), new1: float32(1 - a.Beta1),
		keep2: float32(a.Beta2), new2: float32(1 - a.Beta2),
		unbias1: float32(1 / (1 - math.Pow(a.Beta1, t))), unbias2: float32(1 / (1 - math.Pow(a.Beta2, t))),
	}
	if len(shape) > 1 {
		u.decay = float32(a.LearningRate * a.WeightDecay)
	}
	return u
}

func (u adamUpdate) apply(w, g, m, v []float32) {
	g, m, v = g[:len(w)], m[:len(w)], v[:len(w)]
	for i, x := range g {
		m[i] = u.keep1*m[i] + u.new1*x
		v[i] = u.keep2*v[i] + u.new2*x*x
		step := u.rate * (m[i] * u.unbias1) / (float32(math.Sqrt(float64(v[i]*u.unbias2))) + u.epsilon)
		w[i] -= u.decay*w[i] + step
		g[i] = 0
	}
}
