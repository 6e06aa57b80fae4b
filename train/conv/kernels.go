package conv

// kernels is one implementation of the inner loops. Pointers and byte strides are as gen writes them.
type kernels struct {
	name  string
	lanes int // floats in a vector; channels are padded to a multiple of it inside

	// gemm, for panels of one and of two vectors: C = A B, or act(A B + D), with A m x k.
	gemm [2]func(m, k int, a *float32, rs, cs uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, d *float32, ldd uintptr, relu int)

	// gather is gemm for an A whose column k is offsets[k] bytes into a row. It reads, and does not
	// use, one offset more than k.
	gather [2]func(m, k int, a *float32, rs uintptr, offsets *uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, d *float32, ldd uintptr, relu int)

	lines [filterCount]lineKernels

	// Nil where plain Go does it.
	finish           func(dst *float32, dstStride uintptr, src *float32, srcStride uintptr, pixels int, bias *float32, vectors, relu int)
	maskNegative     func(dx, dy, y *float32, pixels int, sums *float32, vectors int)
	maxPool2         func(x *float32, rowBytes, pixelBytes uintptr, y *float32, pixels, vectors int)
	maxPool2Gradient func(x *float32, rowBytes, pixelBytes uintptr, y, dy, dx *float32, pixels, vectors int)

	normalize         func(y, x *float32, rowBytes uintptr, rows int, mean, slope, shift *float32, vectors, relu int)
	normalizeGradient func(dx, dy, x *float32, rowBytes uintptr, rows int, mean, slope, shift, factor, tilt, lift *float32, vectors int)
	moments           func(a, b *float32, rowBytes uintptr, rows int, mean, slope, shift *float32, sums, products *float64, vectors int)
}

// lineKernels is the transforms of one of Winograd's filters.
type lineKernels struct{ input, output, gradient lineKernel }

// lineKernel transforms lines of elements, is and os bytes apart, for some vectors side by side, and
// does that again inStep and outStep bytes further on.
type lineKernel func(in *float32, is, inStep uintptr, out *float32, os, outStep uintptr, vectors, repeats int)

// strided is memory in which a line's elements, and the starts of repeated lines, are so many floats
// apart.
type strided struct {
	at            []float32
	element, step int
}

// apply transforms lines of the given number of floats side by side, whole vectors.
func (k lineKernel) apply(in, out strided, floats, repeats int) {
	k(&in.at[0], bytes(in.element), bytes(in.step), &out.at[0], bytes(out.element), bytes(out.step),
		floats/active.lanes, repeats)
}

// active is the kernels in force.
var active = append(vectorKernels(), &portable)[0]

// Path names the kernels in force: "avx512", "avx2" or "generic".
func Path() string { return active.name }

// paddedChannels is the number of channels rounded up to whole vectors.
func (k *kernels) paddedChannels(channels int) int {
	return (channels + k.lanes - 1) / k.lanes * k.lanes
}

// panels calls f for each panel of wide padded channels: two vectors, or one at the end.
func panels(wide int, f func(from, vectors int)) {
	for from := 0; from < wide; {
		vectors := active.panel(from, wide)
		f(from, vectors)
		from += vectors * active.lanes
	}
}

// panel returns how many vectors wide the panel is that starts at a channel of wide padded ones.
func (k *kernels) panel(from, wide int) int { return min(2, (wide-from)/k.lanes) }

// operand is a matrix inside a larger one: its first element and its strides in elements.
type operand struct {
	at       []float32
	row, col int
}

// multiply sets, or adds to, the m x n matrix c the product of a, m x k, and b, k x n, where n is one
// panel of the given number of vectors.
func (k *kernels) multiply(m, depth, vectors int, a, b, c operand, add bool) {
	var d *float32
	if add {
		d = &c.at[0]
	}
	k.gemm[vectors-1](m, depth, &a.at[0], bytes(a.row), bytes(a.col), &b.at[0], bytes(b.row), &c.at[0], bytes(c.row),
		d, bytes(c.row), Linear.flag())
}

// gathered is the left matrix of a product, of which column j is offsets[j] bytes into a row. There is one
// offset more than columns.
type gathered struct {
	at      []float32
	row     int // from one row to the next, in elements
	offsets []uintptr
}

// gatherInto sets the m x n matrix c to act(a * b + d), where n is one panel of the given number of vectors
// and nothing is added, nor act done, where d is empty.
func (k *kernels) gatherInto(m, vectors int, a gathered, b, c, d operand, act Activation) {
	var first *float32
	if len(d.at) > 0 {
		first = &d.at[0]
	}
	k.gather[vectors-1](m, len(a.offsets)-1, &a.at[0], bytes(a.row), &a.offsets[0], &b.at[0], bytes(b.row),
		&c.at[0], bytes(c.row), first, bytes(d.row), act.flag())
}

// bytes is the size of n floats.
func bytes(n int) uintptr { return uintptr(n) * 4 }

// flag is 1 for ReLU, as assembly takes it.
func (a Activation) flag() int { return int(a) }

// finishRows sets rows of c channels of dst, dstStride apart, to act(src + bias). src and bias are
// padded to whole vectors.
func (k *kernels) finishRows(dst []float32, dstStride int, src []float32, srcStride, rows int, bias []float32, c int, act Activation) {
	vectors := 0
	if k.finish != nil {
		vectors = c / k.lanes
	}
	if vectors > 0 {
		k.finish(&dst[0], bytes(dstStride), &src[0], bytes(srcStride), rows, &bias[0], vectors, act.flag())
	}
	for r := 0; r < rows && vectors*k.lanes < c; r++ {
		for j := vectors * k.lanes; j < c; j++ {
			v := src[r*srcStride+j] + bias[j]
			if act == ReLU {
				v = max(v, 0)
			}
			dst[r*dstStride+j] = v
		}
	}
}
