package stft

import (
	"math"
	"testing"

	"prep/data"
)

func TestWindows(t *testing.T) {
	tests := []struct {
		name   string
		window []float32
		sum    float64
		middle float32
	}{
		{"hann", Hann(64), 32, 1},
		{"hamming", Hamming(64), 0.54 * 64, 1},
		{"blackman", Blackman(64), 0.42 * 64, 1},
		{"rectangular", Rectangular(64), 64, 1},
	}
	for _, test := range tests {
		sum := 0.0
		for i, w := range test.window {
			sum += float64(w)
			if mirror := test.window[(64-i)%64]; math.Abs(float64(w-mirror)) > 1e-7 {
				t.Errorf("%s: w[%d] = %v, w[%d] = %v", test.name, i, w, 64-i, mirror)
			}
		}
		if math.Abs(sum-test.sum) > 1e-5 || math.Abs(float64(test.window[32]-test.middle)) > 1e-6 {
			t.Errorf("%s: sum %v, middle %v; want %v, %v", test.name, sum, test.window[32], test.sum, test.middle)
		}
	}
}

func TestFramesAndSpan(t *testing.T) {
	s := New(Hann(512), 2048, 32)
	for n, want := range map[int]int{0: 0, 511: 0, 512: 1, 543: 1, 544: 2, 2528: 64} {
		if got := s.Frames(n); got != want {
			t.Errorf("Frames(%d) = %d, want %d", n, got, want)
		}
	}
	for frames, want := range map[int]int{-1: 0, 0: 0, 1: 512, 64: 2528} {
		if got := s.Span(frames); got != want {
			t.Errorf("Span(%d) = %d, want %d", frames, got, want)
		}
	}
}

// A frame read at a position equals the transform of those samples alone, on
// both sides of the recording's edges.
func TestReadFramesAnywhere(t *testing.T) {
	const n, window, fft, hop, frames = 900, 100, 128, 37, 40
	x := noise(n)
	s := New(Hann(window), fft, hop)
	dst := make([]float32, frames*s.Bins())
	if err := s.Read(dst, data.Clip{Rate: 44100, Samples: x}, -200, frames); err != nil {
		t.Fatal(err)
	}
	plan, frame, want := NewPlan(fft), make([]float32, window), make([]float32, fft/2+1)
	for f := range frames {
		for i, w := range Hann(window) {
			frame[i] = 0
			if at := -200 + f*hop + i; at >= 0 && at < n {
				frame[i] = w * x[at]
			}
		}
		plan.Power(want, frame)
		for k := range want {
			if got := dst[f*s.Bins()+k]; got != want[k] {
				t.Fatalf("frame %d bin %d: got %v, want %v", f, k, got, want[k])
			}
		}
	}
}

func BenchmarkRead64Frames(b *testing.B) {
	for _, fft := range []int{512, 2048} {
		b.Run(map[int]string{512: "512", 2048: "512in2048"}[fft], func(b *testing.B) {
			s, clip := New(Hann(512), fft, 32), data.Clip{Rate: 44100, Samples: noise(4000)}
			dst := make([]float32, 64*s.Bins())
			for b.Loop() {
				_ = s.Read(dst, clip, 100, 64)
			}
		})
	}
}
