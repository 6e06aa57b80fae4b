package augment

import (
	"math"
	"slices"
)

// lanes is how many values a vector register holds. The loops below sum in as
// many parts, so that they and the vector kernels give the same bits.
const lanes = 8

// dot returns the inner product of h with the first len(h) values of x.
func dot(h, x []float32) float32 {
	x = x[:len(h)]
	var sums [lanes]float32
	done := vectorDot(&sums, h, x)
	for ; done+lanes <= len(h); done += lanes {
		p, q := (*[lanes]float32)(h[done:]), (*[lanes]float32)(x[done:])
		for l := range sums {
			sums[l] += p[l] * q[l]
		}
	}
	for l, v := range h[done:] {
		sums[l] += v * x[done+l]
	}
	return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]))
}

// scale multiplies all values of x.
func scale(x []float32, gain float32) {
	for i := vectorScale(x, gain); i < len(x); i++ {
		x[i] *= gain
	}
}

// addScaled adds gain*x to the first len(x) values of dst.
func addScaled(dst, x []float32, gain float32) {
	dst = dst[:len(x)]
	for i := vectorAddScaled(dst, x, gain); i < len(x); i++ {
		dst[i] += gain * x[i]
	}
}

// addProduct adds h*x, value by value, to the first len(h) values of dst.
func addProduct(dst, h, x []float32) {
	dst, x = dst[:len(h)], x[:len(h)]
	for i := vectorAddProduct(dst, h, x); i < len(h); i++ {
		dst[i] += h[i] * x[i]
	}
}

// peak returns the largest magnitude of x, or a value that is not finite when
// a sample is not. Without their sign, floats are ordered as their bits are,
// and what is not finite comes last.
func peak(x []float32) float32 {
	const magnitude = 1<<31 - 1
	var largest uint32
	for _, v := range x[vectorPeak(&largest, x):] {
		largest = max(largest, math.Float32bits(v)&magnitude)
	}
	return math.Float32frombits(largest)
}

// rmsBlock is so short that float32 sums of its squares are exact to 1e-6.
const rmsBlock = 512

// rms returns the root mean square of x, 0 for none.
func rms(x []float32) float64 {
	if len(x) == 0 {
		return 0
	}
	var sum float64
	for block := range slices.Chunk(x, rmsBlock) {
		sum += float64(dot(block, block))
	}
	return math.Sqrt(sum / float64(len(x)))
}
