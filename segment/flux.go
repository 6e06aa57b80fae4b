package segment

import (
	"math"

	"prep/data"
	"prep/features/stft"
)

var (
	windowMs  = 11.6
	hopMs     = 2.9
	lagFrames = 3
	perOctave = 6.0
	lowBin    = 2
	highHz    = 16000.0
	contextS  = 1.5
	smoothing = 0.9
	overFloor = 4.0
	peakRange = 55.0
	maxHalf   = 1
)

// grid is the time-frequency raster of the coarse pass.
type grid struct {
	rate        data.Rate
	window, hop int   // samples
	edges       []int // band b holds the bins [edges[b], edges[b+1])
	context     int   // frames
}

func newGrid(rate data.Rate) grid {
	g := grid{rate: rate}
	g.window = max(16, 1<<int(math.Round(math.Log2(windowMs/1000*float64(rate)))))
	g.hop = max(1, int(math.Round(hopMs/1000*float64(rate))))
	g.context = int(contextS * float64(rate) / float64(g.hop))
	bins := g.window/2 + 1
	top := min(bins, int(highHz*float64(g.window)/float64(rate))+1)
	for e := lowBin; e < top; e = max(e+1, int(math.Round(float64(e)*math.Pow(2, 1/perOctave)))) {
		g.edges = append(g.edges, e)
	}
	g.edges = append(g.edges, top)
	return g
}

func (g grid) bands() int { return len(g.edges) - 1 }

// spectra reads the band energies of frame after frame of a recording.
type spectra struct {
	grid
	r     data.Reader
	stft  *stft.STFT
	block int // frames read at once
	power []float32
	next  int // frame
}

func newSpectra(g grid, r data.Reader, block int) *spectra {
	s := stft.New(stft.Hann(g.window), g.window, g.hop)
	return &spectra{grid: g, r: r, stft: s, block: block, power: make([]float32, block*s.Bins())}
}

// read writes the band energies of the next frame to dst.
func (s *spectra) read(dst []float32) error {
	i := s.next % s.block
	if i == 0 {
		if err := s.stft.Read(s.power, s.r, s.next*s.hop-s.window/2, s.block); err != nil {
			return err
		}
	}
	s.next++
	row := s.power[i*s.stft.Bins():][:s.stft.Bins()]
	for b := range dst {
		sum := float32(0)
		for _, p := range row[s.edges[b]:s.edges[b+1]] {
			sum += p
		}
		dst[b] = sum
	}
	return nil
}

// extreme is the minimum of a sliding window, by a monotone queue.
type extreme struct {
	at     []int
	val    []float32
	lo, hi int
}

func newExtreme(n int) extreme { return extreme{at: make([]int, n+1), val: make([]float32, n+1)} }

func (q *extreme) push(t int, v float32) {
	n := len(q.at)
	for q.hi > q.lo && q.val[(q.hi-1)%n] >= v {
		q.hi--
	}
	q.at[q.hi%n], q.val[q.hi%n] = t, v
	q.hi++
}

// since drops what is older than t and returns the minimum of the rest.
func (q *extreme) since(t int) (float32, bool) {
	n := len(q.at)
	for q.hi > q.lo && q.at[q.lo%n] < t {
		q.lo++
	}
	return q.val[q.lo%n], q.hi > q.lo
}

// flux computes the detection function.
type flux struct {
	*spectra
	ahead  int // frames
	ring   [][]float32
	smooth []float32
	floors []extreme
	peak   extreme
	run    int
	n      int // frames read
	ref    []float32
}

func newFlux(g grid, r data.Reader, block int, causal bool) *flux {
	f := &flux{spectra: newSpectra(g, r, block), ahead: g.context}
	if causal {
		f.ahead = 0
	}
	span := f.ahead + g.context + 1
	f.ring = make([][]float32, f.ahead+lagFrames+1)
	for i := range f.ring {
		f.ring[i] = make([]float32, g.bands())
	}
	f.smooth = make([]float32, g.bands())
	f.floors = make([]extreme, g.bands())
	for i := range f.floors {
		f.floors[i] = newExtreme(span)
	}
	f.peak = newExtreme(span)
	f.ref = make([]float32, g.bands())
	return f
}

// value returns the detection function of the next frame, in dB.
func (f *flux) value() (float64, error) {
	for {
		if err := f.step(); err != nil {
			return 0, err
		}
		if f.n > f.ahead {
			return f.rise(f.n - 1 - f.ahead), nil
		}
	}
}

func (f *flux) step() error {
	e := f.ring[f.n%len(f.ring)]
	if err := f.read(e); err != nil {
		return err
	}
	total := float32(0)
	for _, v := range e {
		total += v
	}
	f.peak.push(f.n, -total)
	f.track(e, total)
	f.n++
	return nil
}

func (f *flux) track(e []float32, total float32) {
	if total <= 0 {
		f.run = 0
		return
	}
	f.run++
	if full := f.window/f.hop + 1; f.run <= full {
		copy(f.smooth, e)
		return
	}
	a := float32(smoothing)
	for b, v := range e {
		f.smooth[b] = a*f.smooth[b] + (1-a)*v
		f.floors[b].push(f.n, f.smooth[b])
	}
}

func (f *flux) rise(c int) float64 {
	now := f.ring[c%len(f.ring)]
	before := f.ring[(c+len(f.ring)-lagFrames)%len(f.ring)]
	if c < lagFrames {
		before = f.ref
		clear(before)
	}
	p, _ := f.peak.since(c - f.context)
	low := -p * float32(math.Pow(10, -peakRange/10)) / float32(len(now))
	if p >= 0 {
		return 0
	}
	sum, product := 0.0, 1.0
	for b, v := range now {
		fl, _ := f.floors[b].since(c - f.context)
		fl = max(fl*float32(overFloor), low)
		was := before[b]
		for k := max(0, b-maxHalf); k <= min(len(now)-1, b+maxHalf); k++ {
			was = max(was, before[k])
		}
		if v > was {
			product *= float64(v+fl) / float64(was+fl)
		}
		if b%8 == 7 {
			sum += math.Log10(product)
			product = 1
		}
	}
	return 10 * (sum + math.Log10(product)) / float64(len(now))
}
