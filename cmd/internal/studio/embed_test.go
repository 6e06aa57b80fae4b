package studio

import (
	"reflect"
	"testing"
)

func TestWhatCannotBeEmbeddedLiesInTheMiddle(t *testing.T) {
	got := completed([][]float32{nil, {1, 4}, nil, {3, 0}})
	if want := [][]float32{{2, 2}, {1, 4}, {2, 2}, {3, 0}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := completed([][]float32{nil, nil}); got != nil {
		t.Errorf("of nothing: %v", got)
	}
}
