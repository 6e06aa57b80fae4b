package segment

import (
	"math"
	"slices"

	"prep/data"
	"prep/features/stft"
)

// spectra reads the levels of frame after frame of a recording: what the network
// hears. They are relative to the loudest sound nearby, so that a gain changes
// nothing.
type spectra struct {
	grid
	r       data.Reader
	ahead   int // frames that are looked at beyond the one that is given out
	block   int // frames read at once
	stfts   []*stft.STFT
	power   []float32   // of a block and a window, in groups of eight frames, bins x stft.Lanes
	ring    [][]float32 // band powers of the last frames
	means   []float32   // mean power of the last frames
	loudest lowest      // of the negative mean power
	least   lowest      // of the mean power, digital silence left out
	noise   float32     // level of the quietest moment around the frame given out last
	floor   float32     // power that is added to every band: that of the source's last bit
	next    int         // frame to be read
	known   int         // frame that loudest and least take next
	now     int         // frame to be given out
}

func newSpectra(g grid, r data.Reader, block int, c Config) *spectra {
	s := &spectra{grid: g, r: r, ahead: g.context, block: block, floor: c.floor}
	if c.Causal {
		s.ahead = 0
	}
	s.loudest, s.least = newLowest(s.ahead+g.context+1), newLowest(s.ahead+g.context+1)
	groups := (block + stft.Lanes - 1) / stft.Lanes
	for _, w := range g.windows {
		f := stft.New(stft.Hann(w.size), w.size, g.hop)
		s.stfts = append(s.stfts, f)
		s.power = slices.Grow(s.power[:0], groups*stft.Lanes*f.Bins())
	}
	s.power = s.power[:cap(s.power)]
	s.ring = rows(s.ahead+1+block+stft.Lanes, g.rows())
	s.means = make([]float32, len(s.ring))
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

// levels writes the next frame to dst, a value every stride floats. Beyond the
// edges of the recording all is silent; its length may become known only as it
// is read.
func (s *spectra) levels(dst []float32, stride int) error {
	for s.next <= s.now+s.ahead {
		if err := s.load(); err != nil {
			return err
		}
	}
	for ; s.known <= s.now+s.ahead; s.known++ { // and nothing of the block behind it
		mean := s.means[s.known%len(s.means)]
		s.loudest.push(s.known, -mean)
		if mean > 0 {
			s.least.push(s.known, mean)
		}
	}
	top, _ := s.loudest.leastSince(s.now - s.context)
	peak := max(-top, overFloor*s.floor)
	scale := float32(0)
	if peak > 0 {
		scale = 1 / peak
	}
	s.noise = quietest
	if low, ok := s.least.leastSince(s.now - s.context); ok && peak > 0 {
		s.noise = min(max(level(float32((low+s.floor)*scale)), quietest), loudestNoise)
	}
	for i, v := range s.ring[s.now%len(s.ring)] {
		dst[i*stride] = level(float32((v + s.floor) * scale))
	}
	s.now++
	return nil
}

// The levels between which noise counts: 60 and 10 dB below the loudest.
const (
	quietest     = 2 - 6.0/2
	loudestNoise = 2 - 1.0/2
)

// mean returns the mean power of the frame given out last.
func (s *spectra) mean() float32 { return s.means[(s.now-1)%len(s.means)] }

// overFloor is how far above the source's last bit the loudest sound lies at least, as
// a ratio of powers: what flips that bit is no sound.
const overFloor = 100

// silent writes a frame of silence to dst.
func (g grid) silent(dst []float32, stride int) {
	for i := range g.rows() {
		dst[i*stride] = level(0)
	}
}

// faintest is the power, re the loudest, below which all levels are alike: -80 dB.
const faintest = 1e-8

// level returns half the decimal logarithm of a relative power, plus two: from
// about -2 to 2.
func level(power float32) float32 {
	return float32(halfLog10Of2*log2(power+faintest)) + 2
}

const halfLog10Of2 = math.Ln2 / math.Ln10 / 2

// log2 returns the logarithm to base two of a positive normal number to within
// 2e-4: the exponent, and the polynomial of the fourth degree in the mantissa that
// is nearest by least squares and exact at its ends. Every step is rounded by itself, on
// every processor.
func log2(x float32) float32 {
	bits := math.Float32bits(x)
	exponent := float32(int(bits>>23) - 127)
	m := math.Float32frombits(bits&(1<<23-1)|127<<23) - 1
	p := float32(-0.08030731) // least squares
	p = float32(p*m) + 0.31700072
	p = float32(p*m) - 0.67476666
	p = float32(p*m) + 1.43807325
	return exponent + float32(p*m)
}

// load reads the next block of frames. A frame that would reach over an edge of
// the recording is moved inside, so that hum, offset and noise that are cut off
// there do not step; one that lies behind the recording is silent.
func (s *spectra) load() error {
	first := s.next
	for w := range s.windows {
		if err := s.transform(w, first*s.hop-s.windows[w].size/2, first, s.block); err != nil {
			return err
		}
		if err := s.inside(w, first); err != nil {
			return err
		}
	}
	for t := first; t < first+s.block; t++ {
		row := s.ring[t%len(s.ring)]
		sum := float32(0)
		for i := 0; i < len(row); i += len(s.windows) {
			sum += row[i]
		}
		s.means[t%len(s.ring)] = sum / bandCount
	}
	s.next += s.block
	return nil
}

// inside replaces the frames of the block from frame first on that reach over an
// edge.
func (s *spectra) inside(w, first int) error {
	size := s.windows[w].size
	for t := first; t < first+s.block; t++ {
		start := t*s.hop - size/2
		inside := min(max(start, 0), max(s.r.Len()-size, 0))
		switch {
		case start >= s.r.Len():
			row := s.ring[t%len(s.ring)]
			for i := w; i < len(row); i += len(s.windows) {
				row[i] = 0
			}
		case start != inside:
			if err := s.transform(w, inside, t, 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// transform writes the band powers of n frames, the first of which begins at a
// sample, to the ring as frames from first on.
func (s *spectra) transform(w, start, first, n int) error {
	f, b := s.stfts[w], s.windows[w]
	if err := f.ReadLanes(s.power, s.r, start, n); err != nil {
		return err
	}
	group := f.Bins() * stft.Lanes
	var sums [stft.Lanes]float32
	for t := 0; t < n; t += stft.Lanes {
		power := s.power[t/stft.Lanes*group:]
		for i, weights := range b.weights {
			stft.Dot(&sums, weights, power[b.first[i]*stft.Lanes:])
			for l := range min(stft.Lanes, n-t) {
				s.ring[(first+t+l)%len(s.ring)][i*len(s.windows)+w] = finiteOrZero(sums[l])
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
