package train

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"prep/data/num"
	"prep/train/conv"
)

// building is held while a graph is made: Gorgonia v0.9.18 keeps global state
// then and two graphs made at once break each other.
var building sync.Mutex

// graph is a network for one batch size: a Gorgonia graph, its machine, and the
// memory that its inputs are written to. It is used by one goroutine at a time.
type graph struct {
	net     Net
	batch   int
	x       []float32 // batch x bands x frames x channels
	targets []float32 // batch x classes; training only
	counts  []float32 // how much each sample counts, 0 for the masked tail; training only
	dropout *conv.DropoutSource

	learn  gorgonia.Nodes
	layers gorgonia.Nodes // the output of each layer, to find the first NaN in
	logits *gorgonia.Node
	loss   gorgonia.Value
	output gorgonia.Value // the logits of the last run
	hidden gorgonia.Value // what the output layer read in it; inference only
	vm     gorgonia.VM
}

// newGraph builds the graph of n over w, for training (with dropout, batch
// statistics, loss and gradients) or for evaluation.
func (n Net) newGraph(in Shape, batch int, w weights, mode conv.Mode, seed uint64) (*graph, error) {
	building.Lock()
	defer building.Unlock()
	b := &builder{graph: &graph{net: n, batch: batch}, w: w, mode: mode, g: gorgonia.NewGraph()}
	if mode == conv.Training {
		b.dropout = &conv.DropoutSource{Seed: seed}
	}
	x := b.input("patches", &b.x, batch, in.Bands, in.Frames, in.Channels)
	for i := range n.Layers {
		var err error
		if x, err = b.layer(i, x); err != nil {
			return nil, fmt.Errorf("layer %d (%v): %w", i+1, n.Layers[i], err)
		}
		b.layers = append(b.layers, x)
	}
	return b.graph, b.finish(x)
}

// builder walks the layers, taking the weights in their order.
type builder struct {
	*graph
	w     weights
	mode  conv.Mode
	g     *gorgonia.ExprGraph
	norms int
}

// input makes a node over new memory, which into then points to.
func (b *builder) input(name string, into *[]float32, shape ...int) *gorgonia.Node {
	*into = make([]float32, tensor.Shape(shape).TotalSize())
	return b.node(blob{Name: name, Shape: shape, Data: *into})
}

func (b *builder) node(v blob) *gorgonia.Node {
	value := tensor.New(tensor.WithShape(v.Shape...), tensor.WithBacking(v.Data))
	return gorgonia.NewTensor(b.g, tensor.Float32, len(v.Shape), gorgonia.WithShape(v.Shape...),
		gorgonia.WithName(v.Name), gorgonia.WithValue(value))
}

// take returns the nodes of the next two trained blobs.
func (b *builder) take() (*gorgonia.Node, *gorgonia.Node) {
	i := len(b.learn)
	b.learn = append(b.learn, b.node(b.w.trained[i]), b.node(b.w.trained[i+1]))
	return b.learn[i], b.learn[i+1]
}

// activation returns what a convolution, batch norm or dense layer i does to its sums.
func (n Net) activation(i int) conv.Activation {
	if n.hasReLU(i) {
		return conv.ReLU
	}
	return conv.Linear
}

// hasReLU reports whether ReLU follows layer i: a convolution or dense layer
// that no batch norm follows, or the batch norm that does.
func (n Net) hasReLU(i int) bool {
	sums := func(j int) bool { return n.Layers[j].Type == layerConv || n.Layers[j].Type == layerDense }
	if n.Layers[i].Type == layerNorm {
		return i > 0 && sums(i-1)
	}
	return sums(i) && (i+1 == len(n.Layers) || n.Layers[i+1].Type != layerNorm)
}

func (b *builder) layer(i int, x *gorgonia.Node) (*gorgonia.Node, error) {
	l := b.net.Layers[i]
	switch l.Type {
	case layerConv:
		kernel, bias := b.take()
		return conv.Conv(x, kernel, bias, l.window(), b.net.activation(i))
	case layerPool:
		if l.Kind == poolAvg {
			return conv.AvgPool(x, l.window())
		}
		return conv.MaxPool(x, l.window())
	case layerNorm:
		return b.norm(i, x)
	case layerPCEN:
		return b.pcen(x)
	case layerDropout:
		return conv.Dropout(x, float32(l.Rate), uint64(i), b.dropout)
	case layerAverage:
		return conv.GlobalAvgPool(x)
	}
	kernel, bias := b.take()
	return conv.Dense(x, kernel, bias, b.net.activation(i))
}

func (b *builder) norm(i int, x *gorgonia.Node) (*gorgonia.Node, error) {
	gamma, beta := b.take()
	stats := b.w.runningStats(b.norms)
	b.norms++
	return conv.BatchNorm(x, gamma, beta, stats, b.mode, b.net.activation(i))
}

// window returns the geometry of a convolution (same padding) or a pool.
func (l Layer) window() conv.Window {
	size, stride := l.Kernel, l.Stride.orElse(Size{1, 1})
	if l.Type == layerPool {
		size, stride = l.Size, l.Stride.orElse(l.Size)
	}
	return conv.Window{KernelH: size.Bands, KernelW: size.Frames,
		StrideH: stride.Bands, StrideW: stride.Frames, Same: l.Type == layerConv}
}

// finish adds the output layer and, for training, the loss and its gradients.
func (b *builder) finish(x *gorgonia.Node) (err error) {
	kernel, bias := b.take()
	if b.logits, err = conv.Dense(x, kernel, bias, conv.Linear); err != nil {
		return err
	}
	gorgonia.Read(b.logits, &b.output)
	if b.mode == conv.Inference {
		gorgonia.Read(x, &b.hidden)
		b.vm = machine(b.g)
		return nil
	}
	classes := b.logits.Shape()[1]
	targets := b.input("targets", &b.targets, b.batch, classes)
	counts := b.input("counts", &b.counts, b.batch)
	loss, err := conv.SoftmaxCrossEntropy(b.logits, targets, counts)
	if err != nil {
		return err
	}
	gorgonia.Read(loss, &b.loss)
	if _, err := gorgonia.Grad(loss, b.learn...); err != nil {
		return err
	}
	b.vm = machine(b.g, gorgonia.BindDualValues(b.learn...))
	return nil
}

// machine returns what runs g. Gorgonia v0.9.18 gives it a finalizer, which does
// nothing without CUDA but for keeping the machine, a part of a cycle, and all
// that was computed from ever being collected.
func machine(g *gorgonia.ExprGraph, opts ...gorgonia.VMOpt) gorgonia.VM {
	vm := gorgonia.NewTapeMachine(g, opts...)
	runtime.SetFinalizer(vm, nil)
	return vm
}

// run evaluates the graph on what its inputs hold.
func (g *graph) run() error {
	defer g.vm.Reset() // without it the next RunAll does nothing and says nothing
	return g.vm.RunAll()
}

// ErrDiverged says that training came to values that are not finite.
var ErrDiverged = errors.New("training diverged")

// step trains one batch, the step-th of this fit, and returns its mean loss.
func (g *graph) step(solver gorgonia.Solver, step uint64) (float64, error) {
	g.dropout.Step = step
	if err := g.run(); err != nil {
		return 0, err
	}
	loss := float64(g.loss.Data().(float32))
	if !num.Finite(loss) {
		return loss, fmt.Errorf("%w: the loss is %g at step %d: %s; a lower learning_rate may help", ErrDiverged, loss, step, g.blame())
	}
	return loss, solver.Step(gorgonia.NodesToValueGrads(g.learn))
}

// predictions returns the class probabilities of the last run, batch x classes,
// in new memory.
func (g *graph) predictions() []float32 {
	p := append([]float32{}, g.output.Data().([]float32)...)
	conv.Softmax(p, g.logits.Shape()[1])
	return p
}

// embeddings returns what the output layer read in the last run, batch x values, in new
// memory.
func (g *graph) embeddings() []float32 {
	return append([]float32{}, g.hidden.Data().([]float32)...)
}

// blame says where the first value that is not finite was, in the last run.
func (g *graph) blame() string {
	if num.FirstNotFinite(g.x) >= 0 {
		return "a patch holds a value that is not finite"
	}
	for i, l := range g.layers {
		if v, ok := l.Value().(*tensor.Dense); ok && num.FirstNotFinite(v.Float32s()) >= 0 {
			return fmt.Sprintf("first in layer %d (%v)", i+1, g.net.Layers[i])
		}
	}
	return "first in the output layer"
}
