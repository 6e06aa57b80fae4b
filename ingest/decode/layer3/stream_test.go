package layer3

import (
	"math"
	"math/rand/v2"
)

// bitWriter writes bits, the most significant of a byte first.
type bitWriter struct {
	b []byte
	n int
}

func (w *bitWriter) write(v, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.n&7 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n>>3] |= byte(v>>i&1) << (7 - w.n&7)
		w.n++
	}
}

// word is a value's Huffman code.
type word struct{ code, bits int }

// words returns the words of a code by their values.
func (c *code) words() map[int]word {
	m := map[int]word{}
	var walk func(node int16, w word)
	walk = func(node int16, w word) {
		if v := c.tree[node]; v < 0 {
			m[int(^v)] = w
			return
		}
		walk(node+1, word{w.code << 1, w.bits + 1})
		walk(c.tree[node], word{w.code<<1 | 1, w.bits + 1})
	}
	walk(0, word{})
	return m
}

var dictionary = func() (d [34]map[int]word) {
	for i, c := range codes {
		if c != nil {
			d[i] = c.words()
		}
	}
	return d
}()

// stream writes random frames that use all that the format has.
type stream struct {
	*rand.Rand
	d        *Decoder
	rate     int
	channels int
	joint    int // mode_extension, 0 for plain stereo
	last     [2]granule
}

// header returns the header of a frame of the highest bit rate, and its size.
func (s *stream) header() (head [4]byte, size int) {
	row := map[int][2]int{44100: {3, 0}, 48000: {3, 1}, 32000: {3, 2}, 22050: {2, 0}, 24000: {2, 1}, 16000: {2, 2},
		11025: {0, 0}, 12000: {0, 1}, 8000: {0, 2}}[s.rate]
	mode := 3
	if s.channels == 2 {
		mode = min(s.joint, 1)
	}
	head = [4]byte{0xff, byte(0xe3 | row[0]<<3), byte(14<<4 | row[1]<<2), byte(mode<<6 | s.joint<<4)}
	if s.d.low {
		return head, 72 * 160000 / s.rate
	}
	return head, 144 * 320000 / s.rate
}

// sideLen returns how many bytes of side information a frame has.
func (s *stream) sideLen() int {
	if s.d.low {
		return [2]int{9, 17}[s.channels-1]
	}
	return [2]int{17, 32}[s.channels-1]
}

// frame writes a frame, whose main data is all its own.
func (s *stream) frame() []byte {
	head, size := s.header()
	side, main := &bitWriter{}, &bitWriter{}
	var shared [2]int
	if s.d.low {
		side.write(0, 8+s.channels)
	} else {
		side.write(0, 9+7-2*s.channels)
		for c := range s.channels {
			if s.last[c].block != startBlock && s.last[c].block != shortBlock { // the first granule is not short
				shared[c] = s.IntN(16) & s.IntN(16)
			}
			side.write(shared[c], 4)
		}
	}
	budget := min(8*(size-4-s.sideLen())/s.d.granules/s.channels, 4095)
	for g := range s.d.granules {
		for c := range s.channels {
			gr := s.granule(c)
			if g == 1 && gr.block != shortBlock {
				gr.shared = shared[c]
			}
			s.write(side, main, gr, c == 1 && s.joint&intensity != 0, main.n+budget)
		}
	}
	frame := append(head[:], side.b...)
	frame = append(frame, main.b...)
	return append(frame, make([]byte, size-len(frame))...)
}

// granule returns what stands in the side information, but for what the lines say.
func (s *stream) granule(channel int) granule {
	g := granule{bands: s.d.bands.long, compress: s.IntN(16), coarse: s.IntN(2), quads: 32 + s.IntN(2)}
	if s.d.low {
		g.compress = s.IntN(512)
	} else {
		g.emphasis = s.IntN(2) == 1
	}
	s.switchBlock(&g, channel)
	if g.block != longBlock {
		for w := range g.windowGains {
			g.windowGains[w] = s.IntN(4)
		}
	}
	if g.block == shortBlock {
		g.bands, g.emphasis = s.d.bands.short, false
		if g.mixed {
			g.bands = s.d.bands.mixed
		}
	}
	g.pairs = s.IntN(289)
	if channel == 1 && s.joint&intensity != 0 {
		g.pairs = s.IntN(60)
	}
	for i := range g.tables {
		for g.tables[i] = s.IntN(32); g.tables[i] == 4 || g.tables[i] == 14; {
			g.tables[i] = s.IntN(32)
		}
	}
	return g
}

// switchBlock chooses a block that may follow the last one, and the same for both
// channels in joint stereo: other decoders count on it.
func (s *stream) switchBlock(g *granule, channel int) {
	last := &s.last[channel]
	defer func() { *last = *g }()
	if channel == 1 && s.joint != 0 {
		g.block, g.mixed = s.last[0].block, s.last[0].mixed
		return
	}
	after := [][]int{{longBlock, startBlock}, {shortBlock}, {shortBlock, stopBlock}, {longBlock, startBlock}}[last.block]
	g.block = after[s.IntN(len(after))]
	if g.block == startBlock {
		g.mixed = s.IntN(3) == 0 && s.d.bands.mixed != nil
	} else if g.block != longBlock {
		g.mixed = last.mixed
	}
}

// write writes a granule of at most as many bits as there are before end.
func (s *stream) write(side, main *bitWriter, g granule, position bool, end int) {
	start := main.n
	s.writeFactors(main, &g, position)
	var first, second int
	if g.block == 0 {
		first, second = s.IntN(16), s.IntN(8)
		g.regions[0] = s.d.bands.edges[first+1]
		g.regions[1] = s.d.bands.edges[min(first+second+2, 22)]
	} else {
		g.tables[2] = 0
		if g.regions = [3]int{s.d.bands.edges[8], Lines}; g.block == shortBlock {
			g.regions[0] = s.d.bands.shortEnd
		}
	}
	largest := s.writeLines(main, &g, end)
	g.bits = main.n - start
	g.gain = 210 + int(math.Floor(4*math.Log2(0.1/float64(powers[largest]))))
	side.write(g.bits, 12)
	side.write(g.pairs, 9)
	side.write(g.gain, 8)
	if s.d.low {
		side.write(g.compress, 9)
	} else {
		side.write(g.compress, 4)
	}
	s.writeWindows(side, g, first, second)
	if !s.d.low {
		side.write(map[bool]int{true: 1}[g.emphasis], 1)
	}
	side.write(g.coarse, 1)
	side.write(g.quads-32, 1)
}

func (s *stream) writeWindows(side *bitWriter, g granule, first, second int) {
	if g.block == 0 {
		side.write(0, 1)
		for _, t := range g.tables {
			side.write(t, 5)
		}
		side.write(first, 4)
		side.write(second, 3)
		return
	}
	side.write(1, 1)
	side.write(g.block, 2)
	side.write(map[bool]int{true: 1}[g.mixed], 1)
	side.write(g.tables[0], 5)
	side.write(g.tables[1], 5)
	for _, v := range g.windowGains {
		side.write(v, 3)
	}
}

// writeFactors writes random factors of the lengths that compress says.
func (s *stream) writeFactors(main *bitWriter, g *granule, position bool) {
	random := func(n, bits int) {
		for range n {
			main.write(s.IntN(1<<bits), bits)
		}
	}
	kind := 0
	if g.block == shortBlock {
		kind = 1
		if g.mixed {
			kind = 2
		}
	}
	switch bits := lengths[g.compress&15]; {
	case s.d.low:
		cut := *g
		bits, row := cut.lowLengths(position)
		for i, n := range partitions[row][kind] {
			random(n, bits[i])
		}
	case kind > 0:
		random(19-kind, bits[0])
		random(18, bits[1])
	default:
		from := 0
		for i, to := range groups {
			if g.shared>>(3-i)&1 == 0 {
				random(to-from, bits[i/2])
			}
			from = to
		}
	}
}

// writeLines writes pairs and quadruples while there is room and returns the
// largest magnitude, one at least.
func (s *stream) writeLines(main *bitWriter, g *granule, end int) (largest int) {
	largest, at := 1, 0
	for ; at < 2*g.pairs && main.n+50 < end; at += 2 {
		table := g.tables[2]
		if at < g.regions[0] {
			table = g.tables[0]
		} else if at < g.regions[1] {
			table = g.tables[1]
		}
		if table != 0 {
			largest = max(largest, s.writePair(main, table))
		}
	}
	g.pairs = at / 2
	for n := s.IntN(60); n > 0 && at+4 <= Lines && main.n+12 < end; n-- {
		v := s.IntN(16)
		w := dictionary[g.quads][v]
		main.write(w.code, w.bits)
		for ; v > 0; v &= v - 1 {
			main.write(s.IntN(2), 1)
		}
		at += 4
	}
	return largest
}

func (s *stream) writePair(main *bitWriter, table int) (largest int) {
	side := int(math.Sqrt(float64(len(dictionary[table]))))
	x, y := s.IntN(side)&s.IntN(side), s.IntN(side)&s.IntN(side)
	w := dictionary[table][x<<4|y]
	main.write(w.code, w.bits)
	for _, v := range []int{x, y} {
		if v == 15 && escapes[table] > 0 {
			more := s.IntN(1 << min(escapes[table], 6))
			main.write(more, escapes[table])
			v += more
		}
		if v > 0 {
			main.write(s.IntN(2), 1)
		}
		largest = max(largest, v)
	}
	return largest
}
