package conv

import (
	"math"
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
)

// everyLayer is a small network with all layers in it, one after another.
func everyLayer(t testing.TB, source *DropoutSource, stats *RunningStats) *network {
	const batch = 6
	g := gorgonia.NewGraph()
	n := &network{x: input(g, "x", 1, batch, 20, 22, 2)}
	layer := func(h *gorgonia.Node, c int, window Window, act Activation) *gorgonia.Node {
		cin := h.Shape()[3]
		deviation := math.Sqrt(2 / float64(window.KernelH*window.KernelW*cin))
		w := n.param(g, uint64(10+c), deviation, window.KernelH, window.KernelW, cin, c)
		return gorgonia.Must(Conv(h, w, n.param(g, uint64(20+c), 0.1, c), window, act))
	}
	h := layer(n.x, 9, Window{3, 5, 1, 1, true}, ReLU)
	h = layer(h, 24, Window{5, 5, 1, 1, true}, Linear)
	h = gorgonia.Must(BatchNorm(h, n.param(g, 31, 1, 24), n.param(g, 32, 1, 24), stats, Training, ReLU))
	h = gorgonia.Must(MaxPool(h, Window{2, 2, 2, 2, false}))
	h = layer(h, 17, Window{3, 3, 1, 1, false}, ReLU)
	h = layer(h, 12, Window{3, 3, 2, 1, true}, ReLU)
	h = gorgonia.Must(AvgPool(h, Window{2, 3, 1, 2, true}))
	h = gorgonia.Must(Dropout(h, 0.25, 1, source))
	h = gorgonia.Must(GlobalAvgPool(h))
	h = gorgonia.Must(Dense(h, n.param(g, 33, 0.5, 12, 19), n.param(g, 34, 0.1, 19), ReLU))
	n.logits = gorgonia.Must(Dense(h, n.param(g, 35, 0.3, 19, 3), n.param(g, 36, 0.1, 3), Linear))
	n.targets = inputOf(g, "targets", []float32{1, 0, 0, 0, 1, 0, 0, 0, 1, .5, .5, 0, .1, .1, .8, 1, 0, 0}, batch, 3)
	n.weights = inputOf(g, "sample weights", []float32{1, 1, 2, 1, 1, 0}, batch)
	n.loss = gorgonia.Must(SoftmaxCrossEntropy(n.logits, n.targets, n.weights))
	return n
}

// TestBitsWhateverThreads trains a few steps with different numbers of threads.
func TestBitsWhateverThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	eachPath(t, func(t *testing.T) {
		var want []float32
		for _, threads := range []int{1, 2, 3} {
			runtime.GOMAXPROCS(threads)
			source, stats := &DropoutSource{Seed: 1}, NewRunningStats(24)
			n := everyLayer(t, source, stats)
			step := n.trainer(t)
			for i := range 3 {
				source.Step = uint64(i)
				step()
			}
			got := append(append([]float32(nil), stats.Mean...), stats.Var...)
			for _, p := range n.params {
				got = append(got, elements(p.Value())...)
			}
			if want == nil {
				want = got
			}
			sameBits(t, "weights and statistics", want, got)
		}
	})
}

func TestWorkersDoNotChangeBits(t *testing.T) {
	g, _ := Window{3, 3, 1, 1, true}.geometry(3, 16, 16, 32)
	g.cout = 32
	x, dy := random(1, 3*16*16*32), random(2, 3*16*16*32)
	one, many := make([]float32, 9*32*32), make([]float32, 9*32*32)
	was := limitWorkers(1)
	weightGradient(g, x, dy, one)
	limitWorkers(5)
	weightGradient(g, x, dy, many)
	if got := limitWorkers(was); got != 5 {
		t.Errorf("Workers returned %d, want the bound before, 5", got)
	}
	sameBits(t, "weight gradient", one, many)
}

// TestGradientsAgainstDifferences moves all weights of the network along their gradient.
func TestGradientsAgainstDifferences(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		n := everyLayer(t, &DropoutSource{Seed: 1}, NewRunningStats(24))
		_, grads := runCost(t, n.loss, n.loss, n.params...)
		for i, p := range n.params {
			checkSlope(t, n, p, grads[i])
		}
	})
}

// checkSlope compares the slope of the loss along one parameter's gradient with the gradient's length.
func checkSlope(t *testing.T, n *network, p *gorgonia.Node, grad []float32) {
	t.Helper()
	length := math.Sqrt(sumOfSquares(grad))
	if length < 1e-6 {
		return // a bias before batch norm changes nothing
	}
	const h = 5e-4
	w := elements(p.Value())
	before := append([]float32(nil), w...)
	loss := func(along float64) float64 {
		for i := range w {
			w[i] = before[i] + float32(along*float64(grad[i])/length)
		}
		return lossOf(t, n)
	}
	slope := (loss(h) - loss(-h)) / (2 * h)
	copy(w, before)
	if math.Abs(slope-length) > 0.02*length+1e-4 {
		t.Errorf("parameter of %v: slope %.6g, gradient %.6g", p.Shape(), slope, length)
	}
}

func sumOfSquares(x []float32) (sum float64) {
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return sum
}

// lossOf runs the network again and takes the loss of its logits in float64.
func lossOf(t *testing.T, n *network) float64 {
	t.Helper()
	vm := gorgonia.NewTapeMachine(n.x.Graph())
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	return crossEntropyReference(wide(elements(n.logits.Value())), elements(n.targets.Value()), elements(n.weights.Value()))
}
