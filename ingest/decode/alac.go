package decode

import (
	"encoding/binary"
	"fmt"

	alac "github.com/mycophonic/saprobe-alac"

	"prep/data"
)

// alacBlocks decodes blocks of Apple Lossless with saprobe-alac, which trusts its
// configuration: it is held to what the format has.
type alacBlocks struct {
	dec      *alac.PacketDecoder
	frame    int // most frames of a block
	rate     int
	channels int
	bits     int
	convert  func(dst []float32, raw []byte)
}

// maxALACFrame is well over what encoders write, which is 4096.
const maxALACFrame = 1 << 16

// newALACBlocks reads a configuration ("magic cookie").
func newALACBlocks(cookie []byte) (*alacBlocks, error) {
	c, err := alac.ParseMagicCookie(cookie)
	switch {
	case err != nil:
		return nil, brokenf("its ALAC configuration is damaged")
	case c.FrameLength < 1 || c.FrameLength > maxALACFrame || c.NumChannels < 1 || c.NumChannels > 8:
		return nil, brokenf("ALAC of %d channels in blocks of %d", c.NumChannels, c.FrameLength)
	}
	dec, err := alac.NewPacketDecoder(c)
	if err != nil {
		return nil, brokenf("ALAC of %d bits", c.BitDepth)
	}
	l := layout{encoding: signed, bytes: int(c.BitDepth+7) / 8, channels: int(c.NumChannels)}
	return &alacBlocks{
		dec: dec, frame: int(c.FrameLength), rate: int(c.SampleRate), channels: int(c.NumChannels), bits: int(c.BitDepth), convert: l.decoder(),
	}, nil
}

// audio returns the recording that the packets are.
func (a *alacBlocks) audio(p packets, keep []span) *Audio {
	return &Audio{
		Codec: fmt.Sprintf("ALAC %d-bit", a.bits), Rate: data.Rate(a.rate), Channels: a.channels,
		src: newCoded(p, a, a.channels, keep),
	}
}

func (a *alacBlocks) decode(dst []float32, block []byte) (n int, err error) {
	raw, err := a.packet(block)
	if err != nil {
		n = a.length(block) * a.channels
		clear(dst[:n])
		return n, err
	}
	n = len(raw) / ((a.bits + 7) / 8)
	a.convert(dst[:n], raw)
	return n, nil
}

// packet decodes a block; one that its decoder panics on is damaged, and one that
// begins with its end, which it takes for silence.
func (a *alacBlocks) packet(block []byte) (raw []byte, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = brokenf("ALAC")
		}
	}()
	if len(block) == 0 || block[0]>>5 == 7 {
		return nil, brokenf("ALAC")
	}
	return a.dec.DecodePacket(block)
}

// length returns how many frames a damaged block is likely to have: as its
// header says, if it is short.
func (a *alacBlocks) length(block []byte) int {
	if len(block) >= 7 && block[2]>>4&1 == 1 { // behind 3+4+12 bits: hasSize
		if n := int(binary.BigEndian.Uint64(append([]byte{0}, block[:7]...)) >> 1 & 0xffffffff); n <= a.frame {
			return n
		}
	}
	return a.frame
}

func (a *alacBlocks) most() int { return a.frame * a.channels }
