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

// apply writes the filters' outputs for one spectrum to every stride-th value
// of dst.
func (k *bank) apply(dst []float32, stride int, spectrum []float32) {
	for b, w := range k.weights {
		dst[b*stride] = dot(w, spectrum[k.first[b]:])
	}
}

// dot returns the sum of w[i] * x[i] in four interleaved sums, which the
// processor can do side by side.
func dot(w, x []float32) float32 {
	x = x[:len(w)]
	var a, b, c, d float32
	for len(w) >= 4 && len(x) >= 4 {
		a += w[0] * x[0]
		b += w[1] * x[1]
		c += w[2] * x[2]
		d += w[3] * x[3]
		w, x = w[4:], x[4:]
	}
	for i, v := range w {
		a += v * x[i]
	}
	return (a + b) + (c + d)
}

// empty returns how many filters hold no bin.
func (k *bank) empty() int {
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
	spectra   []float32 // frames x bins
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

// blockFrames is how many frames are transformed at a time: their spectra stay
// in the processor's cache.
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
		if err := p.stft.Read(p.spectra, r, moment+from*p.config.Hop, n); err != nil {
			return err
		}
		if p.rootPower {
			roots(p.spectra[:n*bins])
		}
		for t := range n {
			p.bank.apply(dst[from+t:], frames, p.spectra[t*bins:][:bins])
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

func (p *banded) describe(ch *Channel) { ch.EmptyRows = p.bank.empty() }
