package layer3

// band is one scale factor band of a granule, of one window of a short block.
type band struct {
	start, end, step int // its lines, those of the three windows interleaved
	window           int // of a short block; -1 in a long one
}

// width returns how many lines the band has.
func (b band) width() int { return (b.end - b.start + b.step - 1) / b.step }

// bands are those of one rate, in the order in which they are coded.
type bands struct {
	long, short, mixed []band
	edges              [23]int // of the long bands
	shortEnd           int     // where the first region of lines ends in short blocks
}

// bandsOf are the bands by the rate: ISO/IEC 11172-3, table B.8, for MPEG-1,
// 13818-3, table B.2, for MPEG-2. Those of 11.025 and 12 kHz are MPEG-2's at 16
// kHz; for 8 kHz no standard has any, and all encoders and decoders have these.
var bandsOf = func() map[int]*bands {
	low := []int{6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54}
	at16k := newBands(low, []int{4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 30, 40, 18})
	telephone := newBands([]int{12, 12, 12, 12, 12, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 76, 90, 2, 2, 2, 2, 2},
		[]int{8, 8, 8, 12, 16, 20, 24, 28, 36, 2, 2, 2, 26})
	telephone.mixed = nil // whether its long part has 36 lines or 72 is nowhere said
	return map[int]*bands{
		44100: newBands([]int{4, 4, 4, 4, 4, 4, 6, 6, 8, 8, 10, 12, 16, 20, 24, 28, 34, 42, 50, 54, 76, 158},
			[]int{4, 4, 4, 4, 6, 8, 10, 12, 14, 18, 22, 30, 56}),
		48000: newBands([]int{4, 4, 4, 4, 4, 4, 6, 6, 6, 8, 10, 12, 16, 18, 22, 28, 34, 40, 46, 54, 54, 192},
			[]int{4, 4, 4, 4, 6, 6, 10, 12, 14, 16, 20, 26, 66}),
		32000: newBands([]int{4, 4, 4, 4, 4, 4, 6, 6, 8, 10, 12, 16, 20, 24, 30, 38, 46, 56, 68, 84, 102, 26},
			[]int{4, 4, 4, 4, 6, 8, 12, 16, 20, 26, 34, 42, 12}),
		22050: newBands(low, []int{4, 4, 4, 6, 6, 8, 10, 14, 18, 26, 32, 42, 18}),
		24000: newBands([]int{6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 18, 22, 26, 32, 38, 46, 54, 62, 70, 76, 36},
			[]int{4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 32, 44, 12}),
		16000: at16k, 12000: at16k, 11025: at16k, 8000: telephone,
	}
}()

// newBands makes the bands of widths in lines. In mixed blocks the lowest two
// subbands, 36 lines, have long bands.
func newBands(long, short []int) *bands {
	b := &bands{}
	for i, n := range long {
		b.edges[i+1] = b.edges[i] + n
		b.long = append(b.long, band{b.edges[i], b.edges[i+1], 1, -1})
		if b.edges[i+1] <= 2*slots {
			b.mixed = b.long[: i+1 : i+1]
		}
	}
	at := 0
	for i, n := range short {
		for w := range 3 {
			b.short = append(b.short, band{at + w, at + 3*n, 3, w})
		}
		if at += 3 * n; i == 2 {
			b.shortEnd = at
		}
	}
	b.mixed = append(b.mixed, b.short[9:]...)
	return b
}
