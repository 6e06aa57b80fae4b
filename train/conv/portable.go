package conv

import "unsafe"

// portable is the kernels in plain Go, for other processors and to hold the assembly against.
var portable = kernels{
	name:  "generic",
	lanes: 4,
	gemm: [2]func(int, int, *float32, uintptr, uintptr, *float32, uintptr, *float32, uintptr, int){
		gemmPanel(1), gemmPanel(2)},
	gather: [2]func(int, int, *float32, uintptr, *uintptr, *float32, uintptr, *float32, uintptr, int){
		gatherPanel(1), gatherPanel(2)},
	tiles: [tileKinds]tileKernels{
		tile4x3: portableTile(tile4x3), tile4x5: portableTile(tile4x5), tile2x7: portableTile(tile2x7),
	},
}

// step returns the float that is some bytes after p.
func step(p *float32, bytes uintptr) *float32 {
	return (*float32)(unsafe.Add(unsafe.Pointer(p), bytes))
}

// gemmPanel returns gemm for panels of the given number of four floats.
func gemmPanel(vectors int) func(m, k int, a *float32, rs, cs uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, accumulate int) {
	return func(m, k int, a *float32, rs, cs uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, accumulate int) {
		for i := range uintptr(m * vectors) {
			row, v := i/uintptr(vectors), i%uintptr(vectors)*16
			sum := dot4(k, step(a, row*rs), cs, step(b, v), bs)
			store4(step(c, row*ldc+v), sum, accumulate)
		}
	}
}

// gatherPanel returns gather for panels of the given number of four floats.
func gatherPanel(vectors int) func(m, k int, a *float32, rs uintptr, offsets *uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, accumulate int) {
	return func(m, k int, a *float32, rs uintptr, offsets *uintptr, b *float32, bs uintptr, c *float32, ldc uintptr, accumulate int) {
		for i := range uintptr(m * vectors) {
			row, v := i/uintptr(vectors), i%uintptr(vectors)*16
			var sum [4]float32
			for j, offset := range unsafe.Slice(offsets, k) {
				x := *step(a, row*rs+offset)
				for l, y := range four(step(b, uintptr(j)*bs+v)) {
					sum[l] += x * y
				}
			}
			store4(step(c, row*ldc+v), sum, accumulate)
		}
	}
}

func four(p *float32) *[4]float32 { return (*[4]float32)(unsafe.Pointer(p)) }

func store4(c *float32, sum [4]float32, accumulate int) {
	for i, s := range sum {
		if accumulate != 0 {
			s += four(c)[i]
		}
		four(c)[i] = s
	}
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

func portableTile(kind int) tileKernels {
	t := tileKindsTable[kind]
	return tileKernels{
		input: func(in *float32, irs, ics uintptr, out *float32, ors, ocs uintptr, vectors int, _ *float32) {
			t.input.transform(in, irs, ics, out, ors, ocs, vectors*4, nil)
		},
		gradient: func(in *float32, irs, ics uintptr, out *float32, ors, ocs uintptr, vectors int, _ *float32) {
			t.gradient.transform(in, irs, ics, out, ors, ocs, vectors*4, nil)
		},
		output: func(in *float32, irs, ics uintptr, out *float32, ors, ocs uintptr, vectors int, _, bias *float32, relu int) {
			end := func(channel int, x float32) float32 {
				x += *step(bias, bytes(channel))
				if relu == 1 {
					x = max(x, 0)
				}
				return x
			}
			t.output.transform(in, irs, ics, out, ors, ocs, vectors*4, end)
		},
	}
}

// transform computes T d T', T being the matrix and d the square of pixels, for each channel.
func (t matrix) transform(in *float32, irs, ics uintptr, out *float32, ors, ocs uintptr, channels int, end func(int, float32) float32) {
	for channel := range channels {
		var d, half [maxPoints][maxPoints]float32
		for i := range t.cols {
			for j := range t.cols {
				d[i][j] = *step(in, uintptr(i)*irs+uintptr(j)*ics+bytes(channel))
			}
		}
		for i := range t.rows {
			for j := range t.cols {
				for k := range t.cols {
					half[i][j] += t.at[i][k] * d[k][j]
				}
			}
		}
		for i := range t.rows {
			for j := range t.rows {
				x := t.row(j, &half[i])
				if end != nil {
					x = end(channel, x)
				}
				*step(out, uintptr(i)*ors+uintptr(j)*ocs+bytes(channel)) = x
			}
		}
	}
}

// row multiplies a row of the matrix with a vector.
func (t matrix) row(i int, x *[maxPoints]float32) (sum float32) {
	for k := range t.cols {
		sum += t.at[i][k] * x[k]
	}
	return sum
}
