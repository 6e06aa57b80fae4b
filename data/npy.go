package data

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// npyHeader is the fixed size of the header written: NumPy's format 1.0 pads
// it with spaces to a multiple of 64 bytes, so it can be filled in at the end.
const npyHeader = 128

// NpyText is the NumPy type of text of at most width characters, in UTF-32.
func NpyText(width int) string { return fmt.Sprintf("<U%d", width) }

// NpyHead returns the 128-byte header, in NumPy's format 1.0, of a C-ordered
// array whose values have the NumPy type descr: "<f4" for float32.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
func NpyHead(descr string, shape ...int) []byte {
	dims := strings.Trim(strings.ReplaceAll(fmt.Sprint(shape), " ", ", "), "[]")
	if len(shape) == 1 {
		dims += ","
	}
	dict := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, dims)
	h := []byte("\x93NUMPY\x01\x00")
	h = binary.LittleEndian.AppendUint16(h, npyHeader-10)
	h = append(h, dict...)
	h = append(h, bytes.Repeat([]byte{' '}, npyHeader-1-len(h))...)
	return append(h, '\n')
}

// WriteNpy writes an array of a shape in C order: its header and values, a slice
// of a number type whose binary form is descr's.
func WriteNpy(w io.Writer, descr string, shape []int, values any) error {
	if _, err := w.Write(NpyHead(descr, shape...)); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, values)
}

// AppendFloats appends x to raw, little-endian.
func AppendFloats(raw []byte, x []float32) []byte {
	at := len(raw)
	raw = slices.Grow(raw, 4*len(x))[:at+4*len(x)]
	for i, v := range x {
		binary.LittleEndian.PutUint32(raw[at+4*i:], math.Float32bits(v))
	}
	return raw
}

// ReadFloats fills dst from raw, little-endian, which must hold as many.
func ReadFloats(dst []float32, raw []byte) {
	raw = raw[:4*len(dst)]
	for i := range dst {
		dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
}

// parseNpyHead returns the shape in a header that NpyHead wrote.
func parseNpyHead(head []byte) ([]int, error) {
	_, rest, ok := bytes.Cut(head, []byte("'shape': ("))
	dims, _, ok2 := bytes.Cut(rest, []byte(")"))
	shape := make([]int, strings.Count(string(dims), ",")+1)
	if !ok || !ok2 || len(shape) < 3 || len(shape) > 4 {
		return nil, errors.New("not an array of patches")
	}
	for i, d := range strings.Split(string(dims), ",") {
		if _, err := fmt.Sscan(d, &shape[i]); err != nil || shape[i] < 0 || shape[i] > math.MaxInt32 {
			return nil, errors.New("not an array of patches")
		}
	}
	if err := checkPatch(shape[1:]); err != nil {
		return nil, err
	}
	if !bytes.Equal(NpyHead("<f4", shape...), head) {
		return nil, errors.New("not an array of float32 patches")
	}
	return shape, nil
}

// MaxPatch is how many values a patch has at most: 64 MiB of them.
const MaxPatch = 1 << 24

// checkPatch fails where patches of a shape have no values, or too many.
func checkPatch(shape []int) error {
	values := 1
	for _, d := range shape {
		if d < 1 || d > MaxPatch/values {
			return fmt.Errorf("patches of %s values; a patch has 1 to %d", strings.Join(strings.Fields(strings.Trim(fmt.Sprint(shape), "[]")), " x "), MaxPatch)
		}
		values *= d
	}
	return nil
}
