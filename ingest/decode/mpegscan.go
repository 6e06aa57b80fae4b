package decode

import (
	"bufio"
	"fmt"
	"io"
)

// mpegScanner finds the frames of an MPEG audio stream, among tags and junk.
type mpegScanner struct {
	r     *bufio.Reader
	first mpegHeader // of the first frame; the others must be like it
	free  int        // unpadded size of a frame in the free format
	sync  bool       // the last frame ended where the reader stands
	frame []byte     // the last one
	limit int64      // junk bytes allowed before the first frame

	held    mpegHeader // of the last frame, which comes behind missing ones
	missing int        // how many are still to be told
	frames  int64      // found so far
	bytes   int64      // in them
	gap     int64      // junk since the last frame

	junk      int64 // bytes that belonged to no frame and no tag
	truncated bool
}

// maxMPEGFrame is the largest frame: 640 kbit/s, the most that LAME makes in the
// free format, at 8 kHz.
const maxMPEGFrame = 72*640000/8000 + 1

func newMPEGScanner(r io.ReaderAt, off, size int64) *mpegScanner {
	return &mpegScanner{r: bufio.NewReaderSize(io.NewSectionReader(r, off, size-off), 1<<15), limit: scanBytes}
}

// next returns the next frame; its bytes are valid until the next call. Frames
// whose place holds junk have none. The error is io.EOF at the end, or ErrNotAudio
// where no frame comes at all.
func (s *mpegScanner) next() (mpegHeader, []byte, error) {
	if s.missing > 0 {
		if s.missing--; s.missing > 0 {
			return s.held, nil, nil
		}
		return s.held, s.frame, nil
	}
	for {
		b, err := s.r.Peek(4)
		if len(b) < 4 {
			s.junk += int64(len(b))
			return mpegHeader{}, nil, eof(err)
		}
		if h, ok := parseMPEG(b); ok && s.fits(h) {
			frame, err := s.take(h)
			if frame != nil && s.missing > 0 {
				s.held = h
				return h, nil, nil
			}
			if frame != nil || err != nil {
				return h, frame, err
			}
		}
		if err := s.skip(); err != nil {
			return mpegHeader{}, nil, err
		}
	}
}

// eof passes on what is not the end of the file.
func eof(err error) error {
	if err == nil || err == bufio.ErrBufferFull {
		return io.EOF
	}
	return err
}

func (s *mpegScanner) fits(h mpegHeader) bool { return s.first.layer == 0 || h.sameStream(s.first) }

// take returns the frame whose header stands next, or nil when it is none: out
// of sync, a frame must be followed by another or by the end.
func (s *mpegScanner) take(h mpegHeader) ([]byte, error) {
	free := s.free
	if h.kbps == 0 && free == 0 {
		if free = s.freeSize(h); free == 0 {
			return nil, nil
		}
	}
	n := h.size(free)
	b, err := s.r.Peek(n)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(b) < n {
		if s.sync {
			s.truncated = true
			s.r.Discard(len(b))
			return nil, io.EOF
		}
		return nil, nil
	}
	if !s.sync && !s.agree(h, free) {
		return nil, nil
	}
	if s.first.layer == 0 {
		s.first, s.free = h, free
	}
	s.count(n)
	s.frame = append(s.frame[:0], make([]byte, n)...)
	_, err = io.ReadFull(s.r, s.frame)
	return s.frame, err
}

// count takes a frame of n bytes into account, and how many are missing where
// there was junk before it.
func (s *mpegScanner) count(n int) {
	if s.frames > 1 && s.gap <= scanBytes {
		mean := s.bytes / s.frames
		s.missing = int((s.gap + mean/2) / mean)
	}
	s.sync, s.gap = true, 0
	s.frames++
	s.bytes += int64(n)
}

// agree reports whether the frame whose header stands next is followed by what
// proves it one: at the beginning two more, or one and the end; after junk one,
// or the end. A tag is an end.
func (s *mpegScanner) agree(h mpegHeader, free int) bool {
	wanted := 2
	if s.first.layer == 0 {
		wanted = 3
	}
	b, _ := s.r.Peek(3*maxMPEGFrame + 32)
	for n, at := 1, h.size(free); n < wanted; n++ {
		if at+4 > len(b) || tagSize(b[at:]) > 0 {
			return n == wanted-1
		}
		next, ok := parseMPEG(b[at:])
		if !ok || !next.sameStream(h) {
			return false
		}
		at += next.size(free)
	}
	return true
}

// freeSize finds the size of free-format frames: the distance to the next
// header like h that has a third one behind it.
func (s *mpegScanner) freeSize(h mpegHeader) int {
	b, _ := s.r.Peek(2*maxMPEGFrame + 8)
	for d := 4 + h.side(); d+4 <= len(b) && d <= maxMPEGFrame; d++ {
		second, ok := parseMPEG(b[d:])
		if !ok || !second.sameStream(h) {
			continue
		}
		free := d - h.padding
		third := d + second.size(free)
		if third+4 > len(b) {
			continue
		}
		if t, ok := parseMPEG(b[third:]); ok && t.sameStream(h) {
			return free
		}
	}
	return 0
}

// skip passes over a tag or one byte of junk.
func (s *mpegScanner) skip() error {
	s.sync = false
	b, _ := s.r.Peek(32)
	n := tagSize(b)
	if n == 0 {
		n = 1
		s.junk++
		s.gap++
		if s.first.layer == 0 && s.junk > s.limit {
			return fmt.Errorf("%w: it begins like no format that is known", ErrNotAudio)
		}
	}
	for n > 0 {
		d, err := s.r.Discard(int(min(n, 1<<20)))
		if err != nil {
			return eof(err)
		}
		n -= int64(d)
	}
	return nil
}

// notes says what the scan met besides frames.
func (s *mpegScanner) notes() (notes []string) {
	if s.truncated {
		notes = append(notes, "truncated: the last frame is cut short")
	}
	if s.junk > 0 {
		notes = append(notes, fmt.Sprintf("%d bytes that are neither frames nor tags", s.junk))
	}
	return notes
}
