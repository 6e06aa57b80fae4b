package train

import (
	"fmt"
	"io"
	"strings"

	"prep/data"
	"prep/train/conv"
)

// The field numbers and constants of onnx.proto
// (https://github.com/onnx/onnx/blob/v1.15.0/onnx/onnx.proto).
const (
	modelIRVersion, modelProducer, modelProducerVersion = 1, 2, 3
	modelGraph, modelOpset, modelMetadata               = 7, 8, 14
	entryKey, entryValue                                = 1, 2
	opsetVersion                                        = 2

	graphNode, graphName, graphInitializer, graphInput, graphOutput = 1, 2, 5, 11, 12

	nodeInput, nodeOutput, nodeName, nodeOpType, nodeAttribute = 1, 2, 3, 4, 5

	attributeName, attributeF, attributeI, attributeS, attributeInts, attributeType = 1, 2, 3, 4, 8, 20
	typeFloat, typeInt, typeString, typeInts                                        = 1, 2, 3, 7

	tensorDims, tensorType, tensorName, tensorRaw = 1, 2, 8, 9
	elementFloat, elementInt64                    = 1, 7

	valueName, valueType                    = 1, 2
	valueTensor                             = 1
	valueElement, valueShape                = 1, 2
	shapeDim, dimensionValue, dimensionName = 1, 1, 2
)

// onnxOpset is that of the operators used; onnxIR the file format of its time
// (ONNX 1.12).
const (
	onnxOpset = 17
	onnxIR    = 8
)

// onnxWriter writes a network as an ONNX graph whose input is N x channels x
// bands x frames patches as the recipe makes them, and whose output N x classes
// probabilities: normalization and softmax are part of it.
type onnxWriter struct {
	graph   message
	d       description
	w       map[string]blob
	at      string // the value that the next node reads
	shape   Shape  // of at
	flat    bool   // at is N x channels
	nodes   int
	written map[string]bool // arrays of integers
}

// writeONNX writes the model as an ONNX file with a dynamic batch; head is nil where the
// network's output layer names the classes.
func writeONNX(w io.Writer, d description, weights weights, head *head) error {
	o := &onnxWriter{d: d, w: map[string]blob{}, at: "patches", shape: d.In, written: map[string]bool{}}
	o.graph.bytes(graphInput, valueInfo("patches", d.In.Channels, d.In.Bands, d.In.Frames))
	return o.write(w, weights, head)
}

// write writes the network behind what made the patches.
func (o *onnxWriter) write(w io.Writer, weights weights, head *head) error {
	d := o.d
	for _, b := range weights.list() {
		o.w[b.Name] = b
	}
	o.graph.text(graphName, "prep")
	o.normalize()
	for i := range d.Net.Layers {
		if err := o.layer(i); err != nil {
			return err
		}
	}
	if head == nil {
		o.dense(len(d.Net.Layers))
	} else {
		o.head(*head)
	}
	o.nodeTo("probabilities", "Softmax", nil, intAttribute("axis", 1))
	o.graph.bytes(graphOutput, valueInfo("probabilities", len(d.Classes)))
	_, err := w.Write(o.model())
	return err
}

// model wraps the graph.
func (o *onnxWriter) model() message {
	var m, opset message
	m.number(modelIRVersion, onnxIR)
	m.text(modelProducer, "prep")
	m.text(modelProducerVersion, data.Version)
	m.bytes(modelGraph, o.graph)
	opset.number(opsetVersion, onnxOpset)
	m.bytes(modelOpset, opset)
	for _, e := range [][2]string{{"classes", strings.Join(o.d.Classes, "\n")}, {"recipe", string(o.d.Recipe)}} {
		var entry message
		entry.text(entryKey, e[0])
		entry.text(entryValue, e[1])
		m.bytes(modelMetadata, entry)
	}
	return m
}

// normalize takes the mean from each band and divides by its scale.
func (o *onnxWriter) normalize() {
	shape := []int{1, o.d.In.Channels, o.d.In.Bands, 1}
	n := o.d.Normalization
	o.node("Sub", []string{o.initializer(blob{Name: "normalization.mean", Shape: shape, Data: n.Mean})})
	o.node("Div", []string{o.initializer(blob{Name: "normalization.scale", Shape: shape, Data: n.Scale})})
}

// layer writes one described layer. Dropout is none in a trained network.
func (o *onnxWriter) layer(i int) error {
	l := o.d.Net.Layers[i]
	out, err := l.outputShape(o.shape)
	if err != nil {
		return err
	}
	switch l.Type {
	case layerPCEN:
		o.pcen(i)
	case layerConv:
		w := l.window()
		kernel := o.initializer(transposeKernel(o.blob(i, partKernel)))
		o.node("Conv", []string{kernel, o.part(i, partBias)}, textAttribute("auto_pad", "SAME_UPPER"),
			intsAttribute("kernel_shape", w.KernelH, w.KernelW), intsAttribute("strides", w.StrideH, w.StrideW))
	case layerPool:
		w := l.window()
		op := map[string]string{poolMax: "MaxPool", poolAvg: "AveragePool"}[l.Kind]
		o.node(op, nil, intsAttribute("kernel_shape", w.KernelH, w.KernelW), intsAttribute("strides", w.StrideH, w.StrideW))
	case layerNorm:
		o.node("BatchNormalization", []string{o.part(i, partGamma), o.part(i, partBeta), o.part(i, partMean), o.part(i, partVar)},
			floatAttribute("epsilon", conv.NewRunningStats(1).Epsilon))
	case layerAverage:
		o.node("GlobalAveragePool", nil)
		o.node("Flatten", nil, intAttribute("axis", 1))
		o.flat = true
	case layerDense:
		o.dense(i)
	}
	if o.d.Net.hasReLU(i) {
		o.node("Relu", nil)
	}
	o.shape = out
	return nil
}

// dense writes a matrix product over the values in the order that ours have in
// memory: bands, frames, channels.
func (o *onnxWriter) dense(i int) {
	o.flatten()
	o.node("Gemm", []string{o.part(i, partKernel), o.part(i, partBias)})
}

// flatten makes a map a vector.
func (o *onnxWriter) flatten() {
	if !o.flat {
		o.node("Transpose", nil, intsAttribute("perm", 0, 2, 3, 1))
		o.node("Flatten", nil, intAttribute("axis", 1))
		o.flat = true
	}
}

// head writes a head's scores: those of statistics.of and head.probabilities.
func (o *onnxWriter) head(h head) {
	o.flatten()
	embedding := o.at
	s := newStatistics(o.d.In)
	cosines := make([]float32, o.d.In.Bands*len(s.cosines))
	for q, row := range s.cosines {
		for b, v := range row {
			cosines[b*len(s.cosines)+q] = v
		}
	}
	constant := func(name string, data []float32, shape ...int) []string {
		return []string{o.initializer(blob{Name: name, Shape: shape, Data: data})}
	}
	o.at = "patches"
	o.node("Transpose", nil, intsAttribute("perm", 0, 1, 3, 2))
	o.node("MatMul", constant("head.cosines", cosines, o.d.In.Bands, len(s.cosines)))
	o.node("Transpose", nil, intsAttribute("perm", 0, 1, 3, 2))
	o.node("MatMul", constant("head.spans", s.means(), o.d.In.Frames, len(s.spans)-1))
	o.node("Flatten", nil, intAttribute("axis", 1))
	statistics := o.at
	o.at = embedding
	o.node("Concat", []string{statistics}, intAttribute("axis", 1))
	d, n := len(h.mean), len(h.vectors)
	o.node("Sub", constant(headMean, h.mean, 1, d))
	o.node("Mul", constant(headScale, h.scale, 1, d))
	vector := o.at
	o.node("ReduceSumSquare", nil, intsAttribute("axes", 1), intAttribute("keepdims", 1))
	square := o.at
	products, squares := make([]float32, d*n), make([]float32, n)
	for i, v := range h.vectors {
		for j, x := range v {
			products[j*n+i] = -2 * x
			squares[i] += x * x
		}
	}
	o.at = vector
	o.node("MatMul", constant(headVectors, products, d, n))
	o.node("Add", []string{square})
	o.node("Add", constant("head.squares", squares, 1, n))
	o.node("Mul", constant("head.gamma", []float32{-headGamma}, 1))
	o.node("Exp", nil)
	o.node("MatMul", constant(headWeights, h.weights, n, len(h.bias)))
	o.node("Add", constant(headBias, h.bias, 1, len(h.bias)))
	o.node("Mul", constant("head.slope", []float32{headSlope}, 1))
}

// blob returns a part of layer i.
func (o *onnxWriter) blob(i int, part string) blob { return o.w[o.d.Net.blobName(i, part)] }

// part writes a part of layer i as an initializer and returns its name.
func (o *onnxWriter) part(i int, part string) string { return o.initializer(o.blob(i, part)) }

// transposeKernel returns a kernel of bands x frames x inputs x outputs as ONNX
// has it: outputs x inputs x bands x frames.
func transposeKernel(b blob) blob {
	taps, inputs, outputs := b.Shape[0]*b.Shape[1], b.Shape[2], b.Shape[3]
	t := blob{Name: b.Name, Shape: []int{outputs, inputs, b.Shape[0], b.Shape[1]}, Data: make([]float32, len(b.Data))}
	for tap := range taps {
		for in := range inputs {
			for out := range outputs {
				t.Data[(out*inputs+in)*taps+tap] = b.Data[(tap*inputs+in)*outputs+out]
			}
		}
	}
	return t
}

// initializer writes an array and returns its name.
func (o *onnxWriter) initializer(b blob) string {
	o.array(b.Name, elementFloat, data.AppendFloats(nil, b.Data), b.Shape...)
	return b.Name
}

// array writes the little-endian bytes of an array.
func (o *onnxWriter) array(name string, element int, raw []byte, shape ...int) {
	var t message
	for _, d := range shape {
		t.number(tensorDims, d)
	}
	t.number(tensorType, element)
	t.text(tensorName, name)
	t.bytes(tensorRaw, raw)
	o.graph.bytes(graphInitializer, t)
}

// node writes a node that reads the value before it and further inputs.
func (o *onnxWriter) node(op string, inputs []string, attributes ...message) {
	o.nodeTo(fmt.Sprintf("%s_%d", op, o.nodes), op, inputs, attributes...)
}

// nodeTo is node with a name for the output.
func (o *onnxWriter) nodeTo(output, op string, inputs []string, attributes ...message) {
	o.nodeOf(output, op, append([]string{o.at}, inputs...), attributes...)
}

// nodeOf writes a node that reads the inputs alone.
func (o *onnxWriter) nodeOf(output, op string, inputs []string, attributes ...message) {
	var n message
	for _, in := range inputs {
		n.text(nodeInput, in)
	}
	n.text(nodeOutput, output)
	n.text(nodeName, output)
	n.text(nodeOpType, op)
	for _, a := range attributes {
		n.bytes(nodeAttribute, a)
	}
	o.graph.bytes(graphNode, n)
	o.at = output
	o.nodes++
}

func attribute(name string, kind int) (a message) {
	a.text(attributeName, name)
	a.number(attributeType, kind)
	return a
}

func intAttribute(name string, v int) message {
	a := attribute(name, typeInt)
	a.number(attributeI, v)
	return a
}

func intsAttribute(name string, values ...int) message {
	a := attribute(name, typeInts)
	for _, v := range values {
		a.number(attributeInts, v)
	}
	return a
}

func floatAttribute(name string, v float32) message {
	a := attribute(name, typeFloat)
	a.float(attributeF, v)
	return a
}

func textAttribute(name, v string) message {
	a := attribute(name, typeString)
	a.text(attributeS, v)
	return a
}

// valueInfo describes a float32 value of N x dims.
func valueInfo(name string, dims ...int) message {
	var batch, shape, tensor, kind, info message
	batch.text(dimensionName, "N")
	shape.bytes(shapeDim, batch)
	for _, v := range dims {
		var d message
		d.number(dimensionValue, v)
		shape.bytes(shapeDim, d)
	}
	tensor.number(valueElement, elementFloat)
	tensor.bytes(valueShape, shape)
	kind.bytes(valueTensor, tensor)
	info.text(valueName, name)
	info.bytes(valueType, kind)
	return info
}
