package decode

import (
	"fmt"
	"io"

	"prep/data"
)

// openMPEG opens MPEG audio frames.
func openMPEG(r io.ReaderAt, size int64) (*Audio, error) {
	if isADTS(r, 0) {
		return openADTS(r, 0, size)
	}
	return openMP3(r, size)
}

// isADTS reports whether two AAC frames follow each other at off: ISO/IEC
// 13818-7, 6.2: a sync word like MPEG audio's, with layer 0, and a length.
func isADTS(r io.ReaderAt, off int64) bool {
	var b [6]byte
	for range 2 {
		if _, err := r.ReadAt(b[:], off); err != nil || b[0] != 0xff || b[1]&0xf6 != 0xf0 {
			return false
		}
		off += int64(b[3]&3)<<11 | int64(b[4])<<3 | int64(b[5]>>5)
	}
	return true
}

// mp3Source trims what the encoder added to the frames of a Layer III stream.
type mp3Source struct {
	frames   mp3Frames
	skip     int       // frames of samples yet to be dropped in front
	left     int       // and yet to be delivered
	buf      []float32 // decoded and not delivered, interleaved
	channels int
}

// mp3Frames decodes the frames of a Layer III stream. Damaged ones are silent, and
// so are those behind the last.
type mp3Frames interface {
	// next returns the samples of the next frame, interleaved and 528 later than
	// the encoder took them in; they are good until the next call.
	next() ([]float32, error)
	lost() int // how many frames were damaged
}

// openMP3 scans the stream once for what its frames are and its tag.
func openMP3(r io.ReaderAt, size int64) (*Audio, error) {
	s, err := surveyMP3(r, size)
	if err != nil {
		return nil, err
	}
	src := &mp3Source{channels: s.channels, skip: s.tag.delay + decoderDelay}
	src.left = s.frames*s.first.samples() - s.tag.delay
	if s.tag.frames == 0 || s.tag.frames == s.frames {
		src.left -= s.tag.padding
	}
	a := &Audio{Codec: "MP3", Rate: data.Rate(s.first.rate), Channels: s.channels, AlignmentUnknown: !s.tag.gapless}
	a.notes, a.src = s.notes, src
	src.frames, err = s.decode(r, size)
	return a, err
}

func (s *mp3Source) read(dst []float32) (int, error) {
	if s.left <= 0 {
		return 0, io.EOF
	}
	for len(s.buf) == 0 {
		x, err := s.frames.next()
		if err != nil {
			return 0, err
		}
		drop := min(s.skip, len(x)/s.channels)
		s.skip -= drop
		s.buf = x[drop*s.channels:]
	}
	n := copy(dst, s.buf[:min(len(s.buf), s.left*s.channels)])
	s.buf = s.buf[n:]
	s.left -= n / s.channels
	return n, nil
}

func (s *mp3Source) note() string {
	if s.frames.lost() == 0 {
		return ""
	}
	return fmt.Sprintf("%d frames are damaged or lack their data: silent", s.frames.lost())
}
