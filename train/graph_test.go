package train

import (
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"weak"

	"prep/data"
	"prep/train/conv"
)

// tiny is a network with every type of layer, small enough for finite
// differences.
var tiny = Net{[]Layer{
	{Type: layerConv, Filters: 3, Kernel: Size{3, 2}},
	{Type: layerNorm},
	{Type: layerPool, Kind: poolMax, Size: Size{2, 2}},
	{Type: layerConv, Filters: 4, Kernel: Size{3, 3}, Stride: Size{2, 1}},
	{Type: layerDropout, Rate: 0.25},
	{Type: layerPool, Kind: poolAvg, Size: Size{1, 2}},
	{Type: layerDense, Units: 5},
}}

var tinyShape = Shape{8, 8, 2}

// fill writes random patches and their one-hot classes to a training graph.
func fill(g *graph, seed uint64) {
	random := data.Rand(seed, "patches")
	for i := range g.x {
		g.x[i] = float32(random.NormFloat64())
	}
	classes := len(g.targets) / g.batch
	clear(g.targets)
	for i := range g.batch {
		g.targets[i*classes+i%classes] = 1
		g.counts[i] = 1
	}
}

func mustGraph(t testing.TB, n Net, in Shape, batch, classes int) (*graph, weights) {
	t.Helper()
	w, err := n.newWeights(in, classes, 7, "test")
	if err != nil {
		t.Fatal(err)
	}
	g, err := n.newGraph(in, batch, w, conv.Training, 7)
	if err != nil {
		t.Fatal(err)
	}
	fill(g, 3)
	return g, w
}

func TestGradientsAgainstFiniteDifferences(t *testing.T) {
	compareDifferences(t, tiny)
	compareDifferences(t, Net{[]Layer{{Type: layerPCEN}, {Type: layerNorm}, {Type: layerConv, Filters: 3, Kernel: Size{3, 3}}, {Type: layerAverage}}})
}

// compareDifferences fails where a gradient of n is none of its loss.
func compareDifferences(t *testing.T, n Net) {
	g, w := mustGraph(t, n, tinyShape, 4, 3)
	loss := func() float64 {
		if err := g.run(); err != nil {
			t.Fatal(err)
		}
		return float64(g.loss.Data().(float32))
	}
	loss()
	for i, b := range w.trained {
		v, err := g.learn[i].Grad()
		if err != nil {
			t.Fatal(err)
		}
		j := len(b.Data) / 2
		got := float64(v.Data().([]float32)[j])
		const h = 1e-2
		at := b.Data[j]
		b.Data[j] = at + h
		up := loss()
		b.Data[j] = at - h
		down := loss()
		b.Data[j] = at
		want := (up - down) / (2 * h)
		if math.Abs(got-want) > 2e-3+0.03*math.Abs(want) {
			t.Errorf("%s[%d]: got gradient %g, want %g", b.Name, j, got, want)
		}
		for k := range g.learn { // a run adds to what is there
			v, _ := g.learn[k].Grad()
			clear(v.Data().([]float32))
		}
		loss()
	}
}

func TestSeedLearns(t *testing.T) {
	n, err := openNet("seed")
	if err != nil {
		t.Fatal(err)
	}
	g, _ := mustGraph(t, n, Shape{64, 64, 1}, 4, 7)
	solver := conv.NewAdam(1e-4)
	var losses []float64
	for step := range 4 {
		loss, err := g.step(solver, uint64(step))
		if err != nil {
			t.Fatal(err)
		}
		losses = append(losses, loss)
	}
	if losses[3] > 0.9*losses[0] {
		t.Errorf("losses of four steps on one batch: got %v, want them to fall", losses)
	}
}

func TestNaNNamesStepAndLayer(t *testing.T) {
	g, w := mustGraph(t, tiny, tinyShape, 4, 3)
	i := slices.IndexFunc(w.trained, func(b blob) bool { return b.Name == "4.conv.kernel" })
	w.trained[i].Data[0] = float32(math.NaN())
	_, err := g.step(conv.NewAdam(1e-3), 12)
	if err == nil || !strings.Contains(err.Error(), "NaN at step 12: first in layer 4 (conv 4 @ 3x3 / 2x1)") {
		t.Fatalf("got %v, want NaN at step 12 in layer 4", err)
	}
}

func TestEvaluationSharesTheWeights(t *testing.T) {
	g, w := mustGraph(t, tiny, tinyShape, 4, 3)
	e, err := tiny.newGraph(tinyShape, 4, w, conv.Inference, 0)
	if err != nil {
		t.Fatal(err)
	}
	copy(e.x, g.x)
	if err := e.run(); err != nil {
		t.Fatal(err)
	}
	before := e.predictions()
	if _, err := g.step(conv.NewAdam(1e-2), 1); err != nil {
		t.Fatal(err)
	}
	if err := e.run(); err != nil {
		t.Fatal(err)
	}
	if slices.Equal(before, e.predictions()) {
		t.Error("a training step left the evaluation graph's predictions as they were")
	}
}

// A sweep builds a graph for every fold of every arm: each must go when it is
// done with.
func TestGraphsAreCollected(t *testing.T) {
	g, _ := mustGraph(t, tiny, tinyShape, 4, 3)
	fill(g, 1)
	if err := g.run(); err != nil {
		t.Fatal(err)
	}
	logits := weak.Make(g.logits)
	runtime.KeepAlive(g)
	runtime.GC()
	if logits.Value() != nil {
		t.Error("a graph that nothing uses is still there")
	}
}
