package ingest

import (
	"math"
	"slices"
	"testing"
)

// TestMono holds that mono is the mean of the channels, also of the loudest.
func TestMono(t *testing.T) {
	big := float32(math.MaxFloat32)
	tests := []struct {
		channels int
		x, want  []float32
	}{
		{1, []float32{1, -2}, []float32{1, -2}},
		{2, []float32{1, 3, big, big}, []float32{2, big}},
		{3, []float32{1, 2, 6, big, big, big}, []float32{3, big}},
	}
	for _, test := range tests {
		if got := mono(slices.Clone(test.x), test.channels); !slices.Equal(got, test.want) {
			t.Errorf("%d channels: %v, want %v", test.channels, got, test.want)
		}
	}
}
