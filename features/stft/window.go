package stft

import "math"

// Hann returns the periodic Hann window, w[t] = 0.5 - 0.5 cos(2 pi t / n), as
// librosa and scipy.signal.get_window("hann", n) have it.
func Hann(n int) []float32 { return cosineSum(n, 0.5, 0.5) }

// Hamming returns the periodic Hamming window, w[t] = 0.54 - 0.46 cos(2 pi t /
// n).
func Hamming(n int) []float32 { return cosineSum(n, 0.54, 0.46) }

// Blackman returns the periodic Blackman window, w[t] = 0.42 - 0.5 cos(2 pi t
// / n) + 0.08 cos(4 pi t / n): side lobes below -58 dB, a main lobe half again
// as wide as Hann's.
func Blackman(n int) []float32 { return cosineSum(n, 0.42, 0.5, 0.08) }

// Rectangular returns n ones.
func Rectangular(n int) []float32 { return cosineSum(n, 1) }

// cosineSum returns w[t] = sum over k of (-1)^k a[k] cos(2 pi k t / n) (Harris,
// On the Use of Windows, Proc. IEEE 66, 1978, equation 31).
func cosineSum(n int, a ...float64) []float32 {
	w := make([]float32, n)
	for t := range w {
		sum, sign := 0.0, 1.0
		for k, c := range a {
			sum += sign * c * math.Cos(2*math.Pi*float64(k*t)/float64(n))
			sign = -sign
		}
		w[t] = float32(sum)
	}
	return w
}
