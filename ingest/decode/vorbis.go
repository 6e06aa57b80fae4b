package decode

import (
	"github.com/jfreymuth/vorbis"

	"prep/data"
)

// maxVorbisChannels bounds what one page can decode to: 255 packets of 4096
// frames. The Vorbis I specification, 4.3.9, gives places to 8 channels.
const maxVorbisChannels = 8

// vorbisCodec decodes Vorbis with jfreymuth/vorbis. jfreymuth/oggvorbis, which
// would read the pages too, clips what lies above full scale.
type vorbisCodec struct {
	dec     vorbis.Decoder
	headers int
	scratch []float32
}

// header implements packetCodec. The comments are of no use here, and the
// decoder would allocate as many as they claim to be.
func (c *vorbisCodec) header(b []byte) (last bool, err error) {
	c.headers++
	switch c.headers {
	case 2:
		return false, nil
	case 3:
		if b, err = mendVorbisSetup(b); err != nil {
			return false, err
		}
	}
	if err := c.dec.ReadHeader(b); err != nil {
		return false, errVorbisSetup
	}
	if n := c.dec.Channels(); n < 1 || n > maxVorbisChannels {
		return false, brokenf("%d channels of Vorbis; 1 to %d are allowed", n, maxVorbisChannels)
	}
	if c.headers == 3 && !c.dec.HeadersRead() {
		return false, errVorbisSetup
	}
	return c.headers == 3, nil
}

func (c *vorbisCodec) shape() (string, data.Rate, int) {
	return "Vorbis", data.Rate(c.dec.SampleRate()), c.dec.Channels()
}

func (c *vorbisCodec) delay() int { return 0 }

func (c *vorbisCodec) reset() { c.dec.Clear() }

func (c *vorbisCodec) decode(dst []float32, b []byte) ([]float32, error) {
	if c.scratch == nil {
		c.scratch = make([]float32, c.dec.BufferSize())
	}
	if len(b) == 0 || b[0]&1 == 1 {
		return dst, nil // such a packet is to be passed over (specification, 4.3.1)
	}
	x, err := c.dec.DecodeInto(b, c.scratch)
	if err != nil {
		return dst, errPacket
	}
	return append(dst, x...), nil
}
