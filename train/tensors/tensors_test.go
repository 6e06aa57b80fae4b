package tensors

import (
	"bytes"
	"math"
	"slices"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	want := []Array{{Name: "a", Shape: []int{2, 3}, Data: []float32{1, -2, 3.5, 0, float32(math.Inf(1)), 1e-40}},
		{Name: "b", Shape: []int{0}, Data: []float32{}}, {Name: "c", Shape: []int{2, 1}, Bytes: []byte{255, 3}}}
	var file bytes.Buffer
	if err := Write(&file, want, map[string]string{"k": "\"v\"\n"}); err != nil {
		t.Fatal(err)
	}
	got, metadata, err := Read(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range want {
		if g := got[b.Name]; !slices.Equal(g.Data, b.Data) || !slices.Equal(g.Bytes, b.Bytes) || !slices.Equal(g.Shape, b.Shape) {
			t.Errorf("%s: got %v, want %v", b.Name, g, b)
		}
	}
	if metadata["k"] != "\"v\"\n" {
		t.Errorf("metadata: got %q", metadata)
	}
	for cut := range file.Len() {
		if _, _, err := Read(file.Bytes()[:cut]); err == nil {
			t.Errorf("cut to %d of %d bytes: no error", cut, file.Len())
		}
	}
}

func FuzzRead(f *testing.F) {
	var file bytes.Buffer
	if err := Write(&file, []Array{{Name: "a", Shape: []int{2}, Data: []float32{1, 2}}, {Name: "b", Shape: []int{1}, Bytes: []byte{7}}}, map[string]string{"k": "v"}); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		arrays, _, err := Read(raw)
		for name, b := range arrays {
			if err == nil && len(b.Data)+len(b.Bytes) != elements(b.Shape) {
				t.Errorf("%s: %d elements in shape %v", name, len(b.Data)+len(b.Bytes), b.Shape)
			}
		}
	})
}
