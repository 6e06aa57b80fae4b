package conv

// forward sets y to act(x * w + bias).
func forward(g geometry, x, w, bias, y []float32, act Activation) {
	parallel(g.n*g.oh, func(row int) {
		n, oy := row/g.oh, row%g.oh
		for ox := range g.ow {
			dst := y[(row*g.ow+ox)*g.cout:][:g.cout]
			copy(dst, bias)
			g.taps(n, oy, ox, func(xi, wi int) {
				for ci := range g.cin {
					axpy(dst, x[xi+ci], w[wi+ci*g.cout:])
				}
			})
			if act == ReLU {
				for i := range dst {
					dst[i] = max(dst[i], 0)
				}
			}
		}
	})
}

// weightGradient sets dw to the gradient of the weights for an output gradient of dy.
func weightGradient(g geometry, x, dy, dw []float32) {
	parallel(g.cin, func(ci int) {
		for t := range g.kh * g.kw {
			clear(dw[(t*g.cin+ci)*g.cout:][:g.cout])
		}
		for row := range g.n * g.oh {
			for ox := range g.ow {
				g.taps(row/g.oh, row%g.oh, ox, func(xi, wi int) {
					axpy(dw[wi+ci*g.cout:][:g.cout], x[xi+ci], dy[(row*g.ow+ox)*g.cout:])
				})
			}
		}
	})
}

// inputGradient sets dx to the gradient of the input for an output gradient of dy.
func inputGradient(g geometry, dy, w, dx []float32) {
	parallel(g.n, func(n int) {
		clear(dx[n*g.h*g.w*g.cin:][:g.h*g.w*g.cin])
		for oy := range g.oh {
			for ox := range g.ow {
				d := dy[((n*g.oh+oy)*g.ow+ox)*g.cout:][:g.cout]
				g.taps(n, oy, ox, func(xi, wi int) {
					for ci := range g.cin {
						dx[xi+ci] += dot(d, w[wi+ci*g.cout:])
					}
				})
			}
		}
	})
}

// taps calls f with the offsets of the input pixel and of the weights of each tap inside the map.
func (g geometry) taps(n, oy, ox int, f func(x, w int)) {
	y0, y1 := g.rows(oy)
	x0, x1 := g.columns(ox)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			tap := (y-oy*g.sh+g.top)*g.kw + x - ox*g.sw + g.left
			f(((n*g.h+y)*g.w+x)*g.cin, tap*g.cin*g.cout)
		}
	}
}

func axpy(dst []float32, a float32, x []float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] += a * x[i]
	}
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s float32
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}

// Path names the kernels in force: "avx512", "avx2" or "generic".
func Path() string { return "generic" }
