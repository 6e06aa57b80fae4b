package train

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"prep/data"
)

// WriteAudioONNX writes the model as an ONNX file whose input, "samples", is N x f.Samples
// samples around onsets, the onset at sample -f.First, and whose output is N x classes
// probabilities: f, the normalization, the network and the softmax are in it. It fails when
// f makes other patches than the model reads.
func (m *Model) WriteAudioONNX(w io.Writer, f data.Front) error {
	if (Shape{Channels: len(f.Planes), Bands: f.Bands, Frames: f.Frames}) != m.In {
		return errors.New("the samples become other patches than the model reads")
	}
	o := &onnxWriter{d: m.description, w: map[string]blob{}, at: "samples", shape: m.In, written: map[string]bool{}}
	o.graph.bytes(graphInput, valueInfo("samples", f.Samples))
	var planes []string
	for i, p := range f.Planes {
		planes = append(planes, o.plane(i, p, f))
	}
	o.nodeOf("patches", "Concat", planes, intAttribute("axis", 1))
	return o.write(w, m.weights, m.head)
}

// plane writes a channel of the patches and returns the name of N x 1 x bands x frames.
func (o *onnxWriter) plane(i int, p data.Plane, f data.Front) string {
	name := func(part string) string { return fmt.Sprintf("front.%d.%s", i, part) }
	array := func(part string, values []float32, shape ...int) string {
		return o.initializer(blob{Name: name(part), Shape: shape, Data: values})
	}
	o.at = "samples"
	end := p.Offset + (f.Frames-1)*p.Hop + p.Taps
	o.node("Slice", []string{o.integers(p.Offset), o.integers(end), o.integers(1)})
	o.node("Unsqueeze", []string{o.integers(1)})
	o.node("Conv", []string{array("filters", slices.Concat(p.Re, p.Im), 2*p.Filters, 1, p.Taps)},
		intsAttribute("kernel_shape", p.Taps), intsAttribute("strides", p.Hop))
	o.node("Mul", []string{o.at})
	o.left("MatMul", array("bank", twice(p.Bank, p.Filters), f.Bands, 2*p.Filters))
	if d := p.Decibels; d != nil {
		o.node("Max", []string{array("amin", []float32{float32(d.AMin)}, 1)})
		o.node("Log", nil)
		o.node("Mul", []string{array("decibels", []float32{10 / math.Ln10}, 1)})
		o.floor(*d, array)
	}
	if p.Last != nil {
		o.left("MatMul", array("last", p.Last, f.Bands, f.Bands))
	}
	o.node("Unsqueeze", []string{o.integers(1)})
	return o.at
}

// floor takes the largest of each plane away, and lifts what is too far below it.
func (o *onnxWriter) floor(d data.Decibels, array func(string, []float32, ...int) string) {
	level := o.at
	o.node("ReduceMax", nil, intsAttribute("axes", 1, 2), intAttribute("keepdims", 1))
	top := o.at
	if d.Max {
		o.at = level
		o.node("Sub", []string{top})
		if d.TopDB != 0 {
			o.node("Max", []string{array("floor", []float32{float32(-d.TopDB)}, 1)})
		}
		return
	}
	if d.TopDB != 0 {
		o.node("Sub", []string{array("range", []float32{float32(d.TopDB)}, 1)})
		o.node("Max", []string{level})
	} else {
		o.at = level
	}
}

// twice returns a bank for the squares of real parts and, behind them, of imaginary ones.
func twice(bank []float32, filters int) (both []float32) {
	for row := range slices.Chunk(bank, filters) {
		both = append(append(both, row...), row...)
	}
	return both
}

// left writes a node whose first input is an array and whose second the value before it.
func (o *onnxWriter) left(op, array string) {
	o.nodeOf(fmt.Sprintf("%s_%d", op, o.nodes), op, []string{array, o.at})
}

// integers writes an array of integers and returns its name. It is no node of the kind
// Constant, which onnx2tf does not read.
func (o *onnxWriter) integers(values ...int) string {
	name := fmt.Sprintf("integers.%v", values)
	if !o.written[name] {
		o.array(name, elementInt64, appendInts(nil, values), len(values))
		o.written[name] = true
	}
	return name
}

func appendInts(raw []byte, values []int) []byte {
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(v))
	}
	return raw
}

// AudioParity is what others check their reading of a model of samples against.
type AudioParity struct {
	In            Shape
	Length        int       // of the samples of a hit
	Samples       []float32 // n x Length
	Patches       []float32 // n x In
	Probabilities [][]float32
}

// Write writes the arrays samples, patches and probabilities as a NumPy archive.
func (p AudioParity) Write(w io.Writer) error {
	z, n := zip.NewWriter(w), len(p.Probabilities)
	err := errors.Join(
		writeArray(z, "samples", p.Samples, n, p.Length),
		writeArray(z, "patches", p.Patches, n, p.In.Channels, p.In.Bands, p.In.Frames),
		writeArray(z, "probabilities", slices.Concat(p.Probabilities...), n, len(p.Probabilities[0])),
	)
	return errors.Join(err, z.Close())
}
