package conv

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
)

// network is a training graph of convolutions and pools with a dense layer of 7 classes.
type network struct {
	x, targets, weights *gorgonia.Node
	loss, logits        *gorgonia.Node
	params              gorgonia.Nodes
}

// convLayer is a convolution with ReLU, and whether a 2 x 2 pool follows.
type convLayer struct {
	filters, kh, kw int
	pool            bool
}

var (
	seedLayers    = []convLayer{{64, 5, 5, false}, {64, 5, 5, true}, {128, 5, 5, false}, {128, 5, 5, true}, {256, 3, 3, false}, {256, 3, 3, true}}
	compactLayers = []convLayer{{16, 3, 3, true}, {32, 3, 3, true}, {64, 3, 3, true}, {64, 3, 3, false}}
)

func newNetwork(t testing.TB, batch, size int, layers []convLayer) *network {
	g := gorgonia.NewGraph()
	n := &network{x: input(g, "x", 1, batch, size, size, 1)}
	h := n.x
	for i, l := range layers {
		c := h.Shape()[3]
		w := n.param(g, uint64(2+i), math.Sqrt(2/float64(l.kh*l.kw*c)), l.kh, l.kw, c, l.filters)
		b := n.param(g, 0, 0, l.filters)
		h = gorgonia.Must(Conv(h, w, b, Window{l.kh, l.kw, 1, 1, true}, ReLU))
		if l.pool {
			h = gorgonia.Must(MaxPool(h, Window{2, 2, 2, 2, false}))
		}
	}
	_, f := flatShape(h)
	n.logits = gorgonia.Must(Dense(h, n.param(g, 99, 1/math.Sqrt(float64(f)), f, 7), n.param(g, 0, 0, 7), Linear))
	classes, ones := make([]float32, batch*7), make([]float32, batch)
	for i := range batch {
		classes[i*7+i%7], ones[i] = 1, 1
	}
	n.targets, n.weights = inputOf(g, "targets", classes, batch, 7), inputOf(g, "sample weights", ones, batch)
	n.loss = gorgonia.Must(SoftmaxCrossEntropy(n.logits, n.targets, n.weights))
	return n
}

func (n *network) param(g *gorgonia.ExprGraph, seed uint64, deviation float64, shape ...int) *gorgonia.Node {
	p := input(g, fmt.Sprint("parameter ", len(n.params)), seed, shape...) // nodes of one name are merged
	for i, v := range elements(p.Value()) {
		elements(p.Value())[i] = v * float32(deviation)
	}
	n.params = append(n.params, p)
	return p
}

// trainer returns a function that makes one step.
func (n *network) trainer(t testing.TB) func() {
	if _, err := gorgonia.Grad(n.loss, n.params...); err != nil {
		t.Fatal(err)
	}
	vm := gorgonia.NewTapeMachine(n.x.Graph(), gorgonia.BindDualValues(n.params...))
	solver := NewAdam(1e-3)
	model := gorgonia.NodesToValueGrads(n.params)
	return func() {
		if err := vm.RunAll(); err != nil {
			t.Fatal(err)
		}
		if err := solver.Step(model); err != nil {
			t.Fatal(err)
		}
		vm.Reset()
	}
}

func benchmarkStep(b *testing.B, layers []convLayer) {
	const batch = 32
	step := newNetwork(b, batch, 64, layers).trainer(b)
	step()
	for b.Loop() {
		step()
	}
	b.ReportMetric(batch*float64(b.N)/b.Elapsed().Seconds(), "patches/s")
}

// BenchmarkSeedStep trains the preset seed: batch 32, 64 x 64.
func BenchmarkSeedStep(b *testing.B) { benchmarkStep(b, seedLayers) }

// BenchmarkCompactStep trains the preset compact.
func BenchmarkCompactStep(b *testing.B) { benchmarkStep(b, compactLayers) }

func benchmarkInference(b *testing.B, batch int, layers []convLayer) {
	n := newNetwork(b, batch, 64, layers)
	vm := gorgonia.NewTapeMachine(n.x.Graph())
	run := func() {
		if err := vm.RunAll(); err != nil {
			b.Fatal(err)
		}
		vm.Reset()
	}
	run()
	for b.Loop() {
		run()
	}
	b.ReportMetric(float64(batch*b.N)/b.Elapsed().Seconds(), "patches/s")
}

// BenchmarkSeedInference evaluates seed in batches of 32.
func BenchmarkSeedInference(b *testing.B) { benchmarkInference(b, 32, seedLayers) }

// BenchmarkCompactOne evaluates compact on one patch, as streaming does.
func BenchmarkCompactOne(b *testing.B) { benchmarkInference(b, 1, compactLayers) }
