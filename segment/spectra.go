package segment

import (
	"math"
	"slices"

	"prep/data"
	"prep/features/stft"
)

// spectra reads the band energies of frame after frame of a recording. Frame t
// is centred on sample t*hop.
type spectra struct {
	grid
	r     data.Reader
	stft  *stft.STFT
	block int         // frames read at once
	power []float32   // of a block, in groups of eight frames, bins x stft.Lanes
	bands [][]float32 // of a block
	ones  []float32
	next  int // frame
}

func newSpectra(g grid, r data.Reader, block int) *spectra {
	s := &spectra{grid: g, r: r, block: block, stft: stft.New(stft.Hann(g.window), g.window, g.hop)}
	groups := (block + stft.Lanes - 1) / stft.Lanes
	s.power = make([]float32, groups*stft.Lanes*s.stft.Bins())
	s.bands = rows(groups*stft.Lanes, g.bands())
	s.ones = slices.Repeat([]float32{1}, s.stft.Bins())
	return s
}

// rows returns n rows of m values.
func rows(n, m int) [][]float32 {
	r := make([][]float32, n)
	for i := range r {
		r[i] = make([]float32, m)
	}
	return r
}

// read writes the band energies of the next frame to dst and returns their sum.
func (s *spectra) read(dst []float32) (total float32, err error) {
	i := s.next % s.block
	if i == 0 {
		if err := s.load(); err != nil {
			return 0, err
		}
	}
	s.next++
	for b, v := range s.bands[i] {
		dst[b] = v
		total += v
	}
	return total, nil
}

// load fills bands with the block that begins at the next frame. A frame that
// would reach over an edge of the recording is moved inside, so that hum, offset
// and noise that are cut off there do not step; one that lies behind the
// recording is silent.
func (s *spectra) load() error {
	first := s.next*s.hop - s.window/2
	if err := s.transform(s.bands, first, s.block); err != nil {
		return err
	}
	for i := range s.block {
		start := first + i*s.hop
		inside := min(max(start, 0), max(s.r.Len()-s.window, 0))
		switch {
		case start >= s.r.Len():
			clear(s.bands[i])
		case start != inside:
			if err := s.transform(s.bands[i:i+1], inside, 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// transform writes the band energies of n frames to dst, the first of which
// begins at a sample.
func (s *spectra) transform(dst [][]float32, start, n int) error {
	if err := s.stft.ReadLanes(s.power, s.r, start, n); err != nil {
		return err
	}
	group := s.stft.Bins() * stft.Lanes
	var sums [stft.Lanes]float32
	for t := 0; t < n; t += stft.Lanes {
		power := s.power[t/stft.Lanes*group:]
		for b := range s.grid.bands() {
			lo, hi := s.edges[b], s.edges[b+1]
			stft.Dot(&sums, s.ones[:hi-lo], power[lo*stft.Lanes:])
			for l := range min(stft.Lanes, n-t) {
				dst[t+l][b] = finiteOrZero(sums[l])
			}
		}
	}
	return nil
}

// finiteOrZero replaces what is no number, from samples that are none or whose
// squares overflow, so that one of them does not spoil the rest.
func finiteOrZero(v float32) float32 {
	if v < math.MaxFloat32/1e6 { // false for NaN
		return v
	}
	return 0
}
