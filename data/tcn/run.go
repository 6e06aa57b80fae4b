package tcn

const (
	// group is how many filters a kernel makes at once.
	group = 4
	// tile is how many frames a kernel makes at once; rows are read up to that
	// much beyond their frames.
	tile = 16
)

// Runner runs a network on blocks of frames. It is used by one goroutine at a time.
type Runner struct {
	layers []planned
	reach  int
	inputs int
	buffer [2][]float32
}

// planned is a layer laid out for the kernel.
type planned struct {
	Layer
	bands, out int // before and after
	padding    int
	rows       int // of the input, from one band to the next
	filters    int // rounded up to whole groups
	weights    []float32
	bias       []float32
	offsets    []uintptr // of the taps, in bytes from the first
}

// NewRunner returns a runner of n, which must be valid.
func (n Network) NewRunner() *Runner {
	r := &Runner{reach: n.Reach(), inputs: n.Bands * n.Channels}
	bands, rows := n.Bands, n.Channels
	for _, l := range n.Layers {
		p := planned{Layer: l, bands: bands, out: l.OutputBands(bands), padding: l.padding(bands), rows: rows}
		p.pack()
		r.layers = append(r.layers, p)
		bands, rows = p.out, p.filters
	}
	return r
}

// pack lays the weights out as the kernel reads them: group after group of filters,
// and in each the taps by band, frame and channel.
func (p *planned) pack() {
	p.filters = (p.Filters + group - 1) / group * group
	p.bias = make([]float32, p.filters)
	copy(p.bias, p.Bias)
	p.offsets = make([]uintptr, p.Bands*p.Frames*p.Inputs)
	p.weights = make([]float32, 0, len(p.offsets)*p.filters)
	for first := 0; first < p.filters; first += group {
		for b := range p.Bands {
			for f := range p.Frames {
				for c := range p.Inputs {
					var w [group]float32
					copy(w[:], p.Kernel[((f*p.Bands+b)*p.Inputs+c)*p.Filters:][:p.Filters][first:])
					p.weights = append(p.weights, w[:]...)
				}
			}
		}
	}
}

// rowLength returns how far apart rows of so many frames lie.
func rowLength(frames int) int { return (frames + tile - 1) / tile * tile }

// Run returns the outputs of the given number of frames, the first filter of the
// last layer's, until the next call. fill is called with the memory of the input:
// bands x channels rows of frames + 2 * Reach frames each, stride floats apart.
func (r *Runner) Run(frames int, fill func(rows []float32, stride int)) []float32 {
	n := frames + 2*r.reach
	in := r.rows(0, r.inputs, n)
	fill(in, rowLength(n))
	for i := range r.layers {
		p := &r.layers[i]
		left := n - p.reach()
		out := r.rows(1-i%2, p.out*p.filters, left)
		p.run(out, in, left, rowLength(n))
		in, n = out, left
	}
	return in[:frames]
}

// rows returns one of the two buffers, large enough.
func (r *Runner) rows(i, count, frames int) []float32 {
	if n := count*rowLength(frames) + 2*tile + rowLength(frames); len(r.buffer[i]) < n {
		r.buffer[i] = make([]float32, n)
	}
	return r.buffer[i]
}

// run makes so many frames of out from in, whose rows are stride floats apart.
func (p *planned) run(out, in []float32, frames, stride int) {
	p.lay(stride)
	length := rowLength(frames)
	perBand := p.Frames * p.Inputs
	for b := range p.out {
		first := b*p.stride() - p.padding // band under the kernel's first
		lo, hi := max(0, -first), min(p.Bands, p.bands-first)
		base := (first + lo) * p.rows * stride
		taps := p.offsets[:(hi-lo)*perBand]
		for g := 0; g < p.filters; g += group {
			weights := p.weights[(g*len(p.offsets) + lo*perBand*group):][:len(taps)*group]
			dst := out[(b*p.filters+g)*length:]
			for t := 0; t < frames; t += tile {
				convolve(dst[t:], length, in[base+t:], taps, weights, p.bias[g:], !p.Linear)
			}
		}
	}
}

// lay writes the offsets of the taps for rows that are stride floats apart.
func (p *planned) lay(stride int) {
	i := 0
	for b := range p.Bands {
		for f := range p.Frames {
			for c := range p.Inputs {
				p.offsets[i] = 4 * uintptr((b*p.rows+c)*stride+f*p.dilation())
				i++
			}
		}
	}
}
