// Package tensors reads and writes safetensors, the file format of weights and of checkpoints: the
// length of a JSON header in eight bytes, the header, then the arrays one after the other,
// little-endian (https://github.com/huggingface/safetensors#format).
package tensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"prep/data"
)

// Array is one named array: of 32-bit floats, row-major, or of bytes.
type Array struct {
	Name  string
	Shape []int
	Data  []float32
	Bytes []byte // of an array of signed bytes, which has no Data
}

// tensorEntry is what the header says of one array.
type tensorEntry struct {
	DType   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

const metadataKey = "__metadata__"

// headerAlignment is what the format's own library pads the header to.
const headerAlignment = 8

// Write writes arrays in the given order, and words about them.
func Write(w io.Writer, arrays []Array, metadata map[string]string) error {
	header := map[string]any{}
	if len(metadata) > 0 {
		header[metadataKey] = metadata
	}
	at := 0
	for _, a := range arrays {
		end := at + len(a.bytes())
		header[a.Name] = tensorEntry{a.dtype(), a.Shape, [2]int{at, end}}
		at = end
	}
	head, err := json.Marshal(header)
	if err != nil {
		return err
	}
	head = append(head, bytes.Repeat([]byte{' '}, -len(head)&(headerAlignment-1))...)
	if err := binary.Write(w, binary.LittleEndian, uint64(len(head))); err != nil {
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	for _, a := range arrays {
		if _, err := w.Write(a.bytes()); err != nil {
			return err
		}
	}
	return nil
}

// The types of array: 32-bit floats, and bytes, which a network has none of.
const (
	typeF32 = "F32"
	typeI8  = "I8"
)

func (a Array) dtype() string {
	if a.Bytes != nil {
		return typeI8
	}
	return typeF32
}

func (a Array) bytes() []byte {
	if a.Bytes != nil {
		return a.Bytes
	}
	return data.AppendFloats(nil, a.Data)
}

// Read reads what Write wrote: the arrays by name and the words.
// It fails on anything cut short, of another type or inconsistent.
func Read(raw []byte) (map[string]Array, map[string]string, error) {
	if len(raw) < 8 || binary.LittleEndian.Uint64(raw) > uint64(len(raw)-8) {
		return nil, nil, errors.New("the file is truncated or no safetensors file")
	}
	size := int(binary.LittleEndian.Uint64(raw))
	var header map[string]json.RawMessage
	if err := json.Unmarshal(raw[8:8+size], &header); err != nil {
		return nil, nil, fmt.Errorf("the header is damaged: %w", err)
	}
	var metadata map[string]string
	if m, ok := header[metadataKey]; ok {
		if err := json.Unmarshal(m, &metadata); err != nil {
			return nil, nil, fmt.Errorf("the metadata is damaged: %w", err)
		}
		delete(header, metadataKey)
	}
	entries, err := decodeEntries(header, len(raw)-8-size)
	if err != nil {
		return nil, nil, err
	}
	arrays := map[string]Array{}
	for name, e := range entries {
		arrays[name] = e.array(name, raw[8+size:])
	}
	return arrays, metadata, nil
}

// decodeEntries decodes what the header says of each array, and fails unless the
// arrays lie in a body of so many bytes, each in bytes of its own: the format has
// them follow each other without a gap.
func decodeEntries(header map[string]json.RawMessage, body int) (map[string]tensorEntry, error) {
	entries := map[string]tensorEntry{}
	total := 0
	for name, raw := range header {
		e, err := decodeEntry(raw, body)
		if err != nil {
			return nil, fmt.Errorf("array %.80q: %w", name, err)
		}
		if total += e.Offsets[1] - e.Offsets[0]; total > body {
			return nil, errors.New("its arrays overlap")
		}
		entries[name] = e
	}
	return entries, nil
}

// decodeEntry decodes what the header says of an array, which must fit a body of so
// many bytes.
func decodeEntry(raw json.RawMessage, body int) (e tensorEntry, err error) {
	if err := json.Unmarshal(raw, &e); err != nil {
		return e, err
	}
	lo, hi := e.Offsets[0], e.Offsets[1]
	width, ok := map[string]int{typeF32: 4, typeI8: 1}[e.DType]
	switch {
	case !ok:
		return e, fmt.Errorf("type is %.40q, want F32 or I8", e.DType)
	case hi > body:
		return e, errors.New("the file is truncated")
	case len(e.Shape) > maxRank:
		return e, fmt.Errorf("a shape of %d dimensions", len(e.Shape))
	case lo < 0 || hi < lo || hi-lo != width*elements(e.Shape):
		return e, fmt.Errorf("bytes [%d, %d) do not hold shape %v", lo, hi, e.Shape)
	}
	return e, nil
}

// maxRank bounds the dimensions of an array: prep's have at most four.
const maxRank = 8

// array takes the array out of the body.
func (e tensorEntry) array(name string, body []byte) Array {
	lo, hi := e.Offsets[0], e.Offsets[1]
	if e.DType == typeI8 {
		return Array{Name: name, Shape: e.Shape, Bytes: slices.Clone(body[lo:hi])}
	}
	a := Array{Name: name, Shape: e.Shape, Data: make([]float32, (hi-lo)/4)}
	data.ReadFloats(a.Data, body[lo:hi])
	return a
}

// elements returns the number of elements of a shape, -1 for one that cannot
// be: negative, or larger than any file read whole.
func elements(shape []int) int {
	n := 1
	for _, d := range shape {
		if d < 0 || d > math.MaxInt32 || n > math.MaxInt32 {
			return -1
		}
		n *= d
	}
	return n
}
