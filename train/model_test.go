package train

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"prep/data"
	"prep/data/work"
	"prep/train/conv"
)

func TestOverfitsEightPatches(t *testing.T) {
	n, err := openNet("compact")
	if err != nil {
		t.Fatal(err)
	}
	n.Layers = slices.DeleteFunc(slices.Clone(n.Layers), func(l Layer) bool { return l.Type == layerDropout })
	g, _ := mustGraph(t, n, Shape{64, 64, 1}, 8, 7)
	solver := conv.NewAdam(3e-3)
	loss := math.Inf(1)
	for step := uint64(1); loss >= 1e-3; step++ {
		if step > 300 {
			t.Fatalf("loss after 300 steps: got %g, want below 1e-3", loss)
		}
		if loss, err = g.step(solver, step); err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzParseNet(f *testing.F) {
	for _, name := range Presets() {
		text, err := presets.ReadFile("presets/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := parseNet(text)
		if err != nil {
			return
		}
		d, err := n.Describe(Shape{64, 64, 1}, 7)
		if err == nil && d.Parameters < 0 {
			t.Errorf("%d parameters", d.Parameters)
		}
	})
}

// The fields that a reader of ONNX needs are there; testdata/parity.py asks
// onnxruntime itself.
func TestONNXNamesItsParts(t *testing.T) {
	w, err := tiny.newWeights(tinyShape, 3, 1, "test")
	if err != nil {
		t.Fatal(err)
	}
	d := description{Net: tiny, In: tinyShape, Classes: []string{"a", "b", "c"},
		Normalization: Normalization{make([]float32, 16), make([]float32, 16)}}
	var file bytes.Buffer
	if err := writeONNX(&file, d, w, nil); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Sub", "Div", "Conv", "BatchNormalization", "Relu", "MaxPool", "AveragePool",
		"Transpose", "Flatten", "Gemm", "Softmax", "SAME_UPPER", "patches", "probabilities", "4.conv.kernel", "output.bias"} {
		if !strings.Contains(file.String(), want) {
			t.Errorf("%q is not in the file", want)
		}
	}
}

func TestJitterKeepsThePatchesShapeAndScale(t *testing.T) {
	j := Jitter{TimeShift: 3, BandShift: 2, TimeMask: 8, BandMask: 8}
	for seed := range uint64(50) {
		p := data.Patch{Channels: 2, Bands: 16, Frames: 20, Values: make([]float32, 640)}
		for i := range p.Values {
			p.Values[i] = float32(i + 1)
		}
		j.apply(data.Rand(seed, "jitter"), p)
		zeros := 0
		for _, v := range p.Values {
			if v == 0 {
				zeros++
			} else if v < 1 || v > 640 {
				t.Fatalf("seed %d: value %g was never in the patch", seed, v)
			}
		}
		if zeros > 2*(8*16+8*20) {
			t.Fatalf("seed %d: %d cells are masked", seed, zeros)
		}
	}
}

func TestShiftMovesUpAndLater(t *testing.T) {
	p := data.Patch{Channels: 1, Bands: 2, Frames: 3, Values: []float32{1, 2, 3, 4, 5, 6}}
	shift(p, 1, 1)
	if want := []float32{1, 1, 2, 1, 1, 2}; !slices.Equal(p.Values, want) {
		t.Errorf("got %v, want %v", p.Values, want)
	}
}

func TestNormalizationMakesBandsStandard(t *testing.T) {
	set := makeSet(t, 3, 2)
	s, err := openSamples(set, smallConfig())
	if err != nil {
		t.Fatal(err)
	}
	defer s.patches.Close()
	part := []int{0, 5, 7, 11}
	n, err := s.normalization(part)
	if err != nil {
		t.Fatal(err)
	}
	var sum, squares float64
	for _, i := range part {
		p, err := s.patches.Patch(s.rows[i])
		if err != nil {
			t.Fatal(err)
		}
		n.apply(p)
		for _, v := range p.Values[3*16:][:16] {
			sum += float64(v)
			squares += float64(v) * float64(v)
		}
	}
	if mean, variance := sum/64, squares/64; math.Abs(mean) > 1e-5 || math.Abs(variance-1) > 1e-4 {
		t.Errorf("band 3 of the part: mean %g, variance %g; want 0, 1", mean, variance)
	}
}

func TestCancelledRunLeavesNoModel(t *testing.T) {
	set := makeSet(t, 3, 2)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, work.On(set, nil), smallConfig()); err == nil {
		t.Fatal("a cancelled run ended well")
	}
	if files := modelBytes(t, set, "small"); len(files) > 0 {
		t.Errorf("%d files were left", len(files))
	}
}

// BenchmarkSeedStep trains preset seed for 7 classes on batches of 32 patches
// of 64 x 64: one forward and backward pass and one Adam step.
func BenchmarkSeedStep(b *testing.B) { benchmarkStep(b, "seed") }

// BenchmarkStep is the same for every preset.
func BenchmarkStep(b *testing.B) {
	for _, preset := range Presets() {
		b.Run(preset, func(b *testing.B) { benchmarkStep(b, preset) })
	}
}

func benchmarkStep(b *testing.B, preset string) {
	n, err := openNet(preset)
	if err != nil {
		b.Fatal(err)
	}
	const batch = 32
	g, _ := mustGraph(b, n, Shape{64, 64, 1}, batch, 7)
	solver := conv.NewAdam(1e-4)
	if _, err := g.step(solver, 0); err != nil { // makes the buffers
		b.Fatal(err)
	}
	for step := uint64(1); b.Loop(); step++ {
		if _, err := g.step(solver, step); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*batch/b.Elapsed().Seconds(), "patches/s")
}

// BenchmarkInference evaluates every preset on batches of 32 patches.
func BenchmarkInference(b *testing.B) {
	for _, preset := range Presets() {
		b.Run(preset, func(b *testing.B) { benchmarkPredict(b, preset, 32) })
	}
}

// BenchmarkPredictOne is one patch through preset compact.
func BenchmarkPredictOne(b *testing.B) { benchmarkPredict(b, "compact", 1) }

func benchmarkPredict(b *testing.B, preset string, batch int) {
	n, err := openNet(preset)
	if err != nil {
		b.Fatal(err)
	}
	in := Shape{64, 64, 1}
	w, err := n.newWeights(in, 7, 1, "bench")
	if err != nil {
		b.Fatal(err)
	}
	m := &Model{In: in, weights: w, evaluators: map[int]*evaluator{}, description: description{Net: n, In: in}}
	p := make([]data.Patch, batch)
	for i := range p {
		p[i] = data.Patch{Channels: 1, Bands: 64, Frames: 64, Values: make([]float32, 4096)}
	}
	for b.Loop() {
		if _, err := m.Predict(p); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "patches/s")
}
