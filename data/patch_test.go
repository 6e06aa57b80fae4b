package data

import (
	"fmt"
	"testing"
)

func TestPatchGoesThroughItsBinaryForm(t *testing.T) {
	want := Patch{"r-000000012", 1, 2, 3, []float32{1, -2, 3.5, 0, 1e-30, -1e30}}
	b, err := want.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var got Patch
	if err := got.UnmarshalBinary(b); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for n := range b {
		if got.UnmarshalBinary(b[:n]) == nil {
			t.Errorf("the first %d of %d bytes pass for a patch", n, len(b))
		}
	}
}
