package stft

import "math"

// Hann returns the periodic Hann window, w[t] = 0.5 - 0.5 cos(2 pi t / n), as
// librosa and scipy.signal.get_window("hann", n) have it.
func Hann(n int) []float32 {
	w := make([]float32, n)
	for t := range w {
		w[t] = float32(0.5 - 0.5*math.Cos(2*math.Pi*float64(t)/float64(n)))
	}
	return w
}
