package decode

import (
	"fmt"
	"io"
	"strings"

	"prep/data"
)

// PCM says how samples without a header are stored, channels interleaved.
type PCM struct {
	Rate     data.Rate
	Channels int
	Encoding string // one of Encodings
}

var encodings = map[string]layout{
	"s16le": {encoding: signed, bytes: 2},
	"s24le": {encoding: signed, bytes: 3},
	"s32le": {encoding: signed, bytes: 4},
	"f32le": {encoding: floating, bytes: 4},
}

// Encodings are the encodings of a PCM, named as ffmpeg and arecord name them.
func Encodings() []string { return []string{"s16le", "s24le", "s32le", "f32le"} }

func (p PCM) layout() (layout, error) {
	l, known := encodings[p.Encoding]
	switch {
	case !known:
		return l, fmt.Errorf("encoding %q: must be one of %s", p.Encoding, strings.Join(Encodings(), ", "))
	case p.Channels < 1 || p.Channels > maxChannels:
		return l, fmt.Errorf("%d channels: must be from 1 to %d", p.Channels, maxChannels)
	}
	l.channels = p.Channels
	return l, nil
}

// OpenRaw opens samples without a header that r may still be receiving. A Read
// of them returns what has come in, and waits while that is nothing. It fails
// when p names an encoding or a number of channels that cannot be read.
func OpenRaw(r io.Reader, p PCM) (*Audio, error) {
	l, err := p.layout()
	if err != nil {
		return nil, err
	}
	return &Audio{
		Codec: l.name(8*l.bytes, 0), Rate: p.Rate, Channels: p.Channels,
		src: &raw{r: r, layout: l, decode: l.decoder(), in: make([]byte, BlockFrames*l.bytes*l.channels)},
	}, nil
}

// raw is a source of samples that come in bit by bit.
type raw struct {
	r       io.Reader
	layout  layout
	decode  func(dst []float32, raw []byte)
	in      []byte
	pending int // bytes of a frame at the start of in that is not whole yet
}

func (s *raw) read(dst []float32) (int, error) {
	room := min(len(s.in), len(dst)*s.layout.bytes)
	n, err := s.r.Read(s.in[s.pending:room])
	n += s.pending
	whole := n - n%(s.layout.bytes*s.layout.channels)
	s.decode(dst, s.in[:whole])
	s.pending = copy(s.in, s.in[whole:n])
	return whole / s.layout.bytes, err
}
