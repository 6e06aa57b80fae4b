package segment

import (
	"math"
	"time"

	"prep/data"
	"prep/features/stft"
)

// Constants of the coarse pass. "Measured" is the pooled F at 50 ms on the
// VOPEC takes of the performers at even positions of the sorted list, held
// against that on synthetic takes at 20 dB SNR and on pairs of equal bursts 39
// to 45 ms apart.
const (
	// windowS gives 512 samples at 44.1 kHz: half the resolution in time of
	// SuperFlux, and 0.007 better here than its 1024 (measured).
	windowS = 0.0116
	// hopS is a quarter of the window.
	hopS = 0.0029
	// bandsPerOctave of 3 loses 0.01 (measured); bands are at least a bin.
	bandsPerOctave = 6
	// lowestBin leaves out what leaks from a DC offset under a Hann window,
	// whose main lobe is two bins to either side.
	lowestBin = 2
	// highestHz is madmom's and librosa's upper edge for SuperFlux.
	highestHz = 16000
	// lagS is how far back a rise is measured, six hops: hisses of the mouth
	// rise over 20 to 40 ms. SuperFlux's 10 ms loses 0.02, 35 ms as much (measured).
	lagS = 0.0174
	// maxBands is the half-width of the maximum filter, a third of an octave;
	// none loses 0.006 (measured). SuperFlux has a quarter tone.
	maxBands = 2
	// forgetDBPerS is how fast a band forgets the level that a new sound must
	// exceed: forward masking, which keeps the pulses of a creaky voice and
	// the debris of a tail from counting as attacks. 400 gains 0.003 and
	// loses one of two equal hits 40 ms apart (measured).
	forgetDBPerS = 800
	// contextS is how far around a frame its noise and its loudest sound are
	// looked for: a bar of beatboxing; half or double loses 0.005 (measured).
	contextS = 2.5
	// noiseSmoothing is the share of the past in the level whose minimum is
	// the noise (Martin, "Noise power spectral density estimation based on
	// optimal smoothing and minimum statistics", IEEE TSAP 9, 2001): 30 ms.
	noiseSmoothing = 0.9
	// noiseBias is what the minimum of that smoothed level lacks to the mean
	// of the noise: 2 to 3 dB for bands of one bin.
	noiseBias = 2
	// evidenceS is how long a recording must have gone on since it was last
	// digitally silent before what is heard counts as noise: longer than a
	// hit between the silences of a noise gate.
	evidenceS = 0.25
	// rangeDB is how far below the loudest sound nearby all levels are alike
	// (measured, with the threshold: 30 and 42 lose 0.003 to 0.005).
	rangeDB = 36
)

// grid is the raster of the coarse pass in time and frequency.
type grid struct {
	rate         data.Rate
	window, hop  int   // samples
	lag, context int   // frames
	evidence     int   // frames
	edges        []int // band b holds the bins [edges[b], edges[b+1])
}

func newGrid(rate data.Rate) grid {
	seconds := float64(rate)
	g := grid{rate: rate, hop: max(1, int(math.Round(hopS*seconds)))}
	g.window = max(16, 1<<max(0, int(math.Round(math.Log2(windowS*seconds)))))
	g.lag = g.frames(lagS * float64(time.Second))
	g.context = g.frames(contextS * float64(time.Second))
	g.evidence = g.frames(evidenceS * float64(time.Second))
	top := min(g.window/2+1, max(lowestBin+1, int(highestHz*float64(g.window)/seconds)+1))
	step := math.Pow(2, 1.0/bandsPerOctave)
	for e := lowestBin; e < top; e = max(e+1, int(math.Round(float64(e)*step))) {
		g.edges = append(g.edges, e)
	}
	g.edges = append(g.edges, top)
	return g
}

// frames returns the number of frames in so many nanoseconds, at least 1.
func (g grid) frames(ns float64) int {
	return max(1, int(math.Round(ns/float64(time.Second)*float64(g.rate)/float64(g.hop))))
}

func (g grid) bands() int { return len(g.edges) - 1 }

// count returns how many frames a recording of n samples has: the last is the
// first that lies behind it.
func (g grid) count(n int) int { return (n+g.window/2)/g.hop + 1 }

// spectra reads the band energies of frame after frame of a recording. Frame t
// is centred on sample t*hop.
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

// read writes the band energies of the next frame to dst and returns their sum.
func (s *spectra) read(dst []float32) (total float32, err error) {
	row, err := s.frame()
	if err != nil {
		return 0, err
	}
	for b := range dst {
		sum := float32(0)
		for _, p := range row[s.edges[b]:s.edges[b+1]] {
			sum += p
		}
		dst[b] = finite(sum)
		total += dst[b]
	}
	return total, nil
}

// frame returns the power spectrum of the next frame. One that would reach over
// an edge of the recording is moved inside, so that hum, offset and noise that
// are cut off there do not step; one that lies behind the recording is silent.
func (s *spectra) frame() ([]float32, error) {
	bins, i := s.stft.Bins(), s.next%s.block
	start := s.next*s.hop - s.window/2
	s.next++
	if i == 0 && start < s.r.Len() {
		if err := s.stft.Read(s.power, s.r, start, s.block); err != nil {
			return nil, err
		}
	}
	row := s.power[i*bins:][:bins]
	if start >= s.r.Len() {
		clear(row)
		return row, nil
	}
	if inside := min(max(start, 0), max(s.r.Len()-s.window, 0)); inside != start {
		return row, s.stft.Read(row, s.r, inside, 1)
	}
	return row, nil
}

// finite replaces what is no number, from samples that are none or whose
// squares overflow, so that one of them does not spoil the rest.
func finite(v float32) float32 {
	if v < math.MaxFloat32/1e6 { // false for NaN
		return v
	}
	return 0
}

// flux computes the detection function of a recording, frame after frame.
type flux struct {
	*spectra
	ahead  int         // frames that may be looked at beyond the current one
	ring   [][]float32 // band energies of the last frames
	now    int         // the frame whose value is next
	loud   int         // frames in a row that were not digitally silent
	smooth []float32   // band levels whose minimum is the noise
	noise  []lowest
	peak   lowest    // of the negative total
	masker []float32 // band levels that a new sound must exceed
	keep   float32   // share of the maskers that a frame leaves
	least  float32   // share of the loudest total to which bands are floored
}

func newFlux(g grid, r data.Reader, block int, causal bool) *flux {
	n := g.bands()
	f := &flux{
		spectra: newSpectra(g, r, block),
		ahead:   g.context,
		smooth:  make([]float32, n),
		noise:   make([]lowest, n),
		masker:  make([]float32, n),
		keep:    float32(math.Pow(10, -forgetDBPerS/10*float64(g.hop)/float64(g.rate))),
		least:   float32(math.Pow(10, -rangeDB/10.0) / float64(n)),
	}
	if causal {
		f.ahead = 0
	}
	f.ring = make([][]float32, f.ahead+g.lag+1)
	for i := range f.ring {
		f.ring[i] = make([]float32, n)
	}
	span := f.ahead + g.context + 1
	f.peak = newLowest(span)
	for b := range f.noise {
		f.noise[b] = newLowest(span)
	}
	return f
}

// value returns the detection function of the next frame: by how many dB the
// levels rise, averaged over the bands.
func (f *flux) value() (float64, error) {
	for f.next <= f.now+f.ahead {
		if err := f.advance(); err != nil {
			return 0, err
		}
	}
	v := f.rise()
	f.now++
	return v, nil
}

// advance reads a frame and tracks noise and peak with it.
func (f *flux) advance() error {
	t := f.next
	e := f.ring[t%len(f.ring)]
	total, err := f.read(e)
	if err != nil {
		return err
	}
	f.peak.push(t, -total)
	if f.loud++; total <= 0 {
		f.loud = 0 // digital silence is no noise
	}
	if f.loud <= f.window/f.hop+1 { // nor are frames that are partly silent
		copy(f.smooth, e)
		return nil
	}
	for b, v := range e {
		f.smooth[b] = noiseSmoothing*f.smooth[b] + (1-noiseSmoothing)*v
		if f.loud > f.evidence {
			f.noise[b].push(t, f.smooth[b])
		}
	}
	return nil
}

// rise computes the value of frame now.
func (f *flux) rise() float64 {
	f.forget()
	since := f.now - f.context
	peak, _ := f.peak.since(since)
	if peak >= 0 {
		return 0
	}
	e := f.ring[f.now%len(f.ring)]
	floor := -peak * f.least
	sum, product := 0.0, 1.0
	for b, v := range e {
		noise, known := f.noise[b].since(since)
		if !known && f.ahead == 0 && f.loud == f.next {
			noise = f.smooth[b] // a live detector that has just begun to hear takes it for noise
		}
		level := max(noise, floor)
		noise *= noiseBias
		if was := max(f.loudestNear(b), noise); v > was {
			product *= float64(v+level) / float64(was+level)
		}
		if b%8 == 7 { // one logarithm for eight ratios of at most 1e36
			sum, product = sum+math.Log10(product), 1
		}
	}
	return 10 * (sum + math.Log10(product)) / float64(len(e))
}

// forget lets the maskers decay by a frame and takes in the frame lag ago.
func (f *flux) forget() {
	for b := range f.masker {
		f.masker[b] *= f.keep
	}
	if f.now < f.lag {
		return
	}
	for b, v := range f.ring[(f.now-f.lag)%len(f.ring)] {
		f.masker[b] = max(f.masker[b], v)
	}
}

// loudestNear is the maximum filter over the maskers.
func (f *flux) loudestNear(b int) float32 {
	near := f.masker[max(0, b-maxBands):min(len(f.masker), b+maxBands+1)]
	top := near[0]
	for _, m := range near[1:] {
		top = max(top, m)
	}
	return top
}

// lowest is the minimum over a sliding window of frames, by a queue whose
// values ascend.
type lowest struct {
	frame []int
	value []float32
	lo, n int // the oldest entry, and how many there are
}

func newLowest(span int) lowest {
	return lowest{frame: make([]int, span+1), value: make([]float32, span+1)}
}

// push adds the value of a frame, later than all before it.
func (q *lowest) push(frame int, v float32) {
	size := len(q.frame)
	for q.n > 0 && q.value[(q.lo+q.n-1)%size] >= v {
		q.n--
	}
	i := (q.lo + q.n) % size
	q.frame[i], q.value[i] = frame, v
	q.n++
}

// since drops what is older than a frame and returns the minimum of the rest;
// 0 and false when nothing is left.
func (q *lowest) since(frame int) (float32, bool) {
	for q.n > 0 && q.frame[q.lo] < frame {
		q.lo = (q.lo + 1) % len(q.frame)
		q.n--
	}
	if q.n == 0 {
		return 0, false
	}
	return q.value[q.lo], true
}
