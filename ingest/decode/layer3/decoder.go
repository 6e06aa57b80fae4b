// Package layer3 decodes the frames of MPEG audio Layer III, at all nine rates,
// to float samples that nothing clips. The format is that of ISO/IEC 11172-3
// (MPEG-1), ISO/IEC 13818-3 (MPEG-2, low sampling frequencies) and the unofficial
// MPEG-2.5; the comments name their clauses.
package layer3

import "errors"

// Lines is how many spectral lines a granule has, and samples, of each channel.
const Lines = 576

// errDamaged says that a frame contradicts itself.
var errDamaged = errors.New("damaged frame")

// Joint stereo modes of a frame's header (mode_extension).
const (
	intensity = 1 << iota
	midSide
)

// Frame is what a frame holds.
type Frame struct {
	Channels   int
	Joint      int    // the mode_extension of a frame in joint stereo, else 0
	Side, Main []byte // the side information; the main data from its beginning
}

// Decoder decodes one stream. It is for one goroutine.
type Decoder struct {
	channels int
	granules int  // in a frame
	low      bool // the low sampling frequencies of MPEG-2 and 2.5
	bands    *bands
	content  [2][2]content // by granule and channel
	states   [2]state
}

// content is what a frame says of one channel in one granule.
type content struct {
	granule
	lines [Lines]float32
}

// NewDecoder returns a decoder of streams at rate, in samples per second, of one
// or two channels. It returns nil for rates that Layer III does not have.
func NewDecoder(rate, channels int) *Decoder {
	b := bandsOf[rate]
	if b == nil || channels < 1 || channels > 2 {
		return nil
	}
	d := &Decoder{channels: channels, granules: 2, bands: b, low: rate < 32000}
	if d.low {
		d.granules = 1
	}
	return d
}

// FrameLen returns how many samples a frame has, of each channel.
func (d *Decoder) FrameLen() int { return d.granules * Lines }

// Decode writes the next frame to dst, FrameLen x channels of the decoder,
// interleaved, full scale 1. It lags 528 samples behind the encoder's input. A frame of one
// channel sounds in both of a stereo decoder. A frame that makes no sense is an
// error and sounds like silence, and so does one of more channels than the
// decoder has.
func (d *Decoder) Decode(dst []float32, f Frame) error {
	err := d.read(f)
	if err != nil {
		d.content = [2][2]content{}
	}
	for g := range d.granules {
		for c := range d.channels {
			d.states[c].render(dst[g*Lines*d.channels+c:], d.channels, &d.content[g][c])
		}
	}
	return err
}

// Check returns the error that Decode would return, and changes nothing.
func (d *Decoder) Check(f Frame) error { return d.read(f) }

// read fills the contents with a frame's.
func (d *Decoder) read(f Frame) error {
	if f.Channels < 1 || f.Channels > d.channels {
		return errDamaged
	}
	if err := d.readSide(f); err != nil {
		return err
	}
	m := &bitReader{b: f.Main}
	for g := range d.granules {
		granule := &d.content[g]
		for c := range f.Channels {
			if err := d.readContent(m, g, c, f.Joint); err != nil {
				return err
			}
		}
		switch {
		case f.Channels == 2:
			d.stereo(f.Joint, granule)
		case d.channels == 2:
			granule[1] = granule[0]
		}
	}
	return nil
}

// readContent reads the main data of one channel: factors, then lines.
func (d *Decoder) readContent(m *bitReader, granule, channel, joint int) error {
	c := &d.content[granule][channel]
	end := m.at + c.bits
	if end > 8*len(m.b) {
		return errDamaged
	}
	if d.low {
		c.readLowFactors(m, channel == 1 && joint&intensity != 0)
	} else {
		c.readFactors(m, &d.content[0][channel].factors)
	}
	var powers [Lines]float32
	n, err := c.readPowers(m, end, &powers)
	if err != nil {
		return err
	}
	m.at = end
	if !c.scale(powers[:n]) {
		return errDamaged
	}
	return nil
}
