package stft

import (
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/dsp/fourier"
)

func noise(n int) []float32 {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func reference(x []float32, n int) []complex128 {
	seq := make([]float64, n)
	for i, v := range x {
		seq[i] = float64(v)
	}
	return fourier.NewFFT(n).Coefficients(nil, seq)
}

func TestSpectrumAgreesWithGonum(t *testing.T) {
	for n := 4; n <= 16384; n *= 2 {
		for _, length := range []int{n, n/2 - 1, n / 4, 1, 0} {
			x := noise(length)
			want := reference(x, n)
			p := NewPlan(n)
			re, im, power := make([]float32, p.Bins()), make([]float32, p.Bins()), make([]float32, p.Bins())
			p.Spectrum(re, im, x)
			p.Power(power, x)
			worst, peak := 0.0, 1e-30
			for k, w := range want {
				worst = max(worst, cmplx.Abs(w-complex(float64(re[k]), float64(im[k]))))
				worst = max(worst, math.Abs(cmplx.Abs(w)-math.Sqrt(float64(power[k]))))
				peak = max(peak, cmplx.Abs(w))
			}
			if worst/peak > 1e-6 {
				t.Errorf("n %d, %d samples: error %.2g of the peak", n, length, worst/peak)
			}
		}
	}
}

func TestComplexInverts(t *testing.T) {
	for n := 4; n <= 4096; n *= 2 {
		p, re, im := NewPlan(2*n), noise(n), noise(n + 1)[:n]
		wantRe, wantIm := slices.Clone(re), slices.Clone(im)
		seq := make([]complex128, n)
		for i := range seq {
			seq[i] = complex(float64(re[i]), float64(im[i]))
		}
		p.Complex(re, im)
		for k, w := range fourier.NewCmplxFFT(n).Coefficients(nil, seq) {
			if d := cmplx.Abs(w - complex(float64(re[k]), float64(im[k]))); d > 1e-5*math.Sqrt(float64(n)) {
				t.Fatalf("n %d bin %d: off by %g", n, k, d)
			}
		}
		p.Complex(im, re)
		for i := range wantRe {
			if d := math.Hypot(float64(re[i]/float32(n)-wantRe[i]), float64(im[i]/float32(n)-wantIm[i])); d > 1e-5 {
				t.Fatalf("n %d sample %d: off by %g after the inverse", n, i, d)
			}
		}
	}
}

func TestInverseGivesTheSignalBack(t *testing.T) {
	for n := 4; n <= 16384; n *= 2 {
		p, x, got := NewPlan(n), noise(n), make([]float32, n)
		re, im := make([]float32, p.Bins()), make([]float32, p.Bins())
		p.Spectrum(re, im, x)
		p.Inverse(got, re, im)
		for i := range x {
			if d := math.Abs(float64(got[i] - x[i])); d > 1e-5 {
				t.Fatalf("n %d sample %d: off by %g", n, i, d)
			}
		}
	}
}

func TestEightComplexTransformsAreEachOnesOwn(t *testing.T) {
	const n = 128
	one, eight := NewPlan(2*n), NewEight(2*n)
	re, im := noise(n*Lanes), noise(n*Lanes+1)
	wantRe, wantIm := slices.Clone(re), slices.Clone(im)
	eight.Complex(re, im)
	for l := range Lanes {
		r, i := make([]float32, n), make([]float32, n)
		for t := range n {
			r[t], i[t] = wantRe[t*Lanes+l], wantIm[t*Lanes+l]
		}
		one.Complex(r, i)
		for k := range n {
			if d := math.Hypot(float64(re[k*Lanes+l]-r[k]), float64(im[k*Lanes+l]-i[k])); d > 1e-4 {
				t.Fatalf("transform %d bin %d: off by %g", l, k, d)
			}
		}
	}
}

func TestPowerIsThatOfTheSamples(t *testing.T) {
	const n = 512
	x, power := noise(n), make([]float32, n/2+1)
	NewPlan(n).Power(power, x)
	var inTime, inFrequency float64
	for _, v := range x {
		inTime += float64(v) * float64(v)
	}
	for k, v := range power {
		weight := 2.0
		if k == 0 || k == n/2 {
			weight = 1
		}
		inFrequency += weight * float64(v) / n
	}
	if math.Abs(inFrequency/inTime-1) > 1e-6 {
		t.Errorf("energy %v in frequency, %v in time", inFrequency, inTime)
	}
}

func TestCloneIsIndependent(t *testing.T) {
	p := NewPlan(64)
	q := p.Clone()
	x, want, got := noise(64), make([]float32, 33), make([]float32, 33)
	p.Power(want, x)
	q.Power(got, noise(63))
	q.Power(got, x)
	for k := range want {
		if got[k] != want[k] {
			t.Fatalf("bin %d: got %v, want %v", k, got[k], want[k])
		}
	}
}

func TestNewPlanPanics(t *testing.T) {
	for _, n := range []int{-4, 0, 1, 2, 3, 6, 100, 1000} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("NewPlan(%d) did not panic", n)
				}
			}()
			NewPlan(n)
		}()
	}
}

func TestPowerDoesNotAllocate(t *testing.T) {
	p, x, dst := NewPlan(512), noise(512), make([]float32, 257)
	if got := testing.AllocsPerRun(10, func() { p.Power(dst, x) }); got != 0 {
		t.Errorf("%v allocations a transform", got)
	}
}

func BenchmarkPower(b *testing.B) {
	for _, n := range []int{256, 512, 1024, 2048, 4096} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p, x, dst := NewPlan(n), noise(n), make([]float32, n/2+1)
			for b.Loop() {
				p.Power(dst, x)
			}
		})
	}
}

func BenchmarkGonum(b *testing.B) {
	for _, n := range []int{512, 2048} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f, x, dst := fourier.NewFFT(n), make([]float64, n), make([]complex128, n/2+1)
			for i, v := range noise(n) {
				x[i] = float64(v)
			}
			for b.Loop() {
				f.Coefficients(dst, x)
			}
		})
	}
}
