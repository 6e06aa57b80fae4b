package conv

// direct is a convolution as a matrix product whose left matrix is read in place from a band of padded
// map rows: row i of it is what the window sees at output pixel i, its elements by their offsets.
type direct struct {
	geometry
	coutWide  int
	depth     int       // elements of a kernel row
	pixel     int       // from the elements of one output pixel to those of the next
	bandWidth int       // of a padded row of the input, in elements
	bandRows  int       // output rows of one band
	offsets   []uintptr // of the window's elements in a band
}

// bandFloats bounds a band of input rows, 256 KB: a share of the second-level cache.
const bandFloats = 1 << 16

func newDirect(g geometry) direct {
	d := direct{geometry: g, coutWide: active.paddedChannels(g.cout), depth: g.kw * g.cin,
		pixel: g.sw * g.cin, bandWidth: ((g.ow-1)*g.sw + g.kw) * g.cin}
	d.bandRows = min(max(bandFloats/(g.sh*d.bandWidth), 1), g.oh)
	d.offsets = offsets(g.kh, d.depth, d.bandWidth, 1)
	return d
}

// offsets returns how far into a band the elements of some rows are, and one more, which gather reads.
func offsets(rows, columns, row, column int) []uintptr {
	all := make([]uintptr, rows*columns+1)
	for i := range rows * columns {
		all[i] = bytes(i/columns*row + i%columns*column)
	}
	return all
}

// bandLength is how many elements the padded input of some output rows takes.
func (d *direct) bandLength(rows int) int { return ((rows-1)*d.sh + d.kh) * d.bandWidth }

// band copies what the windows of output rows [lo, hi) of sample n see.
func (d *direct) band(n, lo, hi int, x, dst []float32) {
	for i := range (hi-lo-1)*d.sh + d.kh {
		d.inputRow(n, lo*d.sh-d.top+i, -d.left, x, dst[i*d.bandWidth:][:d.bandWidth])
	}
}

// inputRow copies pixels of row y from column left on, with zeros where there is no map.
func (d *direct) inputRow(n, y, left int, x, dst []float32) {
	if y < 0 || y >= d.h {
		clear(dst)
		return
	}
	row := x[(n*d.h+y)*d.w*d.cin:][:d.w*d.cin]
	before := min(max(-left*d.cin, 0), len(dst))
	clear(dst[:before])
	done := before
	if from := left*d.cin + before; from < len(row) {
		done += copy(dst[before:], row[from:])
	}
	clear(dst[done:])
}

// forward sets the lattice of y to act(x * w + bias) for weights of kh x kw x cin x cout.
func (d *direct) forward(x, w, bias, y []float32, act Activation, to lattice) {
	rows := d.kh * d.kw * d.cin
	shared, parts := borrowParts(rows*d.coutWide, d.coutWide)
	defer shared.giveBack()
	packed, wideBias := parts[0], parts[1]
	pack(packed, w, rows, d.cout)
	padRow(wideBias, bias)
	bands := (d.oh + d.bandRows - 1) / d.bandRows
	parallel(d.n*bands, func(i int) {
		lo := i % bands * d.bandRows
		d.forwardBand(i/bands, lo, min(lo+d.bandRows, d.oh), x, packed, wideBias, y, act, to)
	})
}

func (d *direct) forwardBand(n, lo, hi int, x, packed, bias, y []float32, act Activation, to lattice) {
	space, parts := borrowParts(d.bandLength(hi-lo), d.ow*d.coutWide)
	defer space.giveBack()
	band, sums := parts[0], parts[1]
	d.band(n, lo, hi, x, band)
	for r := range hi - lo {
		row := gathered{band[r*d.sh*d.bandWidth:], d.pixel, d.offsets}
		out := operand{y[to.row(n, lo+r)*d.cout:], to.stepX * d.cout, 1}
		if d.cout == d.coutWide {
			d.products(row, packed, bias, out, act)
			continue
		}
		d.products(row, packed, bias, operand{sums, d.coutWide, 1}, act)
		for i := range d.ow {
			copy(out.at[i*out.row:][:d.cout], sums[i*d.coutWide:])
		}
	}
}

// products sets an output row, channels padded to whole vectors, to act(row * packed + bias).
func (d *direct) products(row gathered, packed, bias []float32, out operand, act Activation) {
	panels(d.coutWide, func(from, vectors int) {
		active.gatherInto(d.ow, vectors, row, operand{packed[d.kh*d.depth*from:], vectors * active.lanes, 1},
			operand{out.at[from:], out.row, 1}, operand{bias[from:], 0, 1}, act)
	})
}

// pack writes a rows x c matrix as panels of rows x panel width, zeros beyond c.
func pack(dst, src []float32, rows, c int) {
	wide := active.paddedChannels(c)
	panels(wide, func(from, vectors int) {
		width := vectors * active.lanes
		for r := range rows {
			padRow(dst[rows*from+r*width:][:width], src[r*c+from:r*c+min(from+width, c)])
		}
	})
}

// weightGradient sets dw, kh x kw x cin x cout. A few samples at a time are laid out by all workers;
// then each worker sums its part of dw over them in order.
func (d *direct) weightGradient(x, dy, dw []float32) {
	d.bandRows = d.oh
	const most = 1 << 20 // floats laid out at a time, 4 MB
	sample, gradient := d.bandLength(d.oh), d.oh*d.ow*d.coutWide
	samples := min(max(most/(sample+gradient), 1), d.n)
	sums := d.kh * d.depth * d.coutWide
	shared, parts := borrowParts(samples*lines(sample), samples*gradient, sums)
	defer shared.giveBack()
	for lo := 0; lo < d.n; lo += samples {
		hi := min(lo+samples, d.n)
		parallel(hi-lo, func(i int) {
			d.band(lo+i, 0, d.oh, x, parts[0][i*lines(sample):])
			if d.cout != d.coutWide {
				pixels := d.oh * d.ow
				padColumns(parts[1][i*gradient:], dy[(lo+i)*pixels*d.cout:], pixels, d.cout, d.coutWide)
			}
		})
		d.addSamples(hi-lo, lines(sample), parts[0], d.gradients(lo, dy, parts[1]), parts[2], lo > 0)
	}
	for r := range d.kh * d.depth {
		copy(dw[r*d.cout:][:d.cout], parts[2][r*d.coutWide:])
	}
}

// gradients returns the output gradients from sample n on, widened if need be.
func (d *direct) gradients(n int, dy, wide []float32) []float32 {
	if d.cout == d.coutWide {
		return dy[n*d.oh*d.ow*d.cout:]
	}
	return wide
}

// addSamples adds to sums the products of some samples' bands and gradients: a part of a kernel row at a
// time, each sum over the outputs of a sample in one chain.
func (d *direct) addSamples(samples, stride int, bands, gradients, sums []float32, add bool) {
	const rowsPerPart = 24
	outputs := offsets(d.oh, d.ow, d.sh*d.bandWidth, d.pixel)
	parts := (d.depth + rowsPerPart - 1) / rowsPerPart
	parallel(d.kh*parts, func(i int) {
		ky, lo := i/parts, i%parts*rowsPerPart
		rows := min(rowsPerPart, d.depth-lo)
		for s := range samples {
			band := gathered{bands[s*stride+ky*d.bandWidth+lo:], 1, outputs}
			panels(d.coutWide, func(from, vectors int) {
				to := operand{sums[(ky*d.depth+lo)*d.coutWide+from:], d.coutWide, 1}
				dy := operand{gradients[s*d.oh*d.ow*d.coutWide+from:], d.coutWide, 1}
				before := to
				if s == 0 && !add {
					before = operand{}
				}
				active.gatherInto(rows, vectors, band, dy, to, before, Linear)
			})
		}
	})
}
