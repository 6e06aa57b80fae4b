package aac

// maxBands is how many bands a window has at most (51 at 32 kHz).
const maxBands = 51

// info says how the windows of a block are cut (ics_info, table 4.6).
type info struct {
	sequence int
	shape    int
	count    int    // of coded bands in a window
	edges    []int  // of all bands
	groups   [8]int // how many windows share factors: a long window is one group
	grouped  int    // how many groups there are
}

// channel is one channel in a block (individual_channel_stream, table 4.50).
type channel struct {
	info
	books   [8][maxBands]uint8 // by group and band
	factors [8][maxBands]int   // scale factors, positions of intensity, energies of noise
	pulses  []pulse
	pulse   [4]pulse
	filters [8][]filter // TNS, by window
	filter  [8][3]filter
	lines   [Frame]float32
}

// windows is how many windows the block has.
func (i *info) windows() int {
	if i.sequence == eightShort {
		return 8
	}
	return 1
}

// read reads ics_info.
func (i *info) read(r *bitReader, b *bands) error {
	*i = info{groups: [8]int{1}, grouped: 1, edges: b.long}
	r.read(1)
	i.sequence, i.shape = r.read(2), r.read(1)
	if i.sequence == eightShort {
		i.edges, i.count = b.short, r.read(4)
		for range 7 {
			if !r.flag() {
				i.grouped++
			}
			i.groups[i.grouped-1]++
		}
	} else {
		i.count = r.read(6)
		if r.flag() { // predictor_data_present: of Main and LTP
			return ErrDamaged
		}
	}
	if i.count > len(i.edges)-1 {
		return ErrDamaged
	}
	return nil
}

// readChannel reads an individual_channel_stream to spectral lines; with shared,
// info is there already.
func (d *Decoder) readChannel(r *bitReader, c *channel, shared bool) error {
	gain := r.read(8)
	if !shared {
		if err := c.info.read(r, &d.bands); err != nil {
			return err
		}
	}
	if err := c.readBooks(r); err != nil {
		return err
	}
	if err := c.readFactors(r, gain); err != nil {
		return err
	}
	if err := c.readPulses(r); err != nil {
		return err
	}
	if err := c.readFilters(r); err != nil {
		return err
	}
	if r.flag() { // gain_control_data_present
		return Unsupported("AAC SSR")
	}
	return c.readLines(r, &d.quanta)
}

// Codebooks that are none of the spectrum's.
const (
	zero       = 0
	escaping   = 11
	reserved   = 12
	noisy      = 13
	outOfPhase = 14 // intensity
	inPhase    = 15
)

// readBooks reads section_data (table 4.52).
func (c *channel) readBooks(r *bitReader) error {
	bits := 5
	if c.sequence == eightShort {
		bits = 3
	}
	for g := range c.grouped {
		for at := 0; at < c.count; {
			book := r.read(4)
			n, more := 0, 1<<bits-1
			for more == 1<<bits-1 && !r.over() {
				more = r.read(bits)
				n += more
			}
			if book == reserved || at+n > c.count || r.over() {
				return ErrDamaged
			}
			for ; n > 0; n-- {
				c.books[g][at] = uint8(book)
				at++
			}
		}
	}
	return nil
}

// readFactors reads scale_factor_data (table 4.53; 4.6.2.3).
func (c *channel) readFactors(r *bitReader, gain int) error {
	factor, noise, position := gain, gain-90, 0
	first := true
	for g := range c.grouped {
		for b, book := range c.books[g][:c.count] {
			switch {
			case book == zero:
				c.factors[g][b] = 0
			case book >= outOfPhase:
				position += codes[0].read(r) - 60
				c.factors[g][b] = position
			case book == noisy && first:
				noise += r.read(9) - 256
				c.factors[g][b], first = noise, false
			case book == noisy:
				noise += codes[0].read(r) - 60
				c.factors[g][b] = noise
			default:
				factor += codes[0].read(r) - 60
				if factor < 0 || factor > 255 {
					return ErrDamaged
				}
				c.factors[g][b] = factor
			}
		}
	}
	return nil
}

// pulse is added to one quantized line (4.6.3.3).
type pulse struct{ at, height int }

// readPulses reads pulse_data (table 4.7).
func (c *channel) readPulses(r *bitReader) error {
	c.pulses = c.pulse[:0]
	if !r.flag() {
		return nil
	}
	n, band := r.read(2)+1, r.read(6)
	if c.sequence == eightShort || band >= len(c.edges)-1 {
		return ErrDamaged
	}
	at := c.edges[band]
	for range n {
		at += r.read(5)
		if at >= Frame {
			return ErrDamaged
		}
		c.pulses = append(c.pulses, pulse{at, r.read(4)})
	}
	return nil
}
