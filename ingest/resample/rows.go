package resample

import "prep/data/cpu"

// lanes is how many partial sums an inner product has: two AVX registers.
const lanes = 16

// rows writes to dst[i] the inner product of row i of the taps with x from
// starts[i] - starts[0] on. The rows are those of a table whose number of
// columns, a multiple of lanes, is n.
//
// It adds in one order, whatever does it: lane j has the products j, j + lanes,
// j + 2*lanes ..., and the lanes are added by halves.
func rows(dst, taps, x []float32, n int, starts []int32) {
	if len(dst) == 0 {
		return
	}
	last := len(dst) - 1
	_, _ = taps[len(dst)*n-1], x[int(starts[last]-starts[0])+n-1]
	if cpu.Has(cpu.AVX) {
		rowsAVX(&dst[0], &taps[0], &x[0], &starts[0], n, len(dst))
		return
	}
	rowsGo(dst, taps, x, n, starts)
}

func rowsGo(dst, taps, x []float32, n int, starts []int32) {
	for i := range dst {
		dst[i] = dot(taps[i*n:i*n+n], x[starts[i]-starts[0]:])
	}
}

// dot returns the inner product of h and the beginning of x.
func dot(h, x []float32) float32 {
	s, t := halfSums(h, x), halfSums(h[lanes/2:], x[lanes/2:])
	for i := range s {
		s[i] += t[i]
	}
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}

// halfSums returns the sums of the first half of the lanes.
func halfSums(h, x []float32) [lanes / 2]float32 {
	var a, b, c, d, e, f, g, k float32
	for at := 0; at+lanes/2 <= len(h); at += lanes {
		h, x := (*[lanes / 2]float32)(h[at:]), (*[lanes / 2]float32)(x[at:])
		a += h[0] * x[0]
		b += h[1] * x[1]
		c += h[2] * x[2]
		d += h[3] * x[3]
		e += h[4] * x[4]
		f += h[5] * x[5]
		g += h[6] * x[6]
		k += h[7] * x[7]
	}
	return [lanes / 2]float32{a, b, c, d, e, f, g, k}
}
