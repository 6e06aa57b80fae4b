package decode

import (
	"errors"

	"prep/data"
)

// packetCodec decodes the packets of one stream, whatever container they came
// in.
type packetCodec interface {
	// header takes the next packet of those in front of the audio, and says
	// whether it is the last of them.
	header(packet []byte) (last bool, err error)
	// shape describes the stream, once the headers are read.
	shape() (codec string, rate data.Rate, channels int)
	// decode appends the interleaved samples of a packet of audio to dst. A
	// packet that makes no sense appends the silence that is known of it, and is
	// errPacket.
	decode(dst []float32, packet []byte) ([]float32, error)
	// delay returns how many frames at the start are the decoder's delay.
	delay() int
	// reset forgets what was before, because packets are missing.
	reset()
}

// errPacket says that a packet is damaged.
var errPacket = errors.New("a damaged packet")

// guardedDecode is decode for a library that panics on what it does not expect.
func guardedDecode(c packetCodec, dst []float32, packet []byte) (out []float32, err error) {
	defer func() {
		if recover() != nil {
			c.reset()
			out, err = dst, errPacket
		}
	}()
	return c.decode(dst, packet)
}
