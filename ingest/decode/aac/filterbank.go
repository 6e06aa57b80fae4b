package aac

// Sequences of windows (window_sequence).
const (
	onlyLong = iota
	longStart
	eightShort
	longStop
)

// flat is how far from its edge a long window that meets short ones is 0 or 1.
const flat = (Frame - short) / 2

// Full scale is 32768, and the sum of an inverse MDCT of n lines is divided by n
// (ISO/IEC 14496-3, 4.6.11.3.1).
const fullScale = 32768

// filterbank turns spectra into samples. It is for one goroutine.
type filterbank struct {
	long, short *transform
	u           [Frame]float32
	halves      [2 * Frame]float32
}

func newFilterbank() *filterbank {
	return &filterbank{
		long:  newTransform(Frame, 1.0/Frame/fullScale),
		short: newTransform(short, 1.0/short/fullScale),
	}
}

// tail is what one channel keeps from frame to frame.
type tail struct {
	samples [Frame]float32 // of the last window's second half
	shape   int            // of that half
}

// render writes Frame samples to dst[0], dst[stride], ...
func (f *filterbank) render(dst []float32, stride int, t *tail, c *channel) {
	if c.sequence == eightShort {
		f.eight(t.shape, c)
	} else {
		f.long.middle(f.u[:], c.lines[:])
		f.rise(longRise[t.shape], shortRise[t.shape], c.sequence == longStop)
		f.fall(longRise[c.shape], shortRise[c.shape], c.sequence == longStart)
	}
	for i, v := range f.halves[:Frame] {
		dst[i*stride] = v + t.samples[i]
	}
	copy(t.samples[:], f.halves[Frame:])
	t.shape = c.shape
}

// rise makes the first half of a long window; steep is that behind short ones.
func (f *filterbank) rise(long, short []float32, steep bool) {
	const half = Frame / 2
	y := f.halves[:Frame]
	from := 0
	if steep {
		from = flat
		clear(y[:flat])
		copy(y[Frame-flat:], f.u[half-flat:half])
		long = short
	}
	u := f.u[:half]
	for i := from; i < half; i++ {
		v := u[half-1-i]
		y[i] = -v * long[i-from]
		y[Frame-1-i] = v * long[len(long)-1-i+from]
	}
}

// fall makes the second half of a long window; steep is that before short ones.
func (f *filterbank) fall(long, short []float32, steep bool) {
	const half = Frame / 2
	y := f.halves[Frame:]
	from := 0
	if steep {
		from = flat
		copy(y[:flat], f.u[half:half+flat])
		clear(y[Frame-flat:])
		long = short
	}
	u := f.u[half:]
	for i := from; i < half; i++ {
		v := u[i]
		y[i] = v * long[len(long)-1-i+from]
		y[Frame-1-i] = v * long[i-from]
	}
}

// eight makes both halves of eight short windows, each half over its neighbour's.
func (f *filterbank) eight(before int, c *channel) {
	clear(f.halves[:])
	u := f.u[:short]
	fall := shortRise[c.shape]
	for w := range 8 {
		rise := fall
		if w == 0 {
			rise = shortRise[before]
		}
		f.short.middle(u, c.lines[w*short:])
		y := f.halves[flat+w*short:][:2*short]
		for i := range short / 2 {
			a, b := u[short/2-1-i], u[short/2+i]
			y[i] -= a * rise[i]
			y[short-1-i] += a * rise[short-1-i]
			y[short+i] += b * fall[short-1-i]
			y[2*short-1-i] += b * fall[i]
		}
	}
}
