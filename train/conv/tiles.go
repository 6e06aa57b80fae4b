package conv

// tiling is a convolution cut into Winograd tiles. A strip is the tiles beside each other across one map.
//
// Transformed inputs are planes, one a point of a tile, of a row a tile: the input channels under the
// first segment of the kernel, then under the next. Transformed outputs are planes of a row a tile, too.
type tiling struct {
	geometry
	down, across axis
	cinWide      int // channels padded to whole vectors
	coutWide     int
	depth        int // of a product: segments times input channels
	width        int // of a row of transformed inputs: depth, and room for the last vector
}

func newTiling(g geometry) tiling {
	t := tiling{geometry: g, down: newAxis(g.oh, g.kh, g.sh), across: newAxis(g.ow, g.kw, g.sw),
		cinWide: active.paddedChannels(g.cin), coutWide: active.paddedChannels(g.cout)}
	t.depth = t.segments() * t.cin
	t.width = t.depth - t.cin + t.cinWide
	return t
}

func (t *tiling) strips() int   { return t.n * t.down.tiles }
func (t *tiling) planes() int   { return t.down.points * t.across.points }
func (t *tiling) segments() int { return len(t.down.segments) * len(t.across.segments) }
func (t *tiling) taps() int     { return t.down.r * t.across.r } // of a segment

// place returns the sample of a strip and the row of its first output.
func (t *tiling) place(strip int) (n, oy int) {
	return strip / t.down.tiles, strip % t.down.tiles * t.down.m
}

// blockStrips returns how many strips to transform at a time so that inputs and outputs of all points
// take about the given number of floats.
func (t *tiling) blockStrips(floats int) int {
	strips := floats / (t.planes() * t.across.tiles * (t.width + t.coutWide))
	return min(max(strips, 1), t.strips())
}

// planeLength is the distance between the planes of two points. A cache line more than the tiles take
// keeps equal places of different planes out of the same cache set.
func planeLength(tiles, channels int) int { return tiles*channels + 16 }

// blockFloats bounds the transformed tiles of one block, 2 MB: what stays in a second-level cache or
// near it, while the transformed weights are read once a block.
const blockFloats = 1 << 19

// forward sets the lattice of y to act(x * w + bias) for weights of kh x kw x cin x cout.
func (t *tiling) forward(x, w, bias, y []float32, act Activation, to lattice) {
	shared, parts := borrowParts(t.planes()*t.depth*t.coutWide, t.coutWide)
	defer shared.giveBack()
	u, wideBias := parts[0], parts[1]
	t.transformWeights(w, u)
	padRow(wideBias, bias)
	// Every thread has at least two blocks, so that none waits long for another's.
	block := max(min(t.blockStrips(blockFloats), t.strips()/(2*workerCount(t.strips()))), 1)
	parallel((t.strips()+block-1)/block, func(i int) {
		t.forwardBlock(i*block, min((i+1)*block, t.strips()), x, u, wideBias, y, act, to)
	})
}

// forwardBlock computes the outputs of strips [lo, hi).
func (t *tiling) forwardBlock(lo, hi int, x, u, bias, y []float32, act Activation, to lattice) {
	tiles := (hi - lo) * t.across.tiles
	vPlane, mPlane := planeLength(tiles, t.width), planeLength(tiles, t.coutWide)
	space, parts := borrowParts(t.planes()*vPlane, t.planes()*mPlane)
	defer space.giveBack()
	v, m := parts[0], parts[1]
	for s := lo; s < hi; s++ {
		t.inputStrip(s, x, v[(s-lo)*t.across.tiles*t.width:], vPlane)
	}
	for p := range t.planes() {
		panels(t.coutWide, func(from, vectors int) {
			active.multiply(tiles, t.depth, vectors, operand{v[p*vPlane:], t.width, 1},
				operand{u[(p*t.coutWide+from)*t.depth:], vectors * active.lanes, 1},
				operand{m[p*mPlane+from:], t.coutWide, 1}, false)
		})
	}
	for s := lo; s < hi; s++ {
		t.outputStrip(s, m[(s-lo)*t.across.tiles*t.coutWide:], mPlane, bias, y, act, to)
	}
}

// transformWeights sets u to the transformed weights: for each point panels of depth x panel width.
func (t *tiling) transformWeights(w, u []float32) {
	matrix := kronecker(t.down.weights, t.across.weights)
	parallel(t.depth, func(row int) {
		space, parts := borrowParts(t.taps() * t.coutWide)
		defer space.giveBack()
		clear(parts[0])
		t.eachTap(row, func(tap, at int) { copy(parts[0][tap*t.coutWide:], w[at:][:t.cout]) })
		panels(t.coutWide, func(from, vectors int) {
			active.multiply(t.planes(), t.taps(), vectors, operand{matrix, t.taps(), 1},
				operand{parts[0][from:], t.coutWide, 1},
				operand{u[t.depth*from+row*vectors*active.lanes:], t.depth * t.coutWide, 1}, false)
		})
	})
}

// eachTap calls f for the taps that a row of transformed weights, one input channel under one segment,
// is made from: which of the segment's, and where in the weights.
func (t *tiling) eachTap(row int, f func(tap, at int)) {
	segment, ci := row/t.cin, row%t.cin
	top, left := t.down.segments[segment/len(t.across.segments)], t.across.segments[segment%len(t.across.segments)]
	for i := range t.taps() {
		ky, kx := top+i/t.across.r*t.sh, left+i%t.across.r*t.sw
		if ky < t.kh && kx < t.kw {
			f(i, ((ky*t.kw+kx)*t.cin+ci)*t.cout)
		}
	}
}

// inputStrip transforms the input of one strip into v, whose points are a plane apart.
func (t *tiling) inputStrip(strip int, x, v []float32, plane int) {
	row := t.across.span() * t.cinWide
	space, parts := borrowParts(t.down.points*t.w*t.cinWide, t.down.points*row)
	defer space.giveBack()
	n, oy := t.place(strip)
	from := maps{x, t.h, t.w, t.cin, t.cinWide}
	for i, ky := range t.down.segments {
		rows := from.rows(n, oy*t.sh+ky-t.top, t.sh, t.down.points, parts[0])
		t.applyDown(t.down.lines.input, rows, t.w*t.cinWide, t.left*t.cinWide, parts[1], row)
		for j, kx := range t.across.segments {
			segment := i*len(t.across.segments) + j
			columns := strided{parts[1][kx*t.cinWide:], t.sw * t.cinWide, t.across.m * t.sw * t.cinWide}
			t.applyAcross(t.across.lines.input, columns, row, strided{v[segment*t.cin:], plane, t.width}, t.cinWide)
		}
	}
}

// gradientStrip transforms the output gradient of one strip into m, whose points are a plane apart.
func (t *tiling) gradientStrip(strip int, dy, m []float32, plane int) {
	row := t.across.outputs() * t.coutWide
	space, parts := borrowParts(t.down.m*t.ow*t.coutWide, t.down.points*row)
	defer space.giveBack()
	n, oy := t.place(strip)
	rows := maps{dy, t.oh, t.ow, t.cout, t.coutWide}.rows(n, oy, 1, t.down.m, parts[0])
	t.applyDown(t.down.lines.gradient, rows, t.ow*t.coutWide, 0, parts[1], row)
	columns := strided{parts[1], t.coutWide, t.across.m * t.coutWide}
	t.applyAcross(t.across.lines.gradient, columns, row, strided{m, plane, t.coutWide}, t.coutWide)
}

// applyDown applies a line to all columns of some rows, each of the given number of floats, and lays the
// results out in longer rows after so many floats of padding, or without as many of their first floats if
// the padding is negative. Around them are zeros.
func (t *tiling) applyDown(line lineKernel, rows strided, floats, padding int, dst []float32, row int) {
	before, skipped := max(padding, 0), max(-padding, 0)
	floats = min(floats-skipped, row-before)
	rows.at = rows.at[skipped:]
	line.apply(rows, strided{dst[before:], row, 0}, floats, 1)
	for ; len(dst) >= row; dst = dst[row:] {
		clear(dst[:before])
		clear(dst[before+floats : row])
	}
}

// applyAcross applies a line to the columns of each tile in the rows of all points down, and leaves the
// results in planes.
func (t *tiling) applyAcross(line lineKernel, columns strided, row int, planes strided, channels int) {
	for p := range t.down.points {
		from, to := columns, planes
		from.at = from.at[p*row:]
		to.at = to.at[p*t.across.points*planes.element:]
		line.apply(from, to, channels, t.across.tiles)
	}
}

// outputStrip transforms one strip of m into the lattice of y.
func (t *tiling) outputStrip(strip int, m []float32, plane int, bias, y []float32, act Activation, to lattice) {
	row := t.across.outputs() * t.coutWide
	space, parts := borrowParts(t.down.points*row, t.down.m*row)
	defer space.giveBack()
	for p := range t.down.points {
		t.across.lines.output.apply(strided{m[p*t.across.points*plane:], plane, t.coutWide},
			strided{parts[0][p*row:], t.coutWide, t.across.m * t.coutWide}, t.coutWide, t.across.tiles)
	}
	t.down.lines.output.apply(strided{parts[0], row, 0}, strided{parts[1], row, 0}, t.ow*t.coutWide, 1)
	n, oy := t.place(strip)
	for r := range min(t.down.m, t.oh-oy) {
		active.finishRows(y[to.row(n, oy+r)*t.cout:], to.stepX*t.cout, parts[1][r*row:], t.coutWide, t.ow, bias, t.cout, act)
	}
}

// maps is a batch of maps of h x w x c.
type maps struct {
	at      []float32
	h, w, c int
	wide    int // channels padded to whole vectors
}

// rows returns count rows of sample n, a step apart from row y on: where they lie, or a copy with padded
// channels and zeros where there is no map.
func (m maps) rows(n, y, step, count int, memory []float32) strided {
	length := m.w * m.c
	if y >= 0 && y+(count-1)*step < m.h && m.c == m.wide {
		return strided{m.at[(n*m.h+y)*length:], step * length, 0}
	}
	for i := range count {
		dst := memory[i*m.w*m.wide:][:m.w*m.wide]
		if from := y + i*step; from < 0 || from >= m.h {
			clear(dst)
		} else {
			padColumns(dst, m.at[(n*m.h+from)*length:], m.w, m.c, m.wide)
		}
	}
	return strided{memory, m.w * m.wide, 0}
}

// padRow copies src to the start of dst and clears the rest.
func padRow(dst, src []float32) { clear(dst[copy(dst, src):]) }

// padColumns copies a rows x c matrix to rows x wide, with zeros beyond c.
func padColumns(dst, src []float32, rows, c, wide int) {
	if c == wide {
		copy(dst, src[:rows*c])
		return
	}
	for r := range rows {
		padRow(dst[r*wide:][:wide], src[r*c:][:c])
	}
}

// weightGradient sets dw, kh x kw x cin x cout. The products of a point are summed over tiles in order
// by one worker, so there are no partial sums whose order could differ.
func (t *tiling) weightGradient(x, dy, dw []float32) {
	block := t.gradientStrips()
	vPlane, mPlane := planeLength(block*t.across.tiles, t.width), planeLength(block*t.across.tiles, t.coutWide)
	columns := t.depth * t.coutWide
	shared, parts := borrowParts(t.planes()*vPlane, t.planes()*mPlane, t.planes()*columns)
	defer shared.giveBack()
	v, m, sums := parts[0], parts[1], parts[2]
	for lo := 0; lo < t.strips(); lo += block {
		hi := min(lo+block, t.strips())
		t.transformPair(lo, hi, x, dy, v, m, vPlane, mPlane)
		parallel(t.planes(), func(p int) {
			t.addProducts((hi-lo)*t.across.tiles, v[p*vPlane:], m[p*mPlane:], sums[p*columns:], lo > 0)
		})
	}
	t.collectWeights(sums, dw)
}

// gradientStrips returns how many strips a step of weightGradient transforms: as many floats as there are
// sums, which it reads and writes, but no fewer than a block's.
func (t *tiling) gradientStrips() int {
	return t.blockStrips(max(blockFloats, t.planes()*t.depth*t.coutWide))
}

// transformPair transforms strips [lo, hi) of the input and of the output gradient.
func (t *tiling) transformPair(lo, hi int, x, dy, v, m []float32, vPlane, mPlane int) {
	parallel(2*(hi-lo), func(i int) {
		tile := i / 2 * t.across.tiles
		if i%2 == 0 {
			t.inputStrip(lo+i/2, x, v[tile*t.width:], vPlane)
		} else {
			t.gradientStrip(lo+i/2, dy, m[tile*t.coutWide:], mPlane)
		}
	})
}

// addProducts adds to the sums of one point, depth x coutWide, the products of its tiles.
func (t *tiling) addProducts(tiles int, v, m, sums []float32, add bool) {
	panels(t.coutWide, func(from, vectors int) {
		active.multiply(t.depth, tiles, vectors, operand{v, 1, t.width},
			operand{m[from:], t.coutWide, 1}, operand{sums[from:], t.coutWide, 1}, add)
	})
}

// collectWeights turns the sums of all points into the gradient of each tap: G' sums H.
func (t *tiling) collectWeights(sums, dw []float32) {
	matrix := kronecker(t.down.weights, t.across.weights)
	parallel(t.depth, func(row int) {
		space, parts := borrowParts(t.taps() * t.coutWide)
		defer space.giveBack()
		panels(t.coutWide, func(from, vectors int) {
			active.multiply(t.taps(), t.planes(), vectors, operand{matrix, 1, t.taps()},
				operand{sums[row*t.coutWide+from:], t.depth * t.coutWide, 1},
				operand{parts[0][from:], t.coutWide, 1}, false)
		})
		t.eachTap(row, func(tap, at int) { copy(dw[at:][:t.cout], parts[0][tap*t.coutWide:]) })
	})
}
