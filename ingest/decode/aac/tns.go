package aac

import "math"

// Most coefficients of a filter of TNS in AAC-LC (4.6.9.2).
const (
	longOrder  = 12
	shortOrder = 7
)

// filter shapes the noise of some bands in time by prediction along frequency
// (temporal noise shaping, 4.6.9).
type filter struct {
	bands int // downwards from where the one before it ended
	down  bool
	order int
	a     [longOrder + 1]float32 // of the prediction, from the first
}

// readFilters reads tns_data (table 4.54).
func (c *channel) readFilters(r *bitReader) error {
	c.filters = [8][]filter{}
	if !r.flag() {
		return nil
	}
	count, length, order, most := 2, 6, 5, longOrder
	if c.sequence == eightShort {
		count, length, order, most = 1, 4, 3, shortOrder
	}
	for w := range c.windows() {
		n := r.read(count)
		if n == 0 {
			continue
		}
		c.filters[w] = c.filter[w][:n]
		bits := 3 + r.read(1)
		for i := range n {
			f := &c.filters[w][i]
			*f = filter{bands: r.read(length), order: r.read(order)}
			if f.order > most {
				return ErrDamaged
			}
			if f.order > 0 {
				f.read(r, bits)
			}
		}
	}
	return nil
}

// read reads the direction and the coefficients, reflections in steps of a
// resolution of bits, and makes a predictor of them (4.6.9.3).
func (f *filter) read(r *bitReader, bits int) {
	f.down = r.flag()
	width := bits - r.read(1) // coef_compress leaves the highest bit out
	var a [longOrder + 2]float64
	for m := 1; m <= f.order; m++ {
		v := float64(r.read(width) << (64 - width) >> (64 - width))
		steps := float64(int(1)<<(bits-1)) - 0.5
		if v < 0 {
			steps++
		}
		k := math.Sin(v * math.Pi / 2 / steps)
		b := a
		for i := 1; i < m; i++ {
			a[i] = b[i] + k*b[m-i]
		}
		a[m] = k
	}
	for i := range f.order {
		f.a[i] = float32(a[i+1])
	}
}

// shapeNoise applies the filters of all windows.
func (c *channel) shapeNoise(b *bands) {
	reach := b.tnsLong
	if c.sequence == eightShort {
		reach = b.tnsShort
	}
	reach = min(reach, c.count)
	for w := range c.windows() {
		top := len(c.edges) - 1
		for i := range c.filters[w] {
			f := &c.filters[w][i]
			bottom := max(top-f.bands, 0)
			from, to := c.edges[min(bottom, reach)], c.edges[min(top, reach)]
			f.apply(c.lines[w*short+from : w*short+to])
			top = bottom
		}
	}
}

// apply filters lines in place.
func (f *filter) apply(x []float32) {
	at, step := 0, 1
	if f.down {
		at, step = len(x)-1, -1
	}
	for n := range x {
		v := x[at]
		for i := range min(f.order, n) {
			v -= f.a[i] * x[at-(i+1)*step]
		}
		x[at] = v
		at += step
	}
}
