package filter

import (
	"math"
	"slices"
	"testing"
)

const fs = 44100.0

// warped returns the frequency that the bilinear transform takes for so many
// times hz.
func warped(times, hz float64) float64 {
	return math.Atan(times*math.Tan(math.Pi*hz/fs)) * fs / math.Pi
}

func TestSectionsHaveTheCookbooksGains(t *testing.T) {
	half := math.Sqrt2 / 2
	for _, c := range []struct {
		name    string
		section Section
		hz, db  float64
	}{
		{"low pass far below", Lowpass(1000, half, fs), 1, 0},
		{"low pass at the corner", Lowpass(1000, half, fs), 1000, -3.0103},
		{"low pass at the corner, by q", Lowpass(1000, 2, fs), 1000, 6.0206},
		{"low pass two octaves above", Lowpass(1000, half, fs), warped(4, 1000), -24.0993},
		{"high pass far above", Highpass(1000, half, fs), 22049, 0},
		{"high pass at the corner", Highpass(1000, half, fs), 1000, -3.0103},
		{"high pass two octaves below", Highpass(1000, half, fs), warped(0.25, 1000), -24.0993},
		{"resonator at its centre", Resonator(2000, 5, fs), 2000, 0},
		{"resonator at the edge of its band", Resonator(2000, 5, fs), warped(math.Sqrt(1.01)+0.1, 2000), -3.0103},
		{"peak at its centre", Peak(3000, 0.7, 8, fs), 3000, 8},
		{"peak far away", Peak(3000, 0.7, 8, fs), 10, 0},
		{"dip", Peak(3000, 0.7, -8, fs), 3000, -8},
		{"a corner above half the rate", Lowpass(30000, half, fs), 0.49 * fs, -3.0103},
	} {
		if got := 20 * math.Log10(c.section.Gain(c.hz, fs)); math.Abs(got-c.db) > 1e-3 {
			t.Errorf("%s: got %.3f dB, want %.3f", c.name, got, c.db)
		}
	}
}

// The gain of a sine is that of the response, whatever the number of sections.
func TestRunHasTheGain(t *testing.T) {
	sections := []Section{Highpass(500, 0.7, fs), Peak(2000, 1, 6, fs), Lowpass(6000, 0.7, fs)}
	for n := range len(sections) + 1 {
		for _, hz := range []float64{300, 2000, 9000} {
			want := 1.0
			for _, s := range sections[:n] {
				want *= s.Gain(hz, fs)
			}
			x := make([]float64, 8*4410) // whole periods in each tenth of a second
			for i := range x {
				x[i] = math.Sin(2 * math.Pi * hz * float64(i) / fs)
			}
			before := slices.Clone(sections)
			Run(x, sections[:n]...)
			power := 0.0
			for _, v := range x[len(x)-4410:] {
				power += v * v
			}
			if got := math.Sqrt(power / 2205); math.Abs(got-want) > 1e-6 {
				t.Errorf("%d sections at %v Hz: got %v, want %v", n, hz, got, want)
			}
			if !slices.Equal(before, sections) {
				t.Fatal("Run changed the caller's sections")
			}
		}
	}
}

func TestRunOfFloat32RoundsFloat64(t *testing.T) {
	x, y := make([]float64, 500), make([]float32, 500)
	x[3], y[3] = 1, 1
	Run(x, Resonator(3000, 20, fs))
	Run(y, Resonator(3000, 20, fs))
	for i := range x {
		if y[i] != float32(x[i]) {
			t.Fatalf("sample %d: got %v, want %v", i, y[i], float32(x[i]))
		}
	}
}

func TestSinc(t *testing.T) {
	for x, want := range map[float64]float64{0: 1, 0.5: 2 / math.Pi, -1.5: -2 / (3 * math.Pi), 1: 0, 7: 0} {
		if got := Sinc(x); math.Abs(got-want) > 1e-15 {
			t.Errorf("Sinc(%v): got %v, want %v", x, got, want)
		}
	}
}

// I0(x) is the mean of exp(x cos t) over a turn (Abramowitz and Stegun, 9.6.16).
func TestKaiser(t *testing.T) {
	const points = 128
	for _, beta := range []float64{0, 1, 6, 11.2} {
		for _, x := range []float64{-1, -0.75, 0, 0.3, 1} {
			want := 0.0
			for i := range points {
				want += math.Exp(beta*math.Sqrt(1-x*x)*math.Cos(2*math.Pi*float64(i)/points)) / points
			}
			if got := Kaiser(x, beta); math.Abs(got-want) > 1e-13*want {
				t.Errorf("Kaiser(%v, %v): got %v, want %v", x, beta, got, want)
			}
		}
	}
	if Kaiser(1.01, 6) != 0 || Kaiser(-2, 6) != 0 {
		t.Error("the window has no end")
	}
}
