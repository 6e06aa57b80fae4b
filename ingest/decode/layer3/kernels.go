package layer3

// multiply adds a x b to c, whose rows are stride apart: a is rows x depth, b is
// depth x 32, both row-major, and the number of rows even.
func multiply(c []float32, stride int, a, b []float32, depth int) {
	rows := len(a) / depth
	_, _ = c[(rows-1)*stride+subbands-1], b[depth*subbands-1]
	if useAVX {
		multiplyAVX(&c[0], &a[0], &b[0], rows, depth, stride)
		return
	}
	for r := range rows {
		row := c[r*stride:][:subbands]
		for k, v := range a[r*depth:][:depth] {
			for j, w := range b[k*subbands:][:subbands] {
				row[j] += float32(v * w)
			}
		}
	}
}

// filter is the window of the synthesis filter bank (11172-3, annex A, figure
// A.2): of every second row from the newest back the first half counts, of the
// others the second.
func filter(out *subbandRows, rows *[(history + slots) * phases]float32) {
	if useAVX {
		filterAVX(&out[0], &rows[history*phases], &window[0], slots)
		return
	}
	for t := range slots {
		sum := out[t*subbands:][:subbands]
		clear(sum)
		for i := range 16 {
			v := rows[(history+t-i)*phases+i%2*subbands:][:subbands]
			for j, d := range window[i*subbands:][:subbands] {
				sum[j] += float32(v[j] * d)
			}
		}
	}
}
