package ingest

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/hajimehoshi/go-mp3"

	"prep/data"
)

// openMPEG opens what begins with tags or MPEG audio frames.
func openMPEG(r io.ReaderAt, size int64) (*Audio, error) {
	var b [32]byte
	off := int64(0)
	for {
		n, err := r.ReadAt(b[:], off)
		if err != nil && err != io.EOF {
			return nil, err
		}
		tag := tagSize(b[:n])
		if tag == 0 || off+tag > size {
			break
		}
		off += tag
	}
	if string(b[:4]) == "fLaC" {
		return openFLAC(r, off, size)
	}
	if isADTS(r, off) {
		return nil, &UnsupportedError{Codec: "AAC"}
	}
	return openMP3(io.NewSectionReader(r, off, size-off), size-off)
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

// mp3Source decodes Layer III with go-mp3 and trims what the encoder added.
type mp3Source struct {
	dec      *mp3.Decoder
	mux      *mp3Mux
	first    mpegHeader
	skip     int       // frames of samples yet to be dropped in front
	left     int       // and yet to be delivered
	buf      []float32 // decoded and not delivered, interleaved
	raw      []byte
	channels int
}

// openMP3 scans the stream once for the number of its frames and its tag.
func openMP3(r io.ReaderAt, size int64) (*Audio, error) {
	scan := newMPEGScanner(r, 0, size)
	first, frame, err := scan.next()
	if err == io.EOF {
		err = fmt.Errorf("%w: it begins like no format that is known", ErrNotAudio)
	}
	if err != nil {
		return nil, err
	}
	if first.layer != 3 {
		return nil, &UnsupportedError{Codec: "MPEG audio Layer " + "III"[:first.layer]}
	}
	if first.rate == 8000 {
		return nil, &UnsupportedError{Codec: "MPEG-2.5 Layer III at 8 kHz"}
	}
	tag, tagged := parseMP3Tag(first, frame)
	frames, err := countFrames(scan, tagged)
	if err != nil {
		return nil, err
	}
	a := &Audio{Codec: "MP3", Rate: data.Rate(first.rate), Channels: first.channels, AlignmentUnknown: !tag.gapless}
	s := &mp3Source{first: first, channels: first.channels, skip: first.samples() + tag.delay + decoderDelay}
	s.left = frames*first.samples() - tag.delay
	switch {
	case tag.frames > 0 && frames < tag.frames:
		a.notes = append(a.notes, fmt.Sprintf("truncated: %d of %d frames are there", frames, tag.frames))
	case tag.frames > 0 && frames > tag.frames:
		a.notes = append(a.notes, fmt.Sprintf("%d frames where its tag says %d: the end is not trimmed", frames, tag.frames))
	default:
		s.left -= tag.padding
	}
	a.notes = append(a.notes, scan.notes()...)
	a.src = s
	return a, s.start(r, size, tagged)
}

// countFrames returns the number of frames of audio in the stream.
func countFrames(scan *mpegScanner, tagged bool) (int, error) {
	n := 1
	if tagged {
		n = 0
	}
	for {
		_, _, err := scan.next()
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		n++
	}
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

// start begins the second pass, which decodes.
func (s *mp3Source) start(r io.ReaderAt, size int64, tagged bool) (err error) {
	scan := newMPEGScanner(r, 0, size)
	if tagged {
		if _, _, err := scan.next(); err != nil {
			return err
		}
	}
	s.mux = newMP3Mux(scan, s.first)
	s.raw = make([]byte, 4*1152)
	s.dec, err = mp3.NewDecoder(s.mux)
	return err
}

func (s *mp3Source) read(dst []float32) (int, error) {
	if s.left <= 0 {
		return 0, io.EOF
	}
	for len(s.buf) == 0 {
		if err := s.decode(); err != nil {
			return 0, err
		}
		drop := min(s.skip, len(s.buf)/s.channels)
		s.skip -= drop
		s.buf = s.buf[drop*s.channels:]
	}
	n := copy(dst, s.buf[:min(len(s.buf), s.left*s.channels)])
	s.buf = s.buf[n:]
	s.left -= n / s.channels
	return n, nil
}

// decode fills buf with the next frame. One that go-mp3 refuses or panics on is
// silence.
func (s *mp3Source) decode() error {
	n, err := s.readFrame()
	if err != nil {
		s.mux.fault(s.first)
		n = 4 * s.first.samples()
		clear(s.raw[:n])
	}
	s.buf = s.buf[:0]
	for b := s.raw[:n]; len(b) >= 4; b = b[4:] {
		l := float32(int16(binary.LittleEndian.Uint16(b))) / 32767 // go-mp3's scale
		if s.channels == 1 {
			s.buf = append(s.buf, l)
			continue
		}
		s.buf = append(s.buf, l, float32(int16(binary.LittleEndian.Uint16(b[2:])))/32767)
	}
	return nil
}

func (s *mp3Source) readFrame() (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = brokenf("%v", v)
		}
	}()
	return s.dec.Read(s.raw)
}

func (s *mp3Source) note() string {
	if s.mux.lost == 0 {
		return ""
	}
	return fmt.Sprintf("%d frames are damaged or lack their data: silent", s.mux.lost)
}
