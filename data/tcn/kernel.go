package tcn

// convolve writes a tile of frames of a group of filters to dst, whose rows are
// stride floats apart:
//
//	dst[j][t] = max(0, bias[j] + sum over i of weights[i][j] * in[offsets[i]/4 + t])
//
// in the order of i; the maximum is left out without rectify.
func convolve(dst []float32, stride int, in []float32, offsets []uintptr, weights, bias []float32, rectify bool) {
	_ = dst[(group-1)*stride+tile-1]
	_ = in[offsets[len(offsets)-1]/4+tile-1]
	if vectorConvolve(dst, stride, in, offsets, weights, bias, rectify) {
		return
	}
	var sums [group][tile]float32
	for j := range sums {
		for t := range sums[j] {
			sums[j][t] = bias[j]
		}
	}
	for i, at := range offsets {
		x := (*[tile]float32)(in[at/4:])
		w := (*[group]float32)(weights[i*group:])
		for j, v := range w {
			for t := range x {
				sums[j][t] += float32(v * x[t]) // rounded by itself: nothing is fused
			}
		}
	}
	for j := range sums {
		for t, v := range sums[j] {
			if rectify && !(v > 0) {
				v = 0
			}
			dst[j*stride+t] = v
		}
	}
}
