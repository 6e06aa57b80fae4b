package decode

import (
	"fmt"
	"io"
)

// mp3Survey is what a pass over all frames of a Layer III stream finds, before
// any is decoded.
type mp3Survey struct {
	first    mpegHeader
	tagged   bool // the first frame holds a tag and no audio
	tag      mp3Tag
	channels int
	frames   int // of audio
	stereo   int // of them
	plain    bool
	notes    []string

	bits  reservoir
	bytes int64 // of frames
}

// surveyMP3 scans the stream in the first size bytes of r.
func surveyMP3(r io.ReaderAt, size int64) (*mp3Survey, error) {
	scan := newMPEGScanner(r, 0, size)
	h, frame, err := scan.next()
	if err == io.EOF {
		err = fmt.Errorf("%w: it begins like no format that is known", ErrNotAudio)
	}
	if err != nil {
		return nil, err
	}
	if h.layer != 3 {
		return nil, &UnsupportedError{Codec: "MPEG audio Layer " + "III"[:h.layer]}
	}
	s := &mp3Survey{first: h, plain: true}
	if s.tag, s.tagged = parseMP3Tag(h, frame); s.tagged {
		h, frame, err = scan.next()
	}
	for ; err == nil; h, frame, err = scan.next() {
		s.add(h, frame)
	}
	if err != io.EOF {
		return nil, err
	}
	return s, s.finish(scan)
}

// add takes a frame into account. What go-mp3 does right is plain: all frames
// have the channels of the first, none is in joint stereo, in the free format or
// (whose size it gets wrong) padded and of MPEG-2, and each has its data.
func (s *mp3Survey) add(h mpegHeader, frame []byte) {
	s.frames++
	s.bytes += int64(len(frame))
	s.stereo += h.channels - 1
	_, ok := s.bits.take(h, frame)
	odd := h.version == 25 || h.kbps == 0 || h.lsf()*h.padding != 0 || h.isJoint()
	s.plain = s.plain && ok && !odd && s.stereo == (h.channels-1)*s.frames
}

// finish writes the notes, and refuses what has more junk than frames. Where a
// tenth of the frames are stereo, all are taken so; fewer have damaged headers.
func (s *mp3Survey) finish(scan *mpegScanner) error {
	if scan.junk > s.bytes {
		return fmt.Errorf("%w: %d bytes of MPEG frames among %d of something else", ErrNotAudio, s.bytes, scan.junk)
	}
	s.plain = s.plain && scan.junk == 0
	s.channels = 1
	if 10*s.stereo >= s.frames && s.stereo > 0 {
		s.channels = 2
	}
	switch {
	case s.tag.frames > 0 && s.frames < s.tag.frames:
		s.notes = append(s.notes, fmt.Sprintf("truncated: %d of %d frames are there", s.frames, s.tag.frames))
	case s.tag.frames > 0 && s.frames > s.tag.frames:
		s.notes = append(s.notes, fmt.Sprintf("%d frames where its tag says %d: the end is not trimmed", s.frames, s.tag.frames))
	}
	s.notes = append(s.notes, scan.notes()...)
	return nil
}

// decode begins the second pass, which decodes.
func (s *mp3Survey) decode(r io.ReaderAt, size int64) (mp3Frames, error) {
	scan := newMPEGScanner(r, 0, size)
	if s.tagged {
		if _, _, err := scan.next(); err != nil {
			return nil, err
		}
	}
	l := newLayer3Frames(scan, s.first.rate, s.channels)
	if s.plain && s.frames > 0 {
		return newGoMP3(l), nil
	}
	return l, nil
}
