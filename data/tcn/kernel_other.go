//go:build !amd64

package tcn

func vectorConvolve([]float32, int, []float32, []uintptr, []float32, []float32, bool) bool {
	return false
}
