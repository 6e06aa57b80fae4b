package decode

import (
	"errors"
	"fmt"
	"io"

	"github.com/mewkiz/flac"
	"github.com/mewkiz/flac/frame"

	"prep/data"
)

// flacSource decodes FLAC with mewkiz/flac.
type flacSource struct {
	stream *flac.Stream
	frame  *frame.Frame
	at     int // samples of frame already delivered
	done   uint64
	cut    string
}

// openFLAC opens the FLAC stream that begins at off.
func openFLAC(r io.ReaderAt, off, size int64) (*Audio, error) {
	// The decoder parses any block that stands first, and allocates what a
	// picture's claims; the format has STREAMINFO there, of 34 bytes.
	var head [8]byte
	if _, err := r.ReadAt(head[:], off); err != nil || head[4]&0x7f != 0 || string(head[5:]) != "\x00\x00\x22" {
		return nil, brokenf("its first block is not STREAMINFO")
	}
	stream, err := flac.New(io.NewSectionReader(r, off, size-off))
	if err != nil {
		return nil, brokenf("%v", err)
	}
	i := stream.Info
	return &Audio{
		Codec: fmt.Sprintf("FLAC %d-bit", i.BitsPerSample), Rate: data.Rate(i.SampleRate), Channels: int(i.NChannels),
		src: &flacSource{stream: stream},
	}, nil
}

func (s *flacSource) read(dst []float32) (n int, err error) {
	channels := int(s.stream.Info.NChannels)
	for n+channels <= len(dst) {
		if s.frame == nil {
			if err = s.next(); err != nil {
				return n, err
			}
		}
		have := len(s.frame.Subframes[0].Samples) - s.at
		count := min(have, (len(dst)-n)/channels)
		s.copy(dst[n:], count)
		n += count * channels
		if s.at += count; count == have {
			s.frame, s.at = nil, 0
		}
	}
	return n, nil
}

// copy interleaves count samples of the frame.
func (s *flacSource) copy(dst []float32, count int) {
	scale := 1 / float64(int64(1)<<(s.frame.BitsPerSample-1))
	for c, sub := range s.frame.Subframes {
		for i, v := range sub.Samples[s.at : s.at+count] {
			dst[i*len(s.frame.Subframes)+c] = float32(float64(v) * scale)
		}
	}
}

// next parses a frame. The stream ends where STREAMINFO says, whatever follows;
// an end before that is a truncated file, damage before that a broken one.
func (s *flacSource) next() error {
	info := s.stream.Info
	if info.NSamples > 0 && s.done >= info.NSamples {
		return io.EOF
	}
	f, err := s.stream.Next()
	if err == nil {
		if f.BitsPerSample == 0 {
			f.BitsPerSample = info.BitsPerSample // "get from STREAMINFO", which the decoder leaves to us
		}
		err = f.Parse()
	}
	switch {
	case err == io.EOF && s.done >= info.NSamples:
		return io.EOF
	case (err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF)) && s.done > 0:
		s.cut = fmt.Sprintf("truncated: %d of %d samples are there", s.done, info.NSamples)
		return io.EOF
	case err != nil:
		return brokenf("at sample %d: %v", s.done, err)
	case len(f.Subframes) != int(info.NChannels):
		return brokenf("at sample %d: %d channels where there were %d", s.done, len(f.Subframes), info.NChannels)
	}
	s.frame = f
	s.done += uint64(len(f.Subframes[0].Samples))
	return nil
}

func (s *flacSource) note() string { return s.cut }
