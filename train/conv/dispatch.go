package conv

// fewestTileChannels is the channels, in and out, from which the transforms pay. Tests raise it to have
// everything computed directly.
var fewestTileChannels = 8

// tileCost is what transforming a channel costs in products of it: about as many as with this many
// channels.
const tileCost = 10

// tiling returns the convolution in tiles, and whether that pays: the products and the transforms against
// the products of the definition.
func (g geometry) tiling() (t tiling, pays bool) {
	t = newTiling(g)
	tiles := t.down.products() * t.across.products() * (g.cin*g.cout + tileCost*(g.cin+g.cout))
	direct := g.oh * g.kh * g.ow * g.kw * g.cin * g.cout
	return t, min(g.cin, g.cout) >= fewestTileChannels && tiles < direct
}

// correlate sets the lattice of y to act(x * w + bias).
func correlate(g geometry, x, w, bias, y []float32, act Activation, to lattice) {
	if t, pays := g.tiling(); pays {
		t.forward(x, w, bias, y, act, to)
		return
	}
	d := newDirect(g)
	d.forward(x, w, bias, y, act, to)
}

// forward sets y to act(x * w + bias).
func forward(g geometry, x, w, bias, y []float32, act Activation) {
	correlate(g, x, w, bias, y, act, g.fullLattice())
}

// weightGradient sets dw to the gradient of the weights for an output gradient of dy.
func weightGradient(g geometry, x, dy, dw []float32) {
	if t, pays := g.tiling(); pays {
		t.weightGradient(x, dy, dw)
		return
	}
	d := newDirect(g)
	d.weightGradient(x, dy, dw)
}

// inputGradient sets dx to the gradient of the input for an output gradient of dy. The input pixels
// whose row and column leave the same remainders by the stride get their gradients from the same taps,
// so each such phase is a convolution of dy, of stride 1, with those taps turned round.
func inputGradient(g geometry, dy, w, dx []float32) {
	turned := borrow(len(w))
	defer turned.giveBack()
	for ry := range g.sh {
		for rx := range g.sw {
			phase, to := g.phase(ry, rx)
			switch {
			case phase.oh <= 0 || phase.ow <= 0:
			case phase.kh == 0 || phase.kw == 0:
				clearLattice(dx, phase, to)
			default:
				g.turnWeights(w, turned.memory, phase, ry, rx)
				correlate(phase, dy, turned.memory, nil, dx, Linear, to)
			}
		}
	}
}

// phase returns the convolution that makes the input gradients at rows y with y + top = ry modulo the
// stride, likewise columns, and where they lie.
func (g geometry) phase(ry, rx int) (geometry, lattice) {
	p := geometry{n: g.n, h: g.oh, w: g.ow, cin: g.cout, cout: g.cin, sh: 1, sw: 1}
	to := lattice{h: g.h, w: g.w, stepY: g.sh, stepX: g.sw}
	to.top, p.oh, p.kh, p.top = phaseAlong(g.h, g.kh, g.sh, g.top, ry)
	to.left, p.ow, p.kw, p.left = phaseAlong(g.w, g.kw, g.sw, g.left, rx)
	return p, to
}

// phaseAlong is phase along one axis: the first input of the phase, how many there are, the taps that
// reach them, and the padding of the output gradient.
func phaseAlong(size, kernel, stride, pad, remainder int) (first, count, taps, before int) {
	first = ((remainder-pad)%stride + stride) % stride
	count = (size - first + stride - 1) / stride
	taps = (kernel - remainder + stride - 1) / stride
	if kernel <= remainder {
		taps = 0
	}
	return first, count, taps, taps - 1 - (first+pad-remainder)/stride
}

// turnWeights writes the taps of a phase, last first, with input and output channels swapped.
func (g geometry) turnWeights(w, dst []float32, phase geometry, ry, rx int) {
	size := g.cin * g.cout
	parallel(phase.kh*phase.kw, func(i int) {
		ky := ry + g.sh*(phase.kh-1-i/phase.kw)
		kx := rx + g.sw*(phase.kw-1-i%phase.kw)
		transpose(dst[i*size:][:size], w[(ky*g.kw+kx)*size:][:size], g.cin, g.cout)
	})
}

// transpose writes a rows x cols matrix as cols x rows, a few rows at a time to stay in the cache.
func transpose(dst, src []float32, rows, cols int) {
	const few = 8
	for lo := 0; lo < rows; lo += few {
		hi := min(lo+few, rows)
		for c := range cols {
			for r := lo; r < hi; r++ {
				dst[c*rows+r] = src[r*cols+c]
			}
		}
	}
}

// clearLattice zeroes the outputs of a phase that no tap reaches.
func clearLattice(y []float32, g geometry, to lattice) {
	for row := range g.n * g.oh {
		for ox := range g.ow {
			clear(y[(to.row(row/g.oh, row%g.oh)+ox*to.stepX)*g.cout:][:g.cout])
		}
	}
}
