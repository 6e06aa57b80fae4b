package layer3

import "prep/data/cpu"

// multiply adds a x b to c, whose rows are stride apart: a is rows x depth, b is
// depth x 32, both row-major, the number of rows and depth even.
func multiply(c []float32, stride int, a, b []float32, depth int) {
	rows := len(a) / depth
	_, _ = c[(rows-1)*stride+subbands-1], b[depth*subbands-1]
	if cpu.Has(cpu.AVX) {
		multiplyAVX(&c[0], &a[0], &b[0], rows, depth, stride)
		return
	}
	for r := range rows {
		row := c[r*stride:][:subbands]
		values := a[r*depth:][:depth]
		for k := 0; k < depth; k += 2 { // in pairs, for fewer loads and stores
			v, w := values[k], values[k+1]
			if v == 0 && w == 0 { // as the highest subbands often are
				continue
			}
			p, q := b[k*subbands:][:subbands], b[(k+1)*subbands:][:subbands]
			for j, sum := range row {
				row[j] = sum + float32(v*p[j]) + float32(w*q[j])
			}
		}
	}
}

// filter is the window of the synthesis filter bank (11172-3, annex A, figure
// A.2): of every second row from the newest back the first half counts, of the
// others the second.
func filter(out *subbandRows, rows *[(history + slots) * phases]float32) {
	if cpu.Has(cpu.AVX) {
		filterAVX(&out[0], &rows[history*phases], &window[0], slots)
		return
	}
	for t := range slots {
		sums := out[t*subbands:][:subbands]
		clear(sums)
		for i := 0; i < 16; i += 2 {
			v, w := rows[(history+t-i)*phases:][:subbands], rows[(history+t-i)*phases-subbands:][:subbands]
			d, e := window[i*subbands:][:subbands], window[(i+1)*subbands:][:subbands]
			for j, sum := range sums {
				sums[j] = sum + float32(v[j]*d[j]) + float32(w[j]*e[j])
			}
		}
	}
}
