package filter

import "math"

// Sinc returns sin(pi x) / (pi x).
func Sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// Kaiser returns Kaiser's window at x, zero outside [-1, 1], times a constant:
// I0(beta sqrt(1 - x²)), of which Kaiser(0, beta) is the peak (Oppenheim and
// Schafer, Discrete-Time Signal Processing, eq. 7.59).
func Kaiser(x, beta float64) float64 {
	if x < -1 || x > 1 {
		return 0
	}
	return bessel0(beta * math.Sqrt(1-x*x))
}

// bessel0 returns the modified Bessel function of the first kind and order
// zero by its power series (Abramowitz and Stegun, 9.6.12).
func bessel0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-17*sum; k++ {
		term *= x / (2 * k) * x / (2 * k)
		sum += term
	}
	return sum
}
