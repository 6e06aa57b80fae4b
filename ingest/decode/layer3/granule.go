package layer3

// Types of blocks (11172-3, 2.4.2.7).
const (
	longBlock = iota
	startBlock
	shortBlock
	stopBlock
)

// granule is what the side information says of one channel in one granule
// (11172-3 and 13818-3, 2.4.1.7), and its scale factors.
type granule struct {
	bits        int // of main data
	pairs       int // of lines before the small ones
	gain        int
	compress    int // which lengths the scale factors have
	block       int
	mixed       bool // the lowest two subbands are those of a long block
	tables      [3]int
	regions     [3]int // where the regions of lines end
	windowGains [3]int
	emphasis    bool
	coarse      int // 1: factors count double
	quads       int // the table of the small lines
	shared      int // scfsi: which parts of the factors are those of the first granule

	bands   []band
	factors factors
}

// readSide reads the side information of a frame.
func (d *Decoder) readSide(f Frame) error {
	s := &bitReader{b: f.Side}
	var shared [2]int
	if d.low {
		s.read(8 + f.Channels) // main_data_begin, private_bits
	} else {
		s.read(9 + 7 - 2*f.Channels)
		for c := range f.Channels {
			shared[c] = s.read(4)
		}
	}
	for g := range d.granules {
		for c := range f.Channels {
			granule := &d.content[g][c].granule
			if err := d.readGranule(s, granule); err != nil {
				return err
			}
			if g == 1 {
				granule.shared = shared[c]
			}
		}
	}
	if s.at > 8*len(f.Side) {
		return errDamaged
	}
	return nil
}

// readGranule reads one channel's side information.
func (d *Decoder) readGranule(r *bitReader, g *granule) error {
	*g = granule{bits: r.read(12), pairs: r.read(9), gain: r.read(8), bands: d.bands.long}
	if d.low {
		g.compress = r.read(9)
	} else {
		g.compress = r.read(4)
	}
	if r.read(1) == 1 {
		g.readSwitched(r, d.bands)
	} else {
		g.tables = [3]int{r.read(5), r.read(5), r.read(5)}
		first := r.read(4) + 1
		g.regions[0] = d.bands.edges[first]
		g.regions[1] = d.bands.edges[min(first+r.read(3)+1, 22)]
	}
	if !d.low {
		g.emphasis = r.read(1) == 1
	}
	g.coarse, g.quads = r.read(1), 32+r.read(1)
	if g.pairs > Lines/2 || g.bands == nil {
		return errDamaged
	}
	g.regions[2] = Lines
	for i, end := range g.regions {
		g.regions[i] = min(end, 2*g.pairs)
	}
	return nil
}

// readSwitched reads what stands for other windows than the normal one. A type
// that there is not leaves no bands.
func (g *granule) readSwitched(r *bitReader, b *bands) {
	g.block, g.mixed = r.read(2), r.read(1) == 1
	g.tables = [3]int{r.read(5), r.read(5)}
	g.windowGains = [3]int{r.read(3), r.read(3), r.read(3)}
	g.regions = [3]int{b.edges[8], Lines}
	switch {
	case g.block == longBlock:
		g.bands = nil
	case g.block == shortBlock && g.mixed:
		g.bands, g.regions[0] = b.mixed, b.shortEnd
	case g.block == shortBlock:
		g.bands, g.regions[0] = b.short, b.shortEnd
	}
}

// longSubbands returns how many subbands have a long block.
func (g *granule) longSubbands() int {
	switch {
	case g.block != shortBlock:
		return subbands
	case g.mixed:
		return 2
	}
	return 0
}
