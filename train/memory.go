package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"

	"prep/data"
	"prep/train/tensors"
)

// memory is what a model keeps of hits that it learned from, for personal models to be made
// of it: memory.safetensors. A vector is kept in signed bytes, 127 of which are the largest
// value of its column.
type memory struct {
	head      head // how vectors are standardized
	hits      []knownHit
	recording []string // of each hit
}

// The arrays of memory.safetensors.
const (
	memoryVectors = "vectors" // hits x values, I8
	memoryStep    = "step"    // what one of a byte stands for, a column
	memoryMean    = "mean"    // of the standardization
	memoryScale   = "scale"
	memoryHits    = "hits" // the key of its metadata
)

// remembered is what the metadata says of a hit.
type remembered struct {
	Class     string `json:"class"`
	Recording string `json:"recording"`
}

// remember gathers the memory of the final model.
func (t *trainer) remember() (memory, error) {
	kept, vectors, err := t.final.remember(indices(len(t.s.examples)))
	if err != nil {
		return memory{}, err
	}
	m := memory{hits: vectors}
	for _, i := range kept {
		m.recording = append(m.recording, t.s.examples[i].Recording)
	}
	m.head.standardize(vectors, t.final.embedded())
	return m, nil
}

// writeMemory writes memory.safetensors.
func (t *trainer) writeMemory(w io.Writer) error {
	m, err := t.remember()
	if err != nil {
		return err
	}
	d := len(m.head.mean)
	step := make([]float32, d)
	for _, x := range m.hits {
		for j, v := range x.vector {
			step[j] = max(step[j], float32(math.Abs(float64(v-m.head.mean[j])))/math.MaxInt8)
		}
	}
	bytes := make([]byte, 0, len(m.hits)*d)
	hits := make([]remembered, len(m.hits))
	for i, x := range m.hits {
		for j, v := range x.vector {
			bytes = append(bytes, byte(int8(math.Round(float64((v-m.head.mean[j])/max(step[j], math.SmallestNonzeroFloat32))))))
		}
		hits[i] = remembered{t.s.classes[x.class], m.recording[i]}
	}
	words, err := json.Marshal(hits)
	if err != nil {
		return err
	}
	return tensors.Write(w, []blob{
		{Name: memoryVectors, Shape: []int{len(m.hits), d}, Bytes: bytes}, {Name: memoryStep, Shape: []int{d}, Data: step},
		{Name: memoryMean, Shape: []int{d}, Data: m.head.mean}, {Name: memoryScale, Shape: []int{d}, Data: m.head.scale},
	}, map[string]string{memoryHits: string(words)})
}

// readMemory reads the memory of the model that d describes. A model without one, as prep
// 0.1.0 made them, remembers nothing.
func readMemory(files fs.FS, d description) (m memory, err error) {
	raw, err := readFile(files, memoryFile)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	arrays, words, err := tensors.Read(raw)
	if err != nil {
		return m, err
	}
	var hits []remembered
	if err := json.Unmarshal([]byte(words[memoryHits]), &hits); err != nil {
		return m, fmt.Errorf("the metadata is damaged: %w", err)
	}
	bytes, step := arrays[memoryVectors].Bytes, arrays[memoryStep].Data
	m.head.mean, m.head.scale = arrays[memoryMean].Data, arrays[memoryScale].Data
	n := len(step)
	if n == 0 || len(m.head.mean) != n || len(m.head.scale) != n || len(bytes) != n*len(hits) {
		return m, errors.New("its arrays do not fit each other")
	}
	for i, h := range hits {
		class := slices.Index(d.Classes, h.Class)
		if class < 0 {
			return m, fmt.Errorf("hit %d is of class %q, which the model has not", i, h.Class)
		}
		v := make([]float32, n)
		for j := range v {
			v[j] = m.head.mean[j] + step[j]*float32(int8(bytes[i*n+j]))
		}
		m.hits = append(m.hits, knownHit{v, class, false})
		m.recording = append(m.recording, h.Recording)
	}
	return m, nil
}

// The arrays of a head among a model's weights.
const (
	headVectors = "head.vectors" // hits x values, standardized
	headWeights = "head.weights" // hits x classes
	headBias    = "head.bias"
	headMean    = "head.mean"
	headScale   = "head.scale"
)

// blobs returns the arrays of a head.
func (h head) blobs() []blob {
	d := len(h.mean)
	vectors := make([]float32, 0, len(h.vectors)*d)
	for _, v := range h.vectors {
		vectors = append(vectors, v...)
	}
	return []blob{
		{Name: headVectors, Shape: []int{len(h.vectors), d}, Data: vectors},
		{Name: headWeights, Shape: []int{len(h.vectors), len(h.bias)}, Data: h.weights},
		{Name: headBias, Shape: []int{len(h.bias)}, Data: h.bias},
		{Name: headMean, Shape: []int{d}, Data: h.mean}, {Name: headScale, Shape: []int{d}, Data: h.scale},
	}
}

// headOf returns the head among arrays, or fails where they do not fit each other.
func headOf(arrays map[string]blob, s headSettings, classes int) (*head, error) {
	h := &head{mean: arrays[headMean].Data, scale: arrays[headScale].Data,
		weights: arrays[headWeights].Data, bias: arrays[headBias].Data}
	vectors, d := arrays[headVectors].Data, len(h.mean)
	if d == 0 || len(h.scale) != d || len(h.bias) != classes || len(h.weights) != s.Hits*classes || len(vectors) != s.Hits*d {
		return nil, errors.New("the arrays of the head do not fit each other")
	}
	if s.Gamma != headGamma || s.Slope != headSlope {
		return nil, fmt.Errorf("the head has gamma %g and slope %g, this program computes %g and %g", s.Gamma, s.Slope, headGamma, float64(headSlope))
	}
	for v := range slices.Chunk(vectors, d) {
		h.vectors = append(h.vectors, v)
	}
	return h, nil
}

// lessons returns what the memory, whose classes have names, knows of other classes of the
// same sounds, but for recordings.
func (m memory) lessons(names, classes []string, without map[string]bool) (of []knownHit) {
	for i, x := range m.hits {
		k := slices.IndexFunc(classes, func(c string) bool { return data.Sound(c) == data.Sound(names[x.class]) })
		if k >= 0 && !without[m.recording[i]] {
			of = append(of, knownHit{x.vector, k, false})
		}
	}
	return of
}
