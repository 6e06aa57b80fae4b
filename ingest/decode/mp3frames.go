package decode

import (
	"io"

	"prep/ingest/decode/layer3"
)

// layer3Frames decodes with layer3, every kind of stream.
type layer3Frames struct {
	scan     *mpegScanner
	bits     reservoir
	dec      *layer3.Decoder
	channels int
	damaged  int
	buf      []float32
}

func newLayer3Frames(scan *mpegScanner, rate, channels int) *layer3Frames {
	dec := layer3.NewDecoder(rate, channels)
	return &layer3Frames{scan: scan, dec: dec, channels: channels, buf: make([]float32, dec.FrameLen()*channels)}
}

func (l *layer3Frames) next() ([]float32, error) {
	f, err := l.read()
	if err != nil {
		return nil, err
	}
	return l.decode(f), nil
}

// read returns the next frame, and a silent one behind the last. One without its
// data has no channels.
func (l *layer3Frames) read() (layer3.Frame, error) {
	h, frame, err := l.scan.next()
	if err == io.EOF {
		return layer3.Frame{Channels: 1, Side: make([]byte, 32)}, nil
	}
	f, ok := l.bits.take(h, frame)
	if !ok {
		f = layer3.Frame{}
	}
	return f, err
}

// decode decodes a frame; one that makes no sense is silent and counted.
func (l *layer3Frames) decode(f layer3.Frame) []float32 {
	if l.dec.Decode(l.buf, f) != nil {
		l.damaged++
	}
	return l.buf
}

func (l *layer3Frames) lost() int { return l.damaged }
