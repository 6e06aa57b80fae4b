//go:build !amd64

package augment

func vectorDot(sums *[lanes]float32, h, x []float32) int { return 0 }

func vectorScale(x []float32, gain float32) int { return 0 }

func vectorAddScaled(dst, x []float32, gain float32) int { return 0 }

func vectorAddProduct(dst, h, x []float32) int { return 0 }

func vectorPeak(largest *uint32, x []float32) int { return 0 }

func vectorInterpolate(dst, rows, src []float32, pos, step, taps int) bool { return false }
