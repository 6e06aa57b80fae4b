package decode

import (
	"encoding/binary"

	"github.com/thesyncim/gopus"

	"prep/data"
)

// opusRate is the rate that Opus decodes to, whatever was encoded (RFC 7845,
// 5.1).
const opusRate = 48000

// Limits on what an Opus stream decodes to.
const (
	maxOpusChannels = 16                  // third-order ambisonics have as many
	maxOpusFrames   = opusRate * 12 / 100 // of one packet: 120 ms (RFC 6716, 3.2.5)
)

// opusHead is the identification header (RFC 7845, 5.1).
type opusHead struct {
	channels int
	preSkip  int // frames at the start that are the decoder's delay
	gainQ8   int // decibels times 256
	family   byte
	streams  int
	coupled  int
	mapping  []byte
}

// parseOpusHead reads an identification header, which Ogg has as its first
// packet and Matroska as its CodecPrivate.
func parseOpusHead(b []byte) (h opusHead, err error) {
	if len(b) < 19 || string(b[:8]) != "OpusHead" || b[8]&0xf0 != 0 {
		return h, brokenf("its Opus header makes no sense")
	}
	h = opusHead{
		channels: int(b[9]), preSkip: int(binary.LittleEndian.Uint16(b[10:])),
		gainQ8: int(int16(binary.LittleEndian.Uint16(b[16:]))), family: b[18],
		streams: 1, coupled: int(b[9]) - 1,
	}
	switch {
	case h.family == 0 && (h.channels == 1 || h.channels == 2):
		return h, nil
	case h.family == 0 || h.channels < 1 || h.channels > maxOpusChannels:
		return h, brokenf("%d channels of Opus in mapping family %d", h.channels, h.family)
	case h.family == 3:
		return h, &UnsupportedError{Codec: "Opus ambisonics"}
	case len(b) < 21+h.channels:
		return h, brokenf("its Opus header is cut short")
	}
	h.streams, h.coupled, h.mapping = int(b[19]), int(b[20]), b[21:21+h.channels]
	if h.streams < 1 || h.coupled > h.streams || h.streams+h.coupled > 2*maxOpusChannels {
		return h, brokenf("%d streams of Opus, %d of them coupled", h.streams, h.coupled)
	}
	return h, nil
}

// opusCodec decodes Opus with thesyncim/gopus.
type opusCodec struct {
	opusHead
	dec interface {
		Decode(packet []byte, pcm []float32) (int, error)
		SetGain(gainQ8 int) error
		Reset()
	}
	headers int
	scratch []float32
}

// header implements packetCodec: the identification, then comments, of which
// none is of use here.
func (c *opusCodec) header(b []byte) (last bool, err error) {
	if c.headers++; c.headers == 2 {
		return true, nil
	}
	return false, c.open(b)
}

// open makes the decoder that an identification header calls for.
func (c *opusCodec) open(b []byte) (err error) {
	if c.opusHead, err = parseOpusHead(b); err != nil {
		return err
	}
	if c.family == 0 {
		c.dec, err = gopus.NewDecoder(gopus.DefaultDecoderConfig(opusRate, c.channels))
	} else {
		c.dec, err = gopus.NewMultistreamDecoder(opusRate, c.channels, c.streams, c.coupled, c.mapping)
	}
	if err != nil || c.dec.SetGain(c.gainQ8) != nil {
		return brokenf("its Opus header makes no sense")
	}
	c.scratch = make([]float32, maxOpusFrames*c.channels)
	return nil
}

func (c *opusCodec) shape() (string, data.Rate, int) { return "Opus", opusRate, c.channels }

func (c *opusCodec) delay() int { return c.preSkip }

func (c *opusCodec) reset() { c.dec.Reset() }

func (c *opusCodec) decode(dst []float32, b []byte) ([]float32, error) {
	if len(b) == 0 {
		return dst, errPacket
	}
	n, err := c.dec.Decode(b, c.scratch)
	if err != nil {
		c.dec.Reset()
		n = opusFrames(b)
		clear(c.scratch[:n*c.channels])
		err = errPacket
	}
	return append(dst, c.scratch[:n*c.channels]...), err
}

// opusFrames returns how many frames a packet stands for, by its first bytes
// (RFC 6716, 3.1).
func opusFrames(b []byte) int {
	config, count := int(b[0]>>3), 1
	switch {
	case b[0]&3 == 3 && len(b) > 1:
		count = int(b[1] & 0x3f)
	case b[0]&3 == 3:
		count = 0
	case b[0]&3 > 0:
		count = 2
	}
	each := opusRate / 400 << (config & 3) // CELT: 2.5 to 20 ms
	switch {
	case config < 12: // SILK: 10, 20, 40, 60 ms
		each = []int{480, 960, 1920, 2880}[config&3]
	case config < 16: // hybrid: 10, 20 ms
		each = 480 << (config & 1)
	}
	return min(count*each, maxOpusFrames)
}
