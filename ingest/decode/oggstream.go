package decode

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// oggCodecs are how the first packet of a stream begins, by what it is.
var oggCodecs = map[string]string{
	"Speex   ": "Speex", "\x80theora": "Theora video", "fishead\x00": "Ogg with several streams",
	"BBCD\x00": "Dirac video", "CELT    ": "CELT", "OVP80": "VP8 video", "PCM     ": "PCM in Ogg", "\x01video": "OGM video",
}

// maxLostFrames bounds the silence in place of one page: 255 packets of Opus,
// 120 ms each, are the most that one holds.
const maxLostFrames = 255 * maxOpusFrames

// maxOggPacket bounds a packet; comments with pictures are the largest.
const maxOggPacket = 64 << 20

// maxPageValues bounds what one page may decode to.
const maxPageValues = 1 << 24

// maxMissingPages is how many pages may be missing at once; a larger jump is a
// writer's that does not count them.
const maxMissingPages = 1000

// oggSource decodes the first stream of an Ogg file. The pages are read here
// because the libraries' own readers end at a damaged page.
type oggSource struct {
	ogg      oggReader
	codec    packetCodec
	serial   uint32
	partial  []byte // a packet that goes on in the next page
	ready    bool   // the headers are past
	position int64  // frames decoded, as the pages count
	started  bool   // the first page of audio is past
	ended    bool
	number   uint32 // of the next page
	missing  int    // pages in front of the last good one
	lost     int    // pages missing in all
	skip     int    // frames still to be dropped at the start
	gap      int    // frames of silence still to be delivered
	decoded  []float32
	buf      []float32 // the part of decoded that is not delivered
	damaged  int       // packets
	cut      string
	channels int
}

// openOgg opens an Ogg file by its first stream.
func openOgg(r io.ReaderAt, size int64) (*Audio, error) {
	packet, err := firstOggPacket(r)
	if err != nil {
		return nil, err
	}
	s := &oggSource{ogg: oggReader{r: bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 27+255+255*255)}}
	switch {
	case strings.HasPrefix(packet, "\x01vorbis"):
		s.codec = &vorbisCodec{}
	case strings.HasPrefix(packet, "OpusHead"):
		s.codec = &opusCodec{}
	case strings.HasPrefix(packet, "\x7fFLAC"):
		s.codec = &flacPackets{}
	default:
		for start, codec := range oggCodecs {
			if strings.HasPrefix(packet, start) {
				return nil, &UnsupportedError{Codec: codec}
			}
		}
		return nil, &UnsupportedError{Codec: "an unknown codec in Ogg"}
	}
	return s.open()
}

// firstOggPacket returns how the first packet of a file begins.
func firstOggPacket(r io.ReaderAt) (string, error) {
	head := make([]byte, 27+255+8)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return "", err
	}
	return string(head[min(27+int(head[26]), n):n]), nil
}

// open reads the headers.
func (s *oggSource) open() (*Audio, error) {
	page, err := s.ogg.next()
	if err != nil {
		return nil, brokenf("no whole Ogg page in it")
	}
	s.serial, s.number = page.serial, page.number
	for {
		if page.serial == s.serial {
			if err := s.takePage(page); err != nil {
				return nil, err
			}
		}
		if s.ready {
			break
		}
		if page, err = s.ogg.next(); err != nil {
			return nil, brokenf("it ends before its headers do")
		}
	}
	a := &Audio{src: s}
	a.Codec, a.Rate, a.Channels = s.codec.shape()
	return a, nil
}

func (s *oggSource) read(dst []float32) (int, error) {
	for s.gap == 0 && len(s.buf) == 0 && !s.ended {
		p, err := s.ogg.next()
		if err == io.EOF {
			s.cut = "truncated: the end of its stream is missing"
			break
		}
		if err != nil {
			return 0, err
		}
		if p.serial != s.serial {
			continue
		}
		if err := s.takePage(p); err != nil {
			return 0, err
		}
	}
	if s.gap > 0 {
		n := min(len(dst), s.gap*s.channels)
		clear(dst[:n])
		s.gap -= n / s.channels
		return n, nil
	}
	if len(s.buf) == 0 {
		if _, err := s.ogg.next(); err == nil {
			s.cut = "further streams behind the first are left out"
		}
		return 0, io.EOF
	}
	n := copy(dst, s.buf)
	s.buf = s.buf[n:]
	return n, nil
}

// takePage takes the packets of a page: the headers, or audio into buf.
func (s *oggSource) takePage(p oggPage) error {
	s.noteMissing(p)
	headless := p.flags&oggContinued != 0 && s.missing > 0 // its first packet began on a page that is missing
	if p.flags&oggContinued == 0 || headless {
		s.partial = s.partial[:0]
	}
	s.decoded = s.decoded[:0]
	for _, size := range p.sizes {
		s.partial = append(s.partial, p.body[:size]...)
		p.body = p.body[size:]
		if len(s.partial) > maxOggPacket {
			return brokenf("a packet of more than %d bytes", maxOggPacket)
		}
		if size == 255 {
			continue
		}
		if !headless {
			if err := s.takePacket(s.partial); err != nil {
				return err
			}
		}
		headless = false
		s.partial = s.partial[:0]
	}
	if s.ready {
		s.place(p)
	}
	return nil
}

// noteMissing counts the pages that are missing in front of this one, by their
// numbers.
func (s *oggSource) noteMissing(p oggPage) {
	s.missing = 0
	if n := int32(p.number - s.number); n > 0 && n < maxMissingPages && s.started {
		s.missing = int(n)
		s.lost += int(n)
		s.codec.reset()
	}
	s.number = p.number + 1
}

// place cuts and fills what a page decoded to so that it lies where its position
// says. Of the first page of audio the position says where the stream begins,
// of the last where it ends (Vorbis I specification, A.2; RFC 7845, 4); behind
// missing pages, how much of it is missing.
func (s *oggSource) place(p oggPage) {
	s.buf = s.decoded
	s.ended = p.flags&oggLast != 0
	frames := int64(len(s.buf) / s.channels)
	s.position += frames
	if p.granule >= 0 && (frames > 0 || s.ended) {
		excess := int(min(max(s.position-p.granule, 0), frames)) * s.channels
		switch {
		case s.ended:
			s.buf = s.buf[:len(s.buf)-excess]
		case !s.started && s.skip == 0:
			s.buf = s.buf[excess:]
		}
		if s.missing > 0 {
			s.gap = int(min(max(p.granule-s.position, 0), int64(s.missing)*maxLostFrames))
		}
		s.position, s.started = p.granule, true
	}
	n := min(s.skip, len(s.buf)/s.channels)
	s.buf = s.buf[n*s.channels:]
	s.skip -= n
}

// takePacket takes a header or decodes a packet of audio.
func (s *oggSource) takePacket(b []byte) (err error) {
	if s.ready {
		if len(s.decoded) > maxPageValues {
			return brokenf("a page of more than %d samples", maxPageValues)
		}
		if s.decoded, err = guardedDecode(s.codec, s.decoded, b); err != nil {
			s.damaged++
		}
		return nil
	}
	if s.ready, err = s.codec.header(b); s.ready && err == nil {
		_, _, s.channels = s.codec.shape()
		s.skip = s.codec.delay()
	}
	return err
}

func (s *oggSource) note() string {
	var notes []string
	if s.cut != "" {
		notes = append(notes, s.cut)
	}
	if n := max(s.lost, s.ogg.lost); n > 0 {
		notes = append(notes, fmt.Sprintf("%d damaged or missing pages are left out", n))
	}
	if s.damaged > 0 {
		notes = append(notes, fmt.Sprintf("%d damaged packets are left out", s.damaged))
	}
	return strings.Join(notes, "; ")
}
