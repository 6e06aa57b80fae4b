// Package layer3 decodes the frames of MPEG-2.5 Layer III, at 8, 11.025 and 12
// kHz, which go-mp3 does not know. The format is that of ISO/IEC 13818-3 (MPEG-2,
// low sampling frequencies) over ISO/IEC 11172-3, whose clauses the comments
// name, with other bands at 8 kHz.
package layer3

import (
	"errors"
	"math"
)

// Lines is how many spectral lines a frame has, and samples, of each channel.
const Lines = 576

// errDamaged says that a frame contradicts itself.
var errDamaged = errors.New("damaged frame")

// Joint stereo modes of a frame's header (mode_extension).
const (
	intensity = 1 << iota
	midSide
)

// Decoder decodes one stream. It is for one goroutine.
type Decoder struct {
	channels int
	bands    *bands
	spectra  [2][Lines]float32
	states   [2]state
}

// NewDecoder returns a decoder of streams at rate, in samples per second, of one
// or two channels. It returns nil for rates that MPEG-2.5 does not have.
func NewDecoder(rate, channels int) *Decoder {
	b := bandsOf[rate]
	if b == nil || channels < 1 || channels > 2 {
		return nil
	}
	return &Decoder{channels: channels, bands: b}
}

// Decode writes the next frame to dst, Lines x channels, full scale 1. It lags
// 528 samples behind the encoder's input. joint is the mode_extension of
// a frame in joint stereo, else 0, side the side information, main the main data
// from its beginning. A frame that makes no sense is an error and sounds like
// silence.
func (d *Decoder) Decode(dst []float32, joint int, side, main []byte) error {
	granules, err := d.read(joint, side, main)
	for c := range d.channels {
		if err != nil {
			granules[c] = granule{}
			clear(d.spectra[c][:])
		}
		d.states[c].render(dst[c:], d.channels, &d.spectra[c], granules[c])
	}
	return err
}

// read fills the spectra with a frame's and returns its granules, one a channel.
func (d *Decoder) read(joint int, side, main []byte) (g [2]granule, err error) {
	s := &bitReader{b: side}
	s.read(8 + d.channels) // main_data_begin, private_bits
	m := &bitReader{b: main}
	for c := range d.channels {
		if g[c], err = readGranule(s, d.bands); err != nil {
			return g, err
		}
		end := m.at + g[c].bits
		if end > 8*len(main) {
			return g, errDamaged
		}
		g[c].readFactors(m, c == 1 && joint&intensity != 0)
		if err = g[c].readLines(m, end, &d.spectra[c]); err != nil {
			return g, err
		}
		m.at = end
		g[c].scale(&d.spectra[c])
	}
	if d.channels == 2 {
		stereo(joint, &d.spectra[0], &d.spectra[1], &g[1])
	}
	return g, nil
}

// scale turns what was coded into spectral lines (11172-3, 2.4.3.4): the power
// of 4/3, with its sign, in steps of a quarter of an octave.
func (g *granule) scale(x *[Lines]float32) {
	for i, b := range g.bands {
		step := float32(math.Exp2(float64(g.gains(i)) / 4))
		for at := b.start; at < b.end; at += b.step {
			if v := float64(x[at]); v != 0 {
				x[at] = float32(v*math.Cbrt(math.Abs(v))) * step
			}
		}
	}
}

// gains returns the gain of band i in quarters of an octave.
func (g *granule) gains(i int) int {
	b, factor := g.bands[i], g.factors[i]
	if g.emphasis && b.window < 0 {
		factor += emphasis[i]
	}
	gain := g.gain - 210 - factor<<(1+g.coarse)
	if b.window >= 0 {
		gain -= 8 * g.windowGains[b.window]
	}
	return gain
}

// emphasis is added to the factors of long blocks where preflag says so (11172-3,
// table B.6).
var emphasis = [22]int{11: 1, 1, 1, 1, 2, 2, 3, 3, 3, 2}
