package aac

import "math"

// Shapes of windows (window_shape).
const (
	sine = iota
	kaiser
)

// rises are the first halves of windows by shape; the second are the same
// backwards (ISO/IEC 14496-3, 4.6.11.3.2).
type rises [2][]float32

var (
	longRise  = rises{sineRise(Frame), kaiserRise(Frame, 4)}
	shortRise = rises{sineRise(short), kaiserRise(short, 6)}
)

func sineRise(n int) []float32 {
	w := make([]float32, n)
	for i := range w {
		w[i] = float32(math.Sin(math.Pi / float64(2*n) * (float64(i) + 0.5)))
	}
	return w
}

// kaiserRise returns the Kaiser-Bessel derived rise of n values.
func kaiserRise(n int, alpha float64) []float32 {
	sums := make([]float64, n+1)
	sum := 0.0
	for i := range sums {
		x := 2*float64(i)/float64(n) - 1
		sum += bessel(math.Pi * alpha * math.Sqrt(1-x*x))
		sums[i] = sum
	}
	w := make([]float32, n)
	for i := range w {
		w[i] = float32(math.Sqrt(sums[i] / sum))
	}
	return w
}

// bessel returns the modified Bessel function of the first kind of order zero, by
// its power series.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-17*sum; k++ {
		term *= (x / 2 / k) * (x / 2 / k)
		sum += term
	}
	return sum
}
