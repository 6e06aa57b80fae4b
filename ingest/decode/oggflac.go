package decode

import (
	"bytes"

	"prep/data"
)

// flacPackets decodes FLAC whose frames are packets: of Ogg (RFC 9639, 10.1) or
// Matroska.
type flacPackets struct {
	flacInfo
	headers int
}

// header implements packetCodec. The first packet of Ogg has nine bytes in front
// of the stream's beginning; blocks of metadata follow.
func (c *flacPackets) header(b []byte) (last bool, err error) {
	if c.headers++; c.headers > 1 {
		return len(b) > 0 && b[0]&0x80 != 0, nil
	}
	return len(b) > 13 && b[13]&0x80 != 0, c.open(b[min(9, len(b)):])
}

// open reads how a stream begins.
func (c *flacPackets) open(b []byte) (err error) {
	if len(b) < 8 || string(b[:4]) != "fLaC" || b[4]&0x7f != 0 {
		return brokenf("its first block is not STREAMINFO")
	}
	c.flacInfo, err = parseFLACInfo(b[8:])
	return err
}

func (c *flacPackets) shape() (string, data.Rate, int) {
	return c.codec(), data.Rate(c.rate), c.channels
}

func (c *flacPackets) delay() int { return 0 }

func (c *flacPackets) reset() {}

func (c *flacPackets) decode(dst []float32, b []byte) ([]float32, error) {
	f, err := c.parse(bytes.NewReader(b))
	if err != nil {
		return dst, errPacket
	}
	n, at := len(f.Subframes[0].Samples), len(dst)
	dst = append(dst, make([]float32, n*c.channels)...)
	interleave(dst[at:], f, 0, n)
	return dst, nil
}
