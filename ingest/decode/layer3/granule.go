package layer3

// Types of blocks (11172-3, 2.4.2.7).
const (
	longBlock = iota
	startBlock
	shortBlock
	stopBlock
)

// granule is what the side information says of one channel in one frame (13818-3,
// 2.4.1.7), and its scale factors.
type granule struct {
	bits        int // of main data
	pairs       int // of lines before the small ones
	gain        int
	compress    int
	block       int
	mixed       bool // the lowest two subbands are those of a long block
	tables      [3]int
	regions     [2]int // where the first two regions of lines end
	windowGains [3]int
	coarse      int // 1: factors count double
	quads       int // the table of the small lines

	bands    []band
	factors  [39]int
	illegal  [39]bool // a position of intensity stereo that means none
	emphasis bool
}

// readGranule reads one channel's side information.
func readGranule(r *bitReader, b *bands) (g granule, err error) {
	g.bits, g.pairs, g.gain, g.compress = r.read(12), r.read(9), r.read(8), r.read(9)
	g.bands = b.long
	if r.read(1) == 1 {
		g.readSwitched(r, b)
	} else {
		g.tables = [3]int{r.read(5), r.read(5), r.read(5)}
		first := r.read(4) + 1
		g.regions[0] = b.edges[first]
		g.regions[1] = b.edges[min(first+r.read(3)+1, 22)]
	}
	g.coarse, g.quads = r.read(1), 32+r.read(1)
	if g.pairs > Lines/2 || g.bands == nil {
		return g, errDamaged
	}
	return g, nil
}

// readSwitched reads what stands for other windows than the normal one. A type
// that there is not leaves no bands.
func (g *granule) readSwitched(r *bitReader, b *bands) {
	g.block, g.mixed = r.read(2), r.read(1) == 1
	g.tables = [3]int{r.read(5), r.read(5)}
	g.windowGains = [3]int{r.read(3), r.read(3), r.read(3)}
	g.regions = [2]int{b.edges[8], Lines}
	switch {
	case g.block == longBlock:
		g.bands = nil
	case g.block == shortBlock && g.mixed:
		g.bands, g.regions[0] = b.mixed, b.shortEnd
	case g.block == shortBlock:
		g.bands, g.regions[0] = b.short, b.shortEnd
	}
}

// partitions are how many factors have each of four lengths, by the range of
// scalefac_compress and by long, short and mixed blocks (13818-3, 2.4.3.2). The
// last three are for the right channel in intensity stereo.
var partitions = [6][3][4]int{
	{{6, 5, 5, 5}, {9, 9, 9, 9}, {6, 9, 9, 9}},
	{{6, 5, 7, 3}, {9, 9, 12, 6}, {6, 9, 12, 6}},
	{{11, 10, 0, 0}, {18, 18, 0, 0}, {15, 18, 0, 0}},
	{{7, 7, 7, 0}, {12, 12, 12, 0}, {6, 15, 12, 0}},
	{{6, 6, 6, 3}, {12, 9, 9, 6}, {6, 12, 9, 6}},
	{{8, 8, 5, 0}, {15, 12, 9, 0}, {6, 18, 9, 0}},
}

// lengths returns the bits of a factor in each partition, and which partitions.
func (g *granule) lengths(intensity bool) (bits [4]int, row int) {
	c := g.compress
	if intensity {
		switch c >>= 1; {
		case c < 180:
			return [4]int{c / 36, c % 36 / 6, c % 6}, 3
		case c < 244:
			c -= 180
			return [4]int{c >> 4, c >> 2 & 3, c & 3}, 4
		}
		c -= 244
		return [4]int{c / 3, c % 3}, 5
	}
	switch {
	case c < 400:
		return [4]int{c >> 4 / 5, c >> 4 % 5, c >> 2 & 3, c & 3}, 0
	case c < 500:
		c -= 400
		return [4]int{c >> 2 / 5, c >> 2 % 5, c & 3}, 1
	}
	c -= 500
	g.emphasis = true
	return [4]int{c / 3, c % 3}, 2
}

// readFactors reads the scale factors; the last bands have none. For the right
// channel in intensity stereo they are its bands' positions.
func (g *granule) readFactors(r *bitReader, intensity bool) {
	bits, row := g.lengths(intensity)
	kind := 0
	if g.block == shortBlock {
		kind = 1
		if g.mixed {
			kind = 2
		}
	}
	i := 0
	for p, n := range partitions[row][kind] {
		for range n {
			g.factors[i] = r.read(bits[p])
			g.illegal[i] = bits[p] > 0 && g.factors[i] == 1<<bits[p]-1
			i++
		}
	}
}
