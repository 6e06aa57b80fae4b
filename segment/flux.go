package segment

import (
	"math"
	"slices"

	"prep/data"
	"prep/data/num"
)

// Constants of the coarse pass. "Measured" means: F at 50 ms on the VOPEC takes
// of every other performer of the sorted list, from the first (0.926), and at
// 5 ms less one constant offset (0.513); F at 5 ms on the synthetic corpus of
// seeds 2 to 6 at 20 dB SNR (0.988) and 10 dB (0.958), and on pairs of noise
// bursts, 39 to 59 ms apart and the second as loud as the first, 6 or 10 dB
// weaker (1, 1, 0.99). docs/segment.md has the table.
const (
	// windowS gives 256 samples at 44.1 kHz, a quarter of SuperFlux's. 512
	// loses 0.005 on VOPEC and gains 0.008 at 10 dB, 1024 loses 0.010 and 0.024,
	// 128 loses 0.007 and 0.022 (measured).
	windowS = 0.0058
	// hopS is half the window.
	hopS = 0.0029
	// bandsPerOctave of 3 loses 0.012 on VOPEC and gains 0.010 at 10 dB, 9 loses
	// 0.012 at 10 dB (measured); bands are at least a bin.
	bandsPerOctave = 6
	// lowestBin leaves out what leaks from a DC offset under a Hann window,
	// whose main lobe is two bins to either side. What sounds below leaks into
	// the bins above it.
	lowestBin = 2
	// highestHz is madmom's and librosa's upper edge for SuperFlux.
	highestHz = 16000
	// lagS is how far back a rise is measured, six hops: hisses of the mouth
	// rise over 20 to 40 ms. SuperFlux's 10 ms loses 0.023 on VOPEC, 35 ms 0.010
	// on either (measured).
	lagS = 0.0174
	// maxBands is the half-width of the maximum filter, a third of an octave;
	// none loses 0.033 on VOPEC, 1 0.008, 3 0.004 (measured). SuperFlux has a
	// quarter tone.
	maxBands = 2
	// forgetDBPerS is how fast a band forgets the level that a new sound must
	// exceed: forward masking, which keeps the pulses of a creaky voice and the
	// debris of a tail from counting as attacks. 400 loses 0.007 on VOPEC, 800
	// 0.017, 200 0.004 of the corpus (measured).
	forgetDBPerS = 300
	// burstS is how far back the rise of a burst is measured, two hops: the
	// consonants of beatboxing burst within a millisecond, whereas breath and
	// debris swell. One hop loses 0.010 at 10 dB, three lose 0.007 on VOPEC
	// (measured).
	burstS = 0.0058
	// forgetBurstDBPerS is the same for bursts: what is as loud as a hit is
	// heard 40 ms after it. With 300 nearly all weaker bursts of pairs go unheard,
	// 1600 loses 0.007 on VOPEC (measured).
	forgetBurstDBPerS = 800
	// burstLeadDB is by how much a burst must rise more than anything else to be
	// an attack of its own: bursts 40 ms after another are found, of whose rise
	// the slow masker leaves nothing. Without it nearly all weaker ones go
	// unheard; 4 loses 0.003 on VOPEC, 8 loses 0.04 of the pairs at -10 dB
	// (measured).
	burstLeadDB = 6
	// contextS is how far around a frame its noise and its loudest sound are
	// looked for: a bar of beatboxing; half loses 0.003 on VOPEC, double 0.001 (measured).
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
	// noiseEvery is how many frames share one minimum of the noise, for speed:
	// 23 ms of contextS.
	noiseEvery = 8
	// rangeDB is how far below the loudest sound nearby all levels are alike
	// (measured: 30 loses 0.017 on VOPEC, 42 0.023).
	rangeDB = 36
)

// flux computes the detection function of a recording, frame after frame.
type flux struct {
	*spectra
	ahead   int         // frames that may be looked at beyond the current one
	ring    [][]float32 // band energies of the last frames
	now     int         // the frame whose value is next
	loud    int         // frames in a row that were not digitally silent
	smooth  []float32   // band levels whose minimum is the noise
	least   []float32   // their minimum since the last one that noise took
	noise   []lowest
	peak    lowest    // of the negative total
	share   float32   // of the loudest total to which bands are floored
	known   bool      // whether there was noise
	heard   []float32 // the noise around frame now
	floor   []float32 // where all levels are alike in frame now
	slow    masker    // hears what was lagS ago
	brief   masker    // hears what was burstS ago
	silence []float32
}

func newFlux(g grid, r data.Reader, block int, causal bool) *flux {
	n := g.bands()
	f := &flux{
		spectra: newSpectra(g, r, block),
		ahead:   g.context,
		smooth:  make([]float32, n),
		least:   slices.Repeat([]float32{math.MaxFloat32}, n),
		noise:   make([]lowest, n),
		share:   float32(num.Power(-rangeDB) / float64(n)),
		heard:   make([]float32, n),
		floor:   make([]float32, n),
		slow:    newMasker(g, forgetDBPerS),
		brief:   newMasker(g, forgetBurstDBPerS),
		silence: make([]float32, n),
	}
	if causal {
		f.ahead = 0
	}
	f.ring = rows(f.ahead+g.lag+1, n)
	span := f.ahead + g.context + 1
	f.peak = newLowest(span)
	for b := range f.noise {
		f.noise[b] = newLowest(span/noiseEvery + 1)
	}
	return f
}

// rise says by how many dB the levels of a frame rise, averaged over the bands.
type rise struct {
	all   float64 // the detection function
	burst float64 // within burstS
}

// value returns the rise of the next frame.
func (f *flux) value() (rise, error) {
	for f.next <= f.now+f.ahead {
		if err := f.advance(); err != nil {
			return rise{}, err
		}
	}
	var v rise
	f.slow.hear(f.levelsAgo(f.lag))
	f.brief.hear(f.levelsAgo(f.quick))
	if f.floors() {
		v.burst = f.excess(f.brief)
		v.all = max(f.excess(f.slow), v.burst-burstLeadDB)
	}
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
	}
	if f.loud > f.evidence {
		f.trackNoise(t)
	}
	return nil
}

// trackNoise takes the levels of frame t for the noise, if they are lower.
func (f *flux) trackNoise(t int) {
	for b, v := range f.smooth {
		f.least[b] = min(f.least[b], v)
	}
	if t%noiseEvery != 0 {
		return
	}
	for b, v := range f.least {
		f.noise[b].push(t, v)
		f.least[b] = math.MaxFloat32
	}
}

// floors finds the levels below which nothing counts in frame now; false when
// all is silent.
func (f *flux) floors() bool {
	since := f.now - f.context
	peak, _ := f.peak.leastSince(since)
	if f.now%noiseEvery == 0 || !f.known {
		for b := range f.noise {
			f.heard[b], f.known = f.noise[b].leastSince(since)
			if !f.known && f.ahead == 0 && f.loud == f.next {
				f.heard[b] = f.smooth[b] // a live detector that has just begun to hear takes it for noise
			}
		}
	}
	for b, v := range f.heard {
		f.floor[b] = max(v, -peak*f.share, math.SmallestNonzeroFloat32)
	}
	return peak < 0
}

// excess returns by how many dB the levels of frame now exceed those of a masker,
// averaged over the bands. No band rises by more than rangeDB and the number of
// bands, so that a product over 40 of them stays below 1e220.
func (f *flux) excess(m masker) float64 {
	product := 1.0
	for b, v := range f.ring[f.now%len(f.ring)] {
		noise := noiseBias * f.heard[b]
		if v <= m.levels[b+maxBands] || v <= noise {
			continue // no need to look around
		}
		if was := max(m.maximum(b), noise); v > was {
			product *= float64(v+f.floor[b]) / float64(was+f.floor[b])
		}
	}
	if product == 1 {
		return 0
	}
	return 10 * math.Log10(product) / float64(len(f.heard))
}

// levelsAgo returns the band levels of so many frames ago.
func (f *flux) levelsAgo(frames int) []float32 {
	if f.now < frames {
		return f.silence
	}
	return f.ring[(f.now-frames)%len(f.ring)]
}
