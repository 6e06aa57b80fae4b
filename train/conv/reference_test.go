package conv

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"gorgonia.org/gorgonia"
)

// numbers is the sequence of the same name in testdata/reference.py.
func numbers(seed uint32, n int, scale float64) []float32 {
	x := make([]float32, n)
	for i := range x {
		seed = 1664525*seed + 1013904223
		x[i] = float32((float64(seed>>24)/128 - 1) * scale)
	}
	return x
}

// referenceNetwork is the network of testdata/reference.py.
type referenceNetwork struct {
	graph  *gorgonia.ExprGraph
	params gorgonia.Nodes
}

func (r *referenceNetwork) param(scale float64, shape ...int) *gorgonia.Node {
	n := 1
	for _, s := range shape {
		n *= s
	}
	p := inputOf(r.graph, fmt.Sprint("parameter ", len(r.params)), numbers(uint32(len(r.params)+2), n, scale), shape...)
	r.params = append(r.params, p)
	return p
}

func (r *referenceNetwork) conv(x *gorgonia.Node, cout int, window Window, act Activation) *gorgonia.Node {
	cin := x.Shape()[3]
	scale := math.Pow(2, -math.RoundToEven(math.Log2(float64(window.KernelH*window.KernelW*cin))/2))
	w := r.param(scale, window.KernelH, window.KernelW, cin, cout)
	return gorgonia.Must(Conv(x, w, r.param(0.25, cout), window, act))
}

func (r *referenceNetwork) build() (logits, loss *gorgonia.Node) {
	h := inputOf(r.graph, "x", numbers(1, 3*12*14, 1), 3, 12, 14, 1)
	h = r.conv(h, 8, Window{5, 5, 1, 1, true}, ReLU)
	h = r.conv(h, 16, Window{5, 5, 1, 1, true}, ReLU)
	h = r.conv(h, 12, Window{3, 3, 1, 1, true}, Linear)
	gamma := r.param(1, 12)
	h = gorgonia.Must(BatchNorm(h, gamma, r.param(0.5, 12), NewRunningStats(12), Training, ReLU))
	h = gorgonia.Must(MaxPool(h, Window{2, 2, 2, 2, false}))
	h = r.conv(h, 9, Window{1, 7, 1, 1, true}, ReLU)
	h = r.conv(h, 10, Window{7, 1, 2, 1, true}, ReLU)
	h = gorgonia.Must(AvgPool(h, Window{1, 2, 1, 2, true}))
	_, f := flatShape(h)
	w := r.param(0.125, f, 4)
	logits = gorgonia.Must(Dense(h, w, r.param(0.25, 4), Linear))
	targets := inputOf(r.graph, "targets", []float32{1, 0, 0, 0, .1, .2, .3, .4, 0, 0, .5, .5}, 3, 4)
	weights := inputOf(r.graph, "weights", []float32{1, 0.5, 2}, 3)
	return logits, gorgonia.Must(SoftmaxCrossEntropy(logits, targets, weights))
}

// TestAgainstPyTorch compares loss and gradients of a network with PyTorch's in float64.
func TestAgainstPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Loss      float64
		Logits    []float64
		Gradients [][]float64
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	defer func(n int) { fewestTileChannels = n }(fewestTileChannels)
	for name, c := range map[string]struct {
		fewest int
		limit  float64
	}{"winograd": {8, winogradLimit}, "direct": {math.MaxInt, directLimit}} {
		fewestTileChannels = c.fewest
		eachPath(t, func(t *testing.T) {
			r := &referenceNetwork{graph: gorgonia.NewGraph()}
			logits, loss := r.build()
			y, grads := runCost(t, loss, loss, r.params...)
			near(t, name+" loss", y, []float64{want.Loss}, c.limit)
			near(t, name+" logits", elements(logits.Value()), want.Logits, c.limit)
			for i, g := range grads {
				if isBiasBeforeNorm := i == 5; !isBiasBeforeNorm { // its gradient is zero but for rounding
					near(t, fmt.Sprintf("%s gradient of parameter %d, %v", name, i, r.params[i].Shape()), g, want.Gradients[i], c.limit)
				}
			}
		})
	}
}
