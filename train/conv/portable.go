package conv

import "unsafe"

// portable is the kernels in plain Go, for other processors and to hold the assembly against.
var portable = kernels{
	name:  "generic",
	lanes: 4,
	gemm: [2]func(int, int, *float32, uintptr, uintptr, *float32, uintptr, *float32, uintptr, *float32, uintptr, int){
		gemmPanel(1), gemmPanel(2)},
	gather: [2]func(int, int, *float32, uintptr, *uintptr, *float32, uintptr, *float32, uintptr, *float32, uintptr, int){
		gatherPanel(1), gatherPanel(2)},
	lines: [filterCount]lineKernels{
		filter1x1: copyLines(4), filter4x3: portableLines(filter4x3), filter4x5: portableLines(filter4x5),
	},
}

// step returns the float that is some bytes after p.
func step(p *float32, bytes uintptr) *float32 {
	return (*float32)(unsafe.Add(unsafe.Pointer(p), bytes))
}

// gemmPanel returns gemm for panels of the given number of four floats.
func gemmPanel(vectors int) func(m, k int, a *float32, rs, cs uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, d *float32, ldd uintptr, relu int) {
	return func(m, k int, a *float32, rs, cs uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, d *float32, ldd uintptr, relu int) {
		for i := range uintptr(m * vectors) {
			row, v := i/uintptr(vectors), i%uintptr(vectors)*16
			sum := dot4(k, step(a, row*rs), cs, step(b, v), bs)
			store4(step(c, row*ldc+v), sum, d, row*ldd+v, relu)
		}
	}
}

// gatherPanel returns gather for panels of the given number of four floats.
func gatherPanel(vectors int) func(m, k int, a *float32, rs uintptr, offsets *uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, d *float32, ldd uintptr, relu int) {
	return func(m, k int, a *float32, rs uintptr, offsets *uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, d *float32, ldd uintptr, relu int) {
		for i := range uintptr(m * vectors) {
			row, v := i/uintptr(vectors), i%uintptr(vectors)*16
			var sum [4]float32
			for j, offset := range unsafe.Slice(offsets, k) {
				x := *step(a, row*rs+offset)
				for l, y := range four(step(b, uintptr(j)*bs+v)) {
					sum[l] += x * y
				}
			}
			store4(step(c, row*ldc+v), sum, d, row*ldd+v, relu)
		}
	}
}

func four(p *float32) *[4]float32 { return (*[4]float32)(unsafe.Pointer(p)) }

// store4 writes sums or, where d is not nil, act(sums + what is some bytes after d).
func store4(c *float32, sum [4]float32, d *float32, at uintptr, relu int) {
	if d != nil {
		for i, x := range four(step(d, at)) {
			sum[i] += x
			if relu != 0 {
				sum[i] = max(sum[i], 0)
			}
		}
	}
	*four(c) = sum
}

// dot4 multiplies a row of A with four columns of B.
func dot4(k int, a *float32, cs uintptr, b *float32, bs uintptr) [4]float32 {
	var s0, s1, s2, s3 float32
	for i := range uintptr(k) {
		x, y := *step(a, i*cs), four(step(b, i*bs))
		s0 += x * y[0]
		s1 += x * y[1]
		s2 += x * y[2]
		s3 += x * y[3]
	}
	return [4]float32{s0, s1, s2, s3}
}

// copyLines returns the transforms of F(1, 1), which change nothing.
func copyLines(lanes int) lineKernels {
	line := func(in *float32, _, inStep uintptr, out *float32, _, outStep uintptr, vectors, repeats int) {
		for i := range uintptr(repeats) {
			copy(unsafe.Slice(step(out, i*outStep), vectors*lanes), unsafe.Slice(step(in, i*inStep), vectors*lanes))
		}
	}
	return lineKernels{input: line, output: line, gradient: line}
}

func portableLines(kind int) lineKernels {
	f := filters[kind]
	return lineKernels{input: f.input.line, output: f.output.line, gradient: f.gradient.line}
}

// line multiplies the matrix with every line.
func (t *matrix) line(in *float32, is, inStep uintptr, out *float32, os, outStep uintptr, vectors, repeats int) {
	for i := range uintptr(repeats) {
		for c := range uintptr(vectors * 4) {
			var x [maxPoints]float32
			for j := range uintptr(t.cols) {
				x[j] = *step(in, i*inStep+j*is+4*c)
			}
			for j := range uintptr(t.rows) {
				*step(out, i*outStep+j*os+4*c) = t.row(j, &x)
			}
		}
	}
}

// row multiplies a row of the matrix with a vector.
func (t *matrix) row(i uintptr, x *[maxPoints]float32) (sum float32) {
	for k := range t.cols {
		sum += t.at[i][k] * x[k]
	}
	return sum
}
