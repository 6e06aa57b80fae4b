package conv

// tiling is a convolution cut into Winograd tiles.
type tiling struct {
	geometry
	*tileKind
	kernels  tileKernels
	tw, th   int // tiles across and down a map
	cinWide  int // channels padded to whole vectors
	coutWide int
}

func newTiling(g geometry, kind int) tiling {
	t := tileKindsTable[kind]
	return tiling{geometry: g, tileKind: t, kernels: active.tiles[kind],
		tw: (g.ow + t.m - 1) / t.m, th: (g.oh + t.m - 1) / t.m,
		cinWide: active.padded(g.cin), coutWide: active.padded(g.cout)}
}

func (t *tiling) count() int  { return t.n * t.tw * t.th }
func (t *tiling) planes() int { return t.points * t.points }

// place returns the sample and the output pixel of a tile's upper left corner.
func (t *tiling) place(tile int) (n, oy, ox int) {
	return tile / (t.tw * t.th), tile / t.tw % t.th * t.m, tile % t.tw * t.m
}

// blockTiles returns how many tiles to transform at a time so that inputs and outputs of all points
// take about the given number of floats: a multiple of 8, the rows that a kernel works on.
func (t *tiling) blockTiles(floats int) int {
	tiles := floats / (t.planes() * (t.cinWide + t.coutWide))
	return min(max(tiles/8*8, 8), (t.count()+7)/8*8)
}

// planeLength is the distance between the planes of two points. A cache line more than the tiles take
// keeps equal places of different planes out of the same cache set.
func planeLength(tiles, channels int) int { return tiles*channels + 16 }

// tileForward sets y to act(x * w + bias) for weights of r^2 x cin x cout.
func tileForward(t tiling, x, w, bias, y []float32, act Activation) {
	shared, parts := borrowParts(t.planes()*t.cin*t.coutWide, t.coutWide)
	defer shared.giveBack()
	u, wideBias := parts[0], parts[1]
	t.transformWeights(w, u)
	padRow(wideBias, bias)
	block := t.blockTiles(blockFloats)
	parallel((t.count()+block-1)/block, func(i int) {
		t.forwardBlock(i*block, min((i+1)*block, t.count()), block, x, u, wideBias, y, act)
	})
}

// blockFloats bounds the transformed tiles of one block, 2 MB: what stays in a second-level cache or
// near it, while the transformed weights are read once a block.
const blockFloats = 1 << 19

// padRow copies src to the start of dst and clears the rest.
func padRow(dst, src []float32) { clear(dst[copy(dst, src):]) }

// widen copies a rows x c matrix to rows x wide, with zeros beyond c.
func widen(dst, src []float32, rows, c, wide int) {
	for r := range rows {
		padRow(dst[r*wide:][:wide], src[r*c:][:c])
	}
}

// transformWeights sets u to the transformed weights: for each point panels of cin x panel width.
func (t *tiling) transformWeights(w, u []float32) {
	if t.cout != t.coutWide {
		wide := borrow(len(w) / t.cout * t.coutWide)
		defer wide.giveBack()
		widen(wide.memory, w, len(w)/t.cout, t.cout, t.coutWide)
		w = wide.memory
	}
	taps := t.r * t.r
	parallel(t.cin, func(ci int) {
		panels(t.coutWide, func(from, vectors int) {
			active.multiply(t.planes(), taps, vectors, operand{t.weights, taps, 1},
				operand{w[ci*t.coutWide+from:], t.cin * t.coutWide, 1},
				operand{u[t.cin*from+ci*vectors*active.lanes:], t.cin * t.coutWide, 1}, false)
		})
	})
}

// forwardBlock computes the outputs of tiles [lo, hi), at most block of them.
func (t *tiling) forwardBlock(lo, hi, block int, x, u, bias, y []float32, act Activation) {
	vPlane, mPlane := planeLength(block, t.cinWide), planeLength(block, t.coutWide)
	square := t.planes() * max(t.cinWide, t.coutWide)
	space, parts := borrowParts(t.planes()*vPlane, t.planes()*mPlane, square, maxPoints*maxPoints*16)
	defer space.giveBack()
	v, m := parts[0], parts[1]
	for i := lo; i < hi; i++ {
		t.inputTile(i, x, v[(i-lo)*t.cinWide:], vPlane, parts[2], parts[3])
	}
	for p := range t.planes() {
		panels(t.coutWide, func(from, vectors int) {
			active.multiply(hi-lo, t.cin, vectors, operand{v[p*vPlane:], t.cinWide, 1},
				operand{u[(p*t.coutWide+from)*t.cin:], vectors * active.lanes, 1},
				operand{m[p*mPlane+from:], t.coutWide, 1}, false)
		})
	}
	for i := lo; i < hi; i++ {
		t.outputTile(i, m[(i-lo)*t.coutWide:], mPlane, bias, y, act, parts[2], parts[3])
	}
}

// inputTile transforms one tile of x into v, whose points are a plane apart.
func (t *tiling) inputTile(tile int, x, v []float32, plane int, square, scratch []float32) {
	n, oy, ox := t.place(tile)
	s := squareOf{x, t.h, t.w, t.cin, n, oy - t.top, ox - t.left, t.points, t.cinWide}
	from := s.view(square)
	t.kernels.input(&from.at[0], bytes(from.row), bytes(from.col), &v[0],
		bytes(plane*t.points), bytes(plane), t.cinWide/active.lanes, &scratch[0])
}

// gradientTile transforms one tile of the output gradient into m.
func (t *tiling) gradientTile(tile int, dy, m []float32, plane int, square, scratch []float32) {
	n, oy, ox := t.place(tile)
	s := squareOf{dy, t.oh, t.ow, t.cout, n, oy, ox, t.m, t.coutWide}
	from := s.view(square)
	t.kernels.gradient(&from.at[0], bytes(from.row), bytes(from.col), &m[0],
		bytes(plane*t.points), bytes(plane), t.coutWide/active.lanes, &scratch[0])
}

// outputTile transforms one tile of m into y, through the square where the tile overhangs the map or
// the channels do not fill vectors.
func (t *tiling) outputTile(tile int, m []float32, plane int, bias, y []float32, act Activation, square, scratch []float32) {
	n, oy, ox := t.place(tile)
	rows, cols := min(t.m, t.oh-oy), min(t.m, t.ow-ox)
	at := ((n*t.oh+oy)*t.ow + ox) * t.cout
	to := operand{y[at:], t.ow * t.cout, t.cout}
	whole := rows == t.m && cols == t.m && t.cout == t.coutWide
	if !whole {
		to = operand{square, t.m * t.coutWide, t.coutWide}
	}
	t.kernels.output(&m[0], bytes(plane*t.points), bytes(plane), &to.at[0], bytes(to.row), bytes(to.col),
		t.coutWide/active.lanes, &scratch[0], &bias[0], act.flag())
	if whole {
		return
	}
	for r := range rows {
		for c := range cols {
			copy(y[at+(r*t.ow+c)*t.cout:][:t.cout], square[r*to.row+c*to.col:])
		}
	}
}

// squareOf is a square of pixels of a batch of maps, which may overhang the map.
type squareOf struct {
	maps          []float32
	h, w, c       int
	n, y, x, size int
	wide          int // channels padded to whole vectors
}

// view returns the square where it lies, or a copy with zeros where there is no map.
func (s squareOf) view(memory []float32) operand {
	if s.y >= 0 && s.x >= 0 && s.y+s.size <= s.h && s.x+s.size <= s.w && s.c == s.wide {
		return operand{s.maps[((s.n*s.h+s.y)*s.w+s.x)*s.c:], s.w * s.c, s.c}
	}
	for i := range s.size {
		s.copyRow(s.y+i, memory[i*s.size*s.wide:][:s.size*s.wide])
	}
	return operand{memory, s.size * s.wide, s.wide}
}

func (s squareOf) copyRow(y int, dst []float32) {
	if y < 0 || y >= s.h {
		clear(dst)
		return
	}
	lo, hi := max(0, -s.x), min(s.size, s.w-s.x)
	src := s.maps[((s.n*s.h+y)*s.w+s.x+lo)*s.c:]
	clear(dst[:lo*s.wide])
	if s.c == s.wide {
		copy(dst[lo*s.c:hi*s.c], src)
	} else {
		for j := lo; j < hi; j++ {
			padRow(dst[j*s.wide:][:s.wide], src[(j-lo)*s.c:][:s.c])
		}
	}
	clear(dst[hi*s.wide:])
}

// gradientFloats bounds the transformed tiles that a step of tileWeightGradient works on, 2 MB: measured
// against 1, 4 and 8. The sums are read and written once a step, and the tiles stay near.
const gradientFloats = 1 << 19

// tileWeightGradient sets dw, r^2 x cin x cout. The products of a point are summed over tiles in order
// by one worker, so there are no partial sums whose order could differ.
func tileWeightGradient(t tiling, x, dy, dw []float32) {
	block := t.blockTiles(gradientFloats)
	vPlane, mPlane := planeLength(block, t.cinWide), planeLength(block, t.coutWide)
	columns := t.cin * t.coutWide
	shared, parts := borrowParts(t.planes()*vPlane, t.planes()*mPlane, t.planes()*columns, t.r*t.r*columns)
	defer shared.giveBack()
	v, m, sums := parts[0], parts[1], parts[2]
	for lo := 0; lo < t.count(); lo += block {
		hi := min(lo+block, t.count())
		t.transformBoth(lo, hi, x, dy, v, m, vPlane, mPlane)
		parallel(t.planes(), func(p int) {
			t.addProducts(hi-lo, v[p*vPlane:], m[p*mPlane:], sums[p*columns:], lo > 0)
		})
	}
	if t.cout == t.coutWide {
		t.collectWeights(sums, dw)
		return
	}
	t.collectWeights(sums, parts[3])
	for r := range t.r * t.r * t.cin {
		copy(dw[r*t.cout:][:t.cout], parts[3][r*t.coutWide:])
	}
}

// transformBoth transforms tiles [lo, hi) of the input and of the output gradient.
func (t *tiling) transformBoth(lo, hi int, x, dy, v, m []float32, vPlane, mPlane int) {
	const few = 8
	square := t.planes() * max(t.cinWide, t.coutWide)
	parallel((hi-lo+few-1)/few, func(piece int) {
		space, parts := borrowParts(square, maxPoints*maxPoints*16)
		defer space.giveBack()
		for i := lo + piece*few; i < min(lo+(piece+1)*few, hi); i++ {
			t.inputTile(i, x, v[(i-lo)*t.cinWide:], vPlane, parts[0], parts[1])
			t.gradientTile(i, dy, m[(i-lo)*t.coutWide:], mPlane, parts[0], parts[1])
		}
	})
}

// addProducts adds to the sums of one point, cin x coutWide, the products of its tiles.
func (t *tiling) addProducts(tiles int, v, m, sums []float32, add bool) {
	panels(t.coutWide, func(from, vectors int) {
		active.multiply(t.cin, tiles, vectors, operand{v, 1, t.cinWide},
			operand{m[from:], t.coutWide, 1}, operand{sums[from:], t.coutWide, 1}, add)
	})
}

// collectWeights turns the sums of all points into the gradient of each tap: G' sums G.
func (t *tiling) collectWeights(sums, dw []float32) {
	columns := t.cin * t.coutWide
	taps := t.r * t.r
	parallel(t.cin, func(ci int) {
		panels(t.coutWide, func(from, vectors int) {
			from += ci * t.coutWide
			active.multiply(taps, t.planes(), vectors, operand{t.weights, 1, taps},
				operand{sums[from:], columns, 1}, operand{dw[from:], columns, 1}, false)
		})
	})
}
