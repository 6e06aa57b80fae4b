package stft

import (
	"errors"
	"math"
	"math/cmplx"
	"slices"
	"testing"

	"prep/data"
	"prep/data/cpu"
)

func TestHannIsPeriodicAndSumsToHalf(t *testing.T) {
	window, sum := Hann(64), 0.0
	for i, w := range window {
		sum += float64(w)
		if mirror := window[(64-i)%64]; math.Abs(float64(w-mirror)) > 1e-7 {
			t.Errorf("w[%d] = %v, w[%d] = %v", i, w, 64-i, mirror)
		}
	}
	if math.Abs(sum-32) > 1e-5 || window[0] != 0 || math.Abs(float64(window[32]-1)) > 1e-6 {
		t.Errorf("sum %v, ends %v, middle %v; want 32, 0, 1", sum, window[0], window[32])
	}
}

func TestFramesAndSpan(t *testing.T) {
	s := New(Hann(512), 2048, 32)
	for n, want := range map[int]int{0: 0, 511: 0, 512: 1, 543: 1, 544: 2, 2528: 64} {
		if got := s.frames(n); got != want {
			t.Errorf("Frames(%d) = %d, want %d", n, got, want)
		}
	}
	for frames, want := range map[int]int{-1: 0, 0: 0, 1: 512, 64: 2528} {
		if got := s.span(frames); got != want {
			t.Errorf("Span(%d) = %d, want %d", frames, got, want)
		}
	}
}

// withAndWithoutAVX runs fn on both kernel paths.
func withAndWithoutAVX(t *testing.T, fn func(t *testing.T)) {
	t.Run("vector", fn)
	defer cpu.Limit(cpu.Generic)()
	t.Run("plain", fn)
}

// A frame read at a position equals the transform of those samples alone, on
// both sides of the recording's edges.
func TestReadFramesAnywhere(t *testing.T) {
	withAndWithoutAVX(t, func(t *testing.T) {
		for _, size := range []struct{ window, fft, hop, frames int }{
			{100, 128, 37, 40}, {64, 64, 8, 8}, {7, 8, 3, 9}, {4, 4, 1, 1}, {512, 2048, 32, 17}, {33, 256, 40, 16}, {256, 256, 300, 3},
		} {
			readAnywhere(t, size.window, size.fft, size.hop, size.frames)
		}
	})
}

func readAnywhere(t *testing.T, window, fft, hop, frames int) {
	const n, start = 900, -200
	x := noise(n)
	s := New(Hann(window), fft, hop)
	dst := make([]float32, frames*s.Bins())
	lanes := make([]float32, (frames+Lanes-1)/Lanes*Lanes*s.Bins())
	for i := range lanes {
		lanes[i] = -1
	}
	r := data.Clip{Rate: 44100, Samples: x}
	if err := errors.Join(s.Read(dst, r, start, frames), s.ReadLanes(lanes, r, start, frames)); err != nil {
		t.Fatal(err)
	}
	plan, frame, want := NewPlan(fft), make([]float32, window), make([]float32, fft/2+1)
	for f := range len(lanes) / s.Bins() {
		for i, w := range Hann(window) {
			frame[i] = 0
			if at := start + f*hop + i; f < frames && at >= 0 && at < n {
				frame[i] = w * x[at]
			}
		}
		plan.Power(want, frame)
		for k := range want {
			got := lanes[(f/Lanes*s.Bins()+k)*Lanes+f%Lanes]
			if f < frames && dst[f*s.Bins()+k] != got {
				t.Fatalf("window %d, frame %d bin %d: %v in lanes, %v in a row", window, f, k, got, dst[f*s.Bins()+k])
			}
			if math.Abs(float64(got-want[k])) > 1e-5*float64(slices.Max(want)) {
				t.Fatalf("window %d, frame %d bin %d: got %v, want %v", window, f, k, got, want[k])
			}
		}
	}
}

func TestDotAndSqrt(t *testing.T) {
	withAndWithoutAVX(t, func(t *testing.T) {
		for n := range 21 {
			w, x := noise(n), noise(n*Lanes)
			got := [Lanes]float32{1, 1, 1, 1, 1, 1, 1, 1}
			Dot(&got, w, x)
			for l := range got {
				want := 0.0
				for i := range w {
					want += float64(w[i]) * float64(x[i*Lanes+l])
				}
				if math.Abs(float64(got[l])-want) > 1e-5 {
					t.Errorf("%d values, lane %d: got %v, want %v", n, l, got[l], want)
				}
			}
			for i := range x {
				x[i] *= x[i]
			}
			roots := slices.Clone(x)
			Sqrt(roots)
			for i := range x {
				if want := float32(math.Sqrt(float64(x[i]))); roots[i] != want {
					t.Errorf("root of %v: got %v, want %v", x[i], roots[i], want)
				}
			}
		}
	})
}

func TestAddProduct(t *testing.T) {
	withAndWithoutAVX(t, func(t *testing.T) {
		for n := range 30 {
			z, x, k := Sequence{noise(n), noise(n + 1)[:n]}, Sequence{noise(n + 2), noise(n + 3)}, Sequence{noise(n + 4), noise(n + 5)}
			want := make([]complex128, n)
			at := func(s Sequence, i int) complex128 { return complex(float64(s.Re[i]), float64(s.Im[i])) }
			for i := range want {
				want[i] = at(z, i) + at(x, i)*at(k, i)
			}
			z.AddProduct(x, k)
			for i := range want {
				if cmplx.Abs(at(z, i)-want[i]) > 1e-5 {
					t.Errorf("value %d of %d: got %v, want %v", i, n, at(z, i), want[i])
				}
			}
		}
	})
}

// Both kernel paths give the same bits where Go does not fuse multiplications
// and additions.
// The kernels give the bits that the Go code gives, whatever the strides.
func TestTransformsAgreeToTheBit(t *testing.T) {
	for n := 4; n <= 65536; n *= 2 {
		for _, p := range []*Plan{NewPlan(n), NewEight(n)} {
			m := n / 2 * p.lanes
			var re, im [2][]float32
			for i, l := range []cpu.Level{cpu.AVX512, cpu.Generic} {
				restore := cpu.Limit(l)
				re[i], im[i] = noise(m), noise(m + 1)[:m]
				p.Complex(re[i], im[i])
				restore()
			}
			if !slices.Equal(re[0], re[1]) || !slices.Equal(im[0], im[1]) {
				t.Errorf("n %d, %d lanes: other bits with vectors", n, p.lanes)
			}
		}
	}
}

func TestKernelsAgree(t *testing.T) {
	spectra := func() []float32 {
		s := New(Hann(512), 1024, 32)
		dst := make([]float32, 16*s.Bins())
		s.power(dst, noise(512+15*32))
		return dst
	}
	want := spectra()
	defer cpu.Limit(cpu.Generic)()
	for i, got := range spectra() {
		if math.Abs(float64(got-want[i])) > 1e-6*float64(slices.Max(want)) {
			t.Fatalf("value %d: %v without vectors, %v with", i, got, want[i])
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
