package train

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// What a model's normalization did to decibels, the layer takes back: band by band and channel by channel.
func TestPCENTakesNormalizationBack(t *testing.T) {
	n := Net{[]Layer{{Type: layerPCEN}}}
	in := Shape{Bands: 2, Frames: 3, Channels: 2}
	w, err := n.newWeights(in, 2, 1, "test")
	if err != nil {
		t.Fatal(err)
	}
	norm := Normalization{Mean: []float32{-10, -20, -30, -40}, Scale: []float32{1, 2, 3, 4}} // channels x bands
	w.setLevels(n, norm, in)
	for i, want := range []float64{-10, -30, -20, -40} { // bands x channels
		if got := float64(w.stats[0].Data[i]) / nepers; math.Abs(got-want) > 1e-5 {
			t.Errorf("mean of value %d: got %g dB, want %g", i, got, want)
		}
	}
	if got := float64(w.stats[1].Data[1]) / nepers; math.Abs(got-3) > 1e-5 {
		t.Errorf("scale: got %g dB, want 3", got)
	}
	d, err := n.Describe(in, 2)
	if err != nil || d.Rows[0].Parameters != 16 {
		t.Errorf("got %+v, %v; want 16 parameters", d.Rows, err)
	}
}

// The weights that ONNX has of earlier frames are those of the smoother.
func TestPCENPastIsTheSmoother(t *testing.T) {
	const s, frames = 0.25, 5
	past, start := pastWeights([]float32{0.5, s}, frames)
	energies, level := []float64{3, 1, 4, 1, 5}, 2.0
	for at, e := range energies {
		level += s * (e - level)
		got := 2 * float64(start[frames+at])
		for from, e := range energies {
			got += e * float64(past[(frames+from)*frames+at])
		}
		if math.Abs(got-level) > 1e-6 {
			t.Errorf("frame %d: got %g, want %g", at, got, level)
		}
	}
}

func TestPCENIsFirstAndReadsDecibels(t *testing.T) {
	if _, err := parseNet([]byte("layers:\n  - {type: batch_norm}\n  - {type: pcen}\n")); err == nil || !strings.Contains(err.Error(), "layer 2 (pcen): it takes the energies of patches, so it must be the first") {
		t.Errorf("got %v", err)
	}
	for recipe, want := range map[string]string{
		`{"channels": [{"kind": "mel", "unit": "dB re the patch's peak"}]}`:                           "",
		`{"channels": [{"kind": "mel", "unit": "dB re 1"}, {"kind": "mfcc", "unit": "coefficient"}]}`: "mfcc patches are in coefficient: train it on mel or linear patches",
		`{}`: "does not say what they are in",
	} {
		if err := checkEnergies(json.RawMessage(recipe)); err == nil && want != "" || err != nil && (want == "" || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", recipe, err, want)
		}
	}
}

func TestPCENInONNX(t *testing.T) {
	n := Net{append([]Layer{{Type: layerPCEN}}, tiny.Layers...)}
	w, err := n.newWeights(tinyShape, 3, 1, "test")
	if err != nil {
		t.Fatal(err)
	}
	d := description{Net: n, In: tinyShape, Classes: []string{"a", "b", "c"}, Normalization: Normalization{make([]float32, 16), make([]float32, 16)}}
	var file bytes.Buffer
	if err := writeONNX(&file, d, w, nil); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Exp", "ReduceMean", "Unsqueeze", "MatMul", "Squeeze", "Pow", "pcen.past", "pcen.start"} {
		if !strings.Contains(file.String(), want) {
			t.Errorf("%q is not in the file", want)
		}
	}
}

// A network that begins with the layer learns, and its predictions are those of its graph when it is read.
func TestPCENTrainsAndIsRead(t *testing.T) {
	set := makeSet(t, 4, 3)
	c := smallConfig()
	c.Layers = []Layer{{Type: layerPCEN}, {Type: layerNorm}, {Type: layerConv, Filters: 4, Kernel: Size{3, 3}}, {Type: layerAverage}}
	mustRun(t, set, c)
	dir := set.Path("models", c.Name)
	m, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	norm := m.description.Normalization
	for i, b := range m.weights.stats[0].Data {
		if got, want := float64(b), float64(nepers*norm.Mean[i]); math.Abs(got-want) > 1e-6 {
			t.Errorf("level of band %d: got %g, want %g", i, got, want)
		}
	}
	learned := m.weights.trained[3] // the smoothing
	first := float32(math.Log(pcenSmoothing / (1 - pcenSmoothing)))
	moved := 0
	for _, v := range learned.Data {
		if v != first {
			moved++
		}
	}
	if !strings.HasSuffix(learned.Name, ".smoothing") || moved == 0 {
		t.Errorf("%s: %d of %d values have moved", learned.Name, moved, len(learned.Data))
	}
}
