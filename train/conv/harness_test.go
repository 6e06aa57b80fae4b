package conv

import (
	"math"
	"math/rand/v2"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// eachPath runs a test on every kernel path that this processor has.
func eachPath(t *testing.T, test func(t *testing.T)) {
	was := active
	defer func() { active = was }()
	for _, k := range append(vectorKernels(), &portable) {
		active = k
		t.Run(k.name, test)
	}
}

// random returns n standard normal numbers.
func random(seed uint64, n int) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// input adds a graph input of random numbers.
func input(g *gorgonia.ExprGraph, name string, seed uint64, shape ...int) *gorgonia.Node {
	return inputOf(g, name, random(seed, tensor.Shape(shape).TotalSize()), shape...)
}

func inputOf(g *gorgonia.ExprGraph, name string, data []float32, shape ...int) *gorgonia.Node {
	value := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
	return gorgonia.NewTensor(g, tensor.Float32, len(shape), gorgonia.WithShape(shape...),
		gorgonia.WithName(name), gorgonia.WithValue(value))
}

// computed hides that a node is a plain input, so that layers compute its gradient.
func computed(t testing.TB, x *gorgonia.Node) *gorgonia.Node {
	t.Helper()
	o := &reshapeOp{newOp("input", x.Shape(), x)}
	return gorgonia.Must(apply(o, x))
}

// run evaluates out and the gradients of sum(out * weighting) with respect to the parameters.
func run(t testing.TB, out *gorgonia.Node, weighting []float32, params ...*gorgonia.Node) (y []float32, grads [][]float32) {
	t.Helper()
	r := inputOf(out.Graph(), "weighting", weighting, out.Shape()...)
	cost := gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.HadamardProd(out, r))))
	return runCost(t, out, cost, params...)
}

func runCost(t testing.TB, out, cost *gorgonia.Node, params ...*gorgonia.Node) (y []float32, grads [][]float32) {
	t.Helper()
	if _, err := gorgonia.Grad(cost, params...); err != nil {
		t.Fatal(err)
	}
	vm := gorgonia.NewTapeMachine(out.Graph(), gorgonia.BindDualValues(params...))
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	for _, p := range params {
		grad, err := p.Grad()
		if err != nil {
			t.Fatal(err)
		}
		grads = append(grads, append([]float32(nil), elements(grad)...))
	}
	if out.Shape().IsScalar() {
		return []float32{scalar(out.Value())}, grads
	}
	return append([]float32(nil), elements(out.Value())...), grads
}

// relative is the distance of got from want over the length of want.
func relative(got []float32, want []float64) float64 {
	var distance, length float64
	for i, w := range want {
		distance += (float64(got[i]) - w) * (float64(got[i]) - w)
		length += w * w
	}
	if distance == 0 {
		return 0
	}
	return math.Sqrt(distance / length)
}

// near fails unless got is within a relative distance of want.
func near(t *testing.T, what string, got []float32, want []float64, limit float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d elements, want %d", what, len(got), len(want))
	} else if d := relative(got, want); !(d <= limit) {
		t.Errorf("%s: relative distance %.2e, want at most %.0e", what, d, limit)
	}
}

// sameBits fails unless a and b are equal bit for bit.
func sameBits(t *testing.T, what string, a, b []float32) {
	t.Helper()
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			t.Errorf("%s: element %d is %g, was %g", what, i, b[i], a[i])
			return
		}
	}
}

// wide returns x in float64.
func wide(x []float32) []float64 {
	w := make([]float64, len(x))
	for i, v := range x {
		w[i] = float64(v)
	}
	return w
}
