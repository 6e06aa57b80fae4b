package features

import (
	"errors"
	"fmt"
	"math"

	"prep/data"
	"prep/features/stft"
)

// frontal is a transform that convolutions and matrices can do.
type frontal interface {
	// front returns the plane; Offset is counted from frame 0's moment.
	front() data.Plane
}

// Front returns what e does to the samples around an onset. It fails where a patch depends on
// more than them: pcen on the recording before, masked frames on the hit's end; and for
// modulation, which no layer of its kind is made of.
func (e *Extractor) Front() (data.Front, error) {
	c := e.config
	f := data.Front{Bands: c.Bands, Frames: c.Frames}
	if c.Mask {
		return f, errors.New("mask: which frames are silent depends on where the hit ends, which samples alone do not say")
	}
	first, last := math.MaxInt, math.MinInt
	for i, kind := range c.Kinds() {
		if kind == "pcen" {
			return f, errors.New("pcen: its level follows the recording from the first sample on, and a model of the samples around one onset has not heard it; train on mel, linear, mfcc, cqt or vqt instead")
		}
		t, ok := e.planes[i].(frontal)
		if !ok {
			return f, fmt.Errorf("%s: cannot be written as convolutions and matrices; train on mel, linear, mfcc, cqt or vqt instead", kind)
		}
		p := t.front()
		first, last = min(first, p.Offset), max(last, p.Offset+(c.Frames-1)*p.Hop+p.Taps)
		f.Planes = append(f.Planes, p)
	}
	for i := range f.Planes {
		f.Planes[i].Offset -= first
	}
	f.First, f.Samples = first-e.rate.N(c.PreRoll), last-first
	return f, nil
}

func (m mel) front() data.Plane { return m.spectrum() }

func (l linear) front() data.Plane { return l.spectrum() }

// spectrum returns the discrete Fourier transform of the window, for the bins that some filter
// has, and the filters.
func (p *banded) spectrum() data.Plane {
	c, window := p.config, stft.Hann(p.config.Window)
	lo, hi := c.FFT, 0
	for b, w := range p.bank.weights {
		if len(w) > 0 {
			lo, hi = min(lo, p.bank.first[b]), max(hi, p.bank.first[b]+len(w))
		}
	}
	lo = min(lo, hi)
	plane := data.Plane{Hop: c.Hop, Filters: hi - lo, Taps: c.Window, Bank: make([]float32, c.Bands*(hi-lo))}
	if c.Centred {
		plane.Offset = -(c.Window / 2)
	}
	for k := lo; k < hi; k++ {
		for n, w := range window {
			// k n modulo the FFT, so that the angle is exact.
			sin, cos := math.Sincos(-2 * math.Pi * float64(k*n%c.FFT) / float64(c.FFT))
			plane.Re = append(plane.Re, float32(float64(w)*cos))
			plane.Im = append(plane.Im, float32(float64(w)*sin))
		}
	}
	for b, w := range p.bank.weights {
		if len(w) > 0 {
			copy(plane.Bank[b*plane.Filters+p.bank.first[b]-lo:], w)
		}
	}
	plane.Decibels = c.decibels()
	return plane
}

// decibels returns what toDecibels does.
func (c *Config) decibels() *data.Decibels {
	if c.Ref == none {
		return nil
	}
	return &data.Decibels{Max: c.Ref == refMax, AMin: c.AMin, TopDB: c.TopDB}
}

func (m *mfcc) front() data.Plane {
	plane := m.spectrum()
	plane.Decibels = &data.Decibels{AMin: m.config.AMin, TopDB: m.config.TopDB}
	plane.Last = m.dct
	return plane
}

// front returns the filters as they are; each is a band of its own.
func (p *constantQ) front() data.Plane {
	c, bands := p.config, p.config.Bands
	plane := data.Plane{Offset: -p.before, Hop: c.Hop, Filters: bands, Taps: p.before + p.after, Decibels: c.decibels()}
	plane.Re, plane.Im = make([]float32, bands*plane.Taps), make([]float32, bands*plane.Taps)
	plane.Bank = make([]float32, bands*bands)
	for b, w := range p.waves {
		re, im := w.taps(p.rate)
		lo, _ := w.span()
		at := b*plane.Taps + p.before + lo
		for i := range re {
			plane.Re[at+i], plane.Im[at+i] = float32(re[i]), -float32(im[i])
		}
		plane.Bank[b*bands+b] = 1
	}
	return plane
}
