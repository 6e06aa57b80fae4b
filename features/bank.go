package features

import (
	"prep/data"
	"prep/features/stft"
)

// bank is a bank of filters over the bins of a spectrum. Filter b has weights
// for the bins from first[b] on.
type bank struct {
	first   []int
	weights [][]float32
}

// apply writes the filters' outputs for eight spectra in lanes, bins x Lanes,
// to the first count of them: filter b's to dst[b*stride:].
func (k *bank) apply(dst []float32, stride, count int, spectra []float32) {
	var sums [stft.Lanes]float32
	for b, w := range k.weights {
		stft.Dot(&sums, w, spectra[k.first[b]*stft.Lanes:])
		copy(dst[b*stride:][:count], sums[:])
	}
}

// countEmpty returns how many filters hold no bin.
func (k *bank) countEmpty() int {
	n := 0
	for _, w := range k.weights {
		if len(w) == 0 {
			n++
		}
	}
	return n
}

// banded makes planes of filtered power spectra:
//
//	P[b,t] = sum over k of weight[b,k] |X[k,t]|^2
//
// where X[k,t] is the DFT of the samples under frame t's window. It is the
// ground of every kind but the constant-Q ones.
type banded struct {
	config    *Config
	stft      *stft.STFT
	bank      *bank
	rows      []band
	spectra   []float32 // blockFrames in lanes
	rootPower bool      // filter magnitudes instead of powers
}

func newBanded(c *Config, k *bank, rows []band) *banded {
	s := stft.New(stft.Hann(c.Window), c.FFT, c.Hop)
	return &banded{config: c, stft: s, bank: k, rows: rows}
}

func (p *banded) copy() *banded {
	c := *p
	c.stft, c.spectra = p.stft.Clone(), nil
	return &c
}

// blockFrames is how many frames are transformed at a time, a multiple of
// stft.Lanes: their spectra stay in the processor's cache.
const blockFrames = 64

// powers writes bands x frames; frame 0 stands for the given moment.
func (p *banded) powers(dst []float32, r data.Reader, moment, frames int) error {
	bins := p.stft.Bins()
	if p.spectra == nil {
		p.spectra = make([]float32, blockFrames*bins)
	}
	if p.config.Centred {
		moment -= p.config.Window / 2
	}
	for from := 0; from < frames; from += blockFrames {
		n := min(blockFrames, frames-from)
		if err := p.stft.ReadLanes(p.spectra, r, moment+from*p.config.Hop, n); err != nil {
			return err
		}
		for t := 0; t < n; t += stft.Lanes {
			spectra := p.spectra[t*bins:][:stft.Lanes*bins]
			if p.rootPower {
				stft.Sqrt(spectra)
			}
			p.bank.apply(dst[from+t:], frames, min(stft.Lanes, n-t), spectra)
		}
	}
	return nil
}

// plane writes the powers of a patch, the masked frames silent.
func (p *banded) plane(dst []float32, r data.Reader, at place) error {
	if err := p.powers(dst, r, at.moment, p.config.Frames); err != nil {
		return err
	}
	silence(dst, p.config.Frames, at.silent)
	return nil
}

func (p *banded) bands() []band { return p.rows }

func (p *banded) describe(ch *Channel) { ch.EmptyRows = p.bank.countEmpty() }
