package conv

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func TestDense(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, d := range []dense{{1, 1, 1}, {3, 5, 7}, {32, 300, 7}, {9, 17, 33}, {2, 600, 128}} {
			for _, act := range []Activation{Linear, ReLU} {
				checkDense(t, d, act)
			}
		}
	})
}

// checkDense holds a dense layer against a convolution whose window is one pixel of d.f channels.
func checkDense(t *testing.T, d dense, act Activation) {
	graph := gorgonia.NewGraph()
	x, w, b := input(graph, "x", 1, d.n, d.f, 1), input(graph, "w", 2, d.f, d.k), input(graph, "b", 3, d.k)
	out := gorgonia.Must(Dense(computed(t, x), w, b, act))
	dy := random(4, d.n*d.k)
	y, grads := run(t, out, dy, x, w, b)
	g := geometry{n: d.n, h: 1, w: 1, cin: d.f, oh: 1, ow: 1, cout: d.k, kh: 1, kw: 1, sh: 1, sw: 1}
	want := convolve(g, elements(x.Value()), elements(w.Value()), elements(b.Value()), dy, act)
	near(t, "output", y, want.y, directLimit)
	near(t, "input gradient", grads[0], want.dx, directLimit)
	near(t, "weight gradient", grads[1], want.dw, directLimit)
	near(t, "bias gradient", grads[2], want.db, directLimit)
}

func TestPositivePart(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		nan := float32(math.NaN())
		before := []float32{-1, 0, 2, nan, 3, -4}
		dy, ones, zeros := []float32{1, 2, 3, 4, 5, 6}, []float32{1, 1, 1}, make([]float32, 3)
		y, dx, sums := make([]float32, 6), make([]float32, 6), make([]float32, 3)
		normalize(y, before, zeros, ones, zeros, ReLU)
		sameBits(t, "output", []float32{0, 0, 2, nan, 3, 0}, y)
		maskNegative(dx, dy, y, sums)
		sameBits(t, "gradient", []float32{0, 0, 3, 4, 5, 0}, dx)
		sameBits(t, "sums of its columns", []float32{4, 5, 3}, sums)
		normalizeGradient(dx, dy, []float32{-1, 0, 2, 1, 3, -4}, gate{zeros, ones, zeros}, ones, zeros, zeros)
		sameBits(t, "gradient through a gate", []float32{0, 0, 3, 4, 5, 0}, dx)
	})
}

// batchNormReference is batch norm and its gradients in float64, from the definition: the gradients are
// central differences.
func batchNormReference(x, gamma, beta []float64, epsilon float64) []float64 {
	c := len(gamma)
	rows := float64(len(x) / c)
	y := make([]float64, len(x))
	for j := range c {
		var mean, variance float64
		for i := j; i < len(x); i += c {
			mean += x[i] / rows
		}
		for i := j; i < len(x); i += c {
			variance += (x[i] - mean) * (x[i] - mean) / rows
		}
		for i := j; i < len(x); i += c {
			y[i] = gamma[j]*(x[i]-mean)/math.Sqrt(variance+epsilon) + beta[j]
		}
	}
	return y
}

// differences is the gradient of sum(f(x) * weighting) by central differences.
func differences(x []float64, weighting []float32, f func() []float64) []float64 {
	const h = 1e-5
	weighted := func() (sum float64) {
		for i, y := range f() {
			sum += y * float64(weighting[i])
		}
		return sum
	}
	grad := make([]float64, len(x))
	for i, v := range x {
		x[i] = v + h
		up := weighted()
		x[i] = v - h
		grad[i] = (up - weighted()) / (2 * h)
		x[i] = v
	}
	return grad
}

func TestBatchNormTraining(t *testing.T) {
	eachPath(t, func(t *testing.T) {
		for _, c := range []int{5, 16, 37} {
			checkBatchNorm(t, c, Linear)
			checkBatchNorm(t, c, ReLU)
		}
	})
}

func checkBatchNorm(t *testing.T, c int, act Activation) {
	const rows = 2 * 3 * 4
	graph := gorgonia.NewGraph()
	x, gamma, beta := input(graph, "x", 1, 2, 3, 4, c), input(graph, "gamma", 2, c), input(graph, "beta", 3, c)
	stats := NewRunningStats(c)
	dy := random(4, rows*c)
	y, grads := run(t, gorgonia.Must(BatchNorm(computed(t, x), gamma, beta, stats, Training, act)), dy, x, gamma, beta)
	fx, fg, fb := wide(elements(x.Value())), wide(elements(gamma.Value())), wide(elements(beta.Value()))
	f := func() []float64 {
		z := batchNormReference(fx, fg, fb, 1e-5)
		for i := range z {
			if act == ReLU {
				z[i] = max(z[i], 0)
			}
		}
		return z
	}
	near(t, "output", y, f(), 1e-6)
	near(t, "input gradient", grads[0], differences(fx, dy, f), 1e-5)
	near(t, "gamma gradient", grads[1], differences(fg, dy, f), 1e-5)
	near(t, "beta gradient", grads[2], differences(fb, dy, f), 1e-5)
	checkRunning(t, stats, fx)
}

// checkRunning expects one step from mean 0 and variance 1 towards the statistics of x.
func checkRunning(t *testing.T, stats *RunningStats, x []float64) {
	t.Helper()
	c := len(stats.Mean)
	rows := float64(len(x) / c)
	mean, variance := make([]float64, c), make([]float64, c)
	for i, v := range x {
		mean[i%c] += v / rows
		variance[i%c] += v * v / (rows - 1)
	}
	for j, m := range mean {
		mean[j] = 0.1 * m
		variance[j] = 0.9 + 0.1*(variance[j]-m*m*rows/(rows-1))
	}
	near(t, "running mean", stats.Mean, mean, 1e-6)
	near(t, "running variance", stats.Var, variance, 1e-6)
}

func TestBatchNormInference(t *testing.T) {
	graph := gorgonia.NewGraph()
	x, gamma, beta := inputOf(graph, "x", []float32{1, 2, 3, 4}, 2, 2), inputOf(graph, "gamma", []float32{2, 3}, 2), inputOf(graph, "beta", []float32{1, -1}, 2)
	stats := &RunningStats{Mean: []float32{1, 3}, Var: []float32{4, 1}}
	out := gorgonia.Must(BatchNorm(x, gamma, beta, stats, Inference, Linear))
	vm := gorgonia.NewTapeMachine(graph)
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	sameBits(t, "output", []float32{1, -4, 3, 2}, elements(out.Value()))
}

func TestDropout(t *testing.T) {
	const p, n = 0.3, 100000
	masks := map[uint64][]float32{}
	for _, step := range []uint64{1, 2, 1} {
		graph := gorgonia.NewGraph()
		ones := make([]float32, n)
		for i := range ones {
			ones[i] = 1
		}
		x := inputOf(graph, "x", ones, 10, n/10)
		y, grads := run(t, gorgonia.Must(Dropout(computed(t, x), p, 7, &DropoutSource{Seed: 3, Step: step})), ones, x)
		sameBits(t, "gradient", y, grads[0]) // of a sum is the scaled mask, as the output for ones is
		if mean := total64(y) / n; math.Abs(mean-1) > 0.01 {
			t.Errorf("mean is %g, want 1", mean)
		}
		if was, ok := masks[step]; ok {
			sameBits(t, "mask of a step made again", was, y)
		}
		masks[step] = y
	}
	if d := relative(masks[1], wide(masks[2])); d < 0.5 {
		t.Errorf("masks of two steps are alike: %g", d)
	}
}

func TestDropoutInference(t *testing.T) {
	x := input(gorgonia.NewGraph(), "x", 1, 2, 2)
	if got, err := Dropout(x, 0.5, 0, nil); err != nil || got != x {
		t.Errorf("got %v, %v, want the input", got, err)
	}
	for _, p := range []float32{-0.1, 1, float32(math.NaN())} {
		if _, err := Dropout(x, p, 0, nil); err == nil {
			t.Errorf("p = %g: no error", p)
		}
	}
}

// crossEntropyReference is the loss in float64.
func crossEntropyReference(logits []float64, targets, weights []float32) float64 {
	k := len(targets) / len(weights)
	var loss, total float64
	for n, w := range weights {
		var sum float64
		for _, v := range logits[n*k:][:k] {
			sum += math.Exp(v)
		}
		for j, v := range logits[n*k:][:k] {
			loss -= float64(w) * float64(targets[n*k+j]) * (v - math.Log(sum))
		}
		total += float64(w)
	}
	return loss / total
}

func TestSoftmaxCrossEntropy(t *testing.T) {
	graph := gorgonia.NewGraph()
	logits := input(graph, "logits", 1, 3, 4)
	targets := []float32{0, 1, 0, 0, .1, .2, .3, .4, 0, 0, 0, 1}
	weights := []float32{1, 0.5, 2}
	loss := gorgonia.Must(SoftmaxCrossEntropy(computed(t, logits), inputOf(graph, "t", targets, 3, 4), inputOf(graph, "w", weights, 3)))
	y, grads := runCost(t, loss, loss, logits)
	x := wide(elements(logits.Value()))
	f := func() []float64 { return []float64{crossEntropyReference(x, targets, weights)} }
	near(t, "loss", y, f(), 1e-6)
	near(t, "gradient", grads[0], differences(x, []float32{1}, f), 1e-5)
}

// TestSoftmaxCrossEntropyHard has logits that overflow, a row without weight that is NaN, and no weight
// at all.
func TestSoftmaxCrossEntropyHard(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		name            string
		logits, weights []float32
		loss            float32
		grad            []float32
	}{
		{"large", []float32{1e4, 0, -1e4, 0}, []float32{1, 1}, 5e3, []float32{0, 0, -0.5, 0.5}},
		{"masked NaN", []float32{0, 0, nan, 1}, []float32{1, 0}, float32(math.Ln2), []float32{-0.5, 0.5, 0, 0}},
		{"no weight", []float32{1, 2, 3, 4}, []float32{0, 0}, 0, []float32{0, 0, 0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			graph := gorgonia.NewGraph()
			logits := inputOf(graph, "logits", c.logits, 2, 2)
			loss := gorgonia.Must(SoftmaxCrossEntropy(computed(t, logits), inputOf(graph, "t", []float32{1, 0, 1, 0}, 2, 2), inputOf(graph, "w", c.weights, 2)))
			y, grads := runCost(t, loss, loss, logits)
			sameBits(t, "loss", []float32{c.loss}, y)
			sameBits(t, "gradient", c.grad, grads[0])
		})
	}
}

func TestSoftmax(t *testing.T) {
	p := []float32{0, 0, 1e5, -1e5}
	Softmax(p, 2)
	sameBits(t, "probabilities", []float32{0.5, 0.5, 1, 0}, p)
}

// TestPanicBecomesError runs an Op on a value of a kind that it cannot read.
func TestPanicBecomesError(t *testing.T) {
	graph := gorgonia.NewGraph()
	x, w, b := input(graph, "x", 1, 2, 4, 4, 1), input(graph, "w", 1, 3, 3, 1, 2), input(graph, "b", 1, 2)
	out := gorgonia.Must(Conv(x, w, b, Window{3, 3, 1, 1, true}, ReLU))
	short := tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{1}))
	_, err := out.Op().Do(short, w.Value(), b.Value())
	if err == nil || !strings.Contains(err.Error(), "conv") {
		t.Errorf("got %v, want an error that names the Op", err)
	}
	if _, err := out.Op().Do(gorgonia.NewF32(1), w.Value(), b.Value()); err == nil {
		t.Error("a scalar for a map: no error")
	}
}
