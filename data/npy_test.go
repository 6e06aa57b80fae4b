package data

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

func FuzzPatchesHeader(f *testing.F) {
	f.Add(NpyHead("<f4", 3, 64, 64))
	f.Fuzz(func(t *testing.T, b []byte) {
		if shape, err := parseNpyHead(b); err == nil && len(shape) < 3 {
			t.Errorf("accepted the shape %v", shape)
		}
	})
}

func TestWriteNpy(t *testing.T) {
	var b bytes.Buffer
	if err := WriteNpy(&b, "<f4", []int{2, 1}, []float32{1, -2}); err != nil {
		t.Fatal(err)
	}
	want := "\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }"
	if got := b.Bytes(); string(got[:len(want)]) != want || got[npyHeader-1] != '\n' {
		t.Errorf("the header is %q", got[:npyHeader])
	}
	if got := b.Bytes()[npyHeader:]; !slices.Equal(got, []byte{0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0}) {
		t.Errorf("the values are % x", got)
	}
	if err := WriteNpy(full{}, "<i8", []int{1}, []int64{1}); err != errFull {
		t.Errorf("a full disk: got %v", err)
	}
}

// full is a disk without space.
type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestAppendFloatsKeepsWhatWasThere(t *testing.T) {
	got := AppendFloats([]byte{7}, []float32{1, 0.5})
	if want := []byte{7, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x3f}; !slices.Equal(got, want) {
		t.Errorf("got % x, want % x", got, want)
	}
	if got := AppendFloats(nil, nil); len(got) != 0 {
		t.Errorf("of nothing: % x", got)
	}
}
