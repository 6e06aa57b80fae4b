package decode

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/hajimehoshi/go-mp3"

	"prep/data"
	"prep/ingest/decode/layer3"
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
	tag, tagged := parseMP3Tag(first, frame)
	frames, err := countFrames(scan, tagged)
	if err != nil {
		return nil, err
	}
	a := &Audio{Codec: "MP3", Rate: data.Rate(first.rate), Channels: first.channels, AlignmentUnknown: !tag.gapless}
	s := &mp3Source{channels: first.channels, skip: tag.delay + decoderDelay}
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
	s.frames, err = decodeMP3(r, size, first, tagged)
	return a, err
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

// decodeMP3 begins the second pass, which decodes: MPEG-2.5 by layer3, all else by
// go-mp3.
func decodeMP3(r io.ReaderAt, size int64, first mpegHeader, tagged bool) (mp3Frames, error) {
	scan := newMPEGScanner(r, 0, size)
	if tagged {
		if _, _, err := scan.next(); err != nil {
			return nil, err
		}
	}
	if first.version == 25 {
		return &mpeg25{scan: scan, dec: layer3.NewDecoder(first.rate, first.channels), channels: first.channels}, nil
	}
	return newGoMP3(scan, first)
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

// goMP3 decodes MPEG-1 and MPEG-2 with go-mp3.
type goMP3 struct {
	dec   *mp3.Decoder
	mux   *mp3Mux
	first mpegHeader
	raw   []byte
	buf   []float32
}

// newGoMP3 drops the frame that the mux begins with.
func newGoMP3(scan *mpegScanner, first mpegHeader) (*goMP3, error) {
	g := &goMP3{first: first, mux: newMP3Mux(scan, first), raw: make([]byte, 4*1152)}
	var err error
	if g.dec, err = mp3.NewDecoder(g.mux); err == nil {
		_, err = g.readFrame()
	}
	return g, err
}

// next decodes the next frame. One that go-mp3 refuses or panics on is silence.
func (g *goMP3) next() ([]float32, error) {
	n, err := g.readFrame()
	if err != nil {
		g.mux.dropLast(g.first)
		n = 4 * g.first.samples()
		clear(g.raw[:n])
	}
	g.buf = g.buf[:0]
	for b := g.raw[:n]; len(b) >= 4; b = b[4:] {
		l := float32(int16(binary.LittleEndian.Uint16(b))) / 32767 // go-mp3's scale
		if g.first.channels == 1 {
			g.buf = append(g.buf, l)
			continue
		}
		g.buf = append(g.buf, l, float32(int16(binary.LittleEndian.Uint16(b[2:])))/32767)
	}
	return g.buf, nil
}

func (g *goMP3) readFrame() (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = brokenf("%v", v)
		}
	}()
	return g.dec.Read(g.raw)
}

func (g *goMP3) lost() int { return g.mux.lost }

// mpeg25 decodes MPEG-2.5 with layer3.
type mpeg25 struct {
	scan     *mpegScanner
	bits     reservoir
	dec      *layer3.Decoder
	channels int
	damaged  int
	buf      [2 * layer3.Lines]float32
}

func (m *mpeg25) next() ([]float32, error) {
	x := m.buf[:layer3.Lines*m.channels]
	h, frame, err := m.scan.next()
	if err == io.EOF {
		return x, m.dec.Decode(x, 0, nil, nil)
	}
	if err != nil {
		return nil, err
	}
	side, data, ok := m.bits.take(h, frame)
	if h.channels != m.channels {
		side, data, ok = nil, nil, false
	}
	if m.dec.Decode(x, h.joint(), side, data) != nil || !ok {
		m.damaged++
	}
	return x, nil
}

func (m *mpeg25) lost() int { return m.damaged }
