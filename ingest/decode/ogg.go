package decode

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/jfreymuth/vorbis"

	"prep/data"
)

// oggCodecs are how the first packet of a stream begins, by what it is.
var oggCodecs = map[string]string{
	"OpusHead": "Opus", "\x7fFLAC": "FLAC in Ogg", "Speex   ": "Speex", "\x80theora": "Theora video",
	"fishead\x00": "Ogg with several streams", "BBCD\x00": "Dirac video",
}

// maxVorbisChannels bounds what one page can decode to: 255 packets of 4096
// frames. The Vorbis I specification, 4.3.9, gives places to 8 channels.
const maxVorbisChannels = 8

// oggPage is a page of an Ogg stream (RFC 3533, section 6).
type oggPage struct {
	flags   byte
	granule int64 // the position at the end of the last packet that ends here, or -1
	serial  uint32
	sizes   []byte
	body    []byte
}

// Flags of a page.
const (
	oggContinued = 1
	oggLast      = 4
)

// oggReader reads pages and drops those whose checksum is wrong.
type oggReader struct {
	r    *bufio.Reader
	lost int
}

// next returns the next good page.
func (o *oggReader) next() (p oggPage, err error) {
	for {
		head, err := o.r.Peek(27)
		if err != nil {
			return p, err
		}
		n := 27 + int(head[26])
		if string(head[:5]) == "OggS\x00" {
			if head, err = o.r.Peek(n); err != nil {
				return p, err
			}
			for _, s := range head[27:] {
				n += int(s)
			}
			raw, err := o.r.Peek(n)
			if err != nil {
				return p, err
			}
			if raw = bytes.Clone(raw); oggChecksum(raw) == binary.LittleEndian.Uint32(raw[22:]) {
				o.r.Discard(n)
				return parseOgg(raw), nil
			}
			o.lost++
		}
		o.r.Discard(1)
	}
}

func parseOgg(raw []byte) oggPage {
	n := 27 + int(raw[26])
	return oggPage{
		flags: raw[5], granule: int64(binary.LittleEndian.Uint64(raw[6:])), serial: binary.LittleEndian.Uint32(raw[14:]),
		sizes: raw[27:n], body: raw[n:],
	}
}

var oggTable = func() (t [256]uint32) {
	for i := range t {
		r := uint32(i) << 24
		for range 8 {
			r = r<<1 ^ r>>31*0x04c11db7
		}
		t[i] = r
	}
	return t
}()

// oggChecksum returns the CRC of a page, its own field taken as zero.
func oggChecksum(raw []byte) (crc uint32) {
	for i, b := range raw {
		if i >= 22 && i < 26 {
			b = 0
		}
		crc = crc<<8 ^ oggTable[byte(crc>>24)^b]
	}
	return crc
}

// oggSource decodes the first Vorbis stream of an Ogg file with
// jfreymuth/vorbis. The pages are read here because jfreymuth/oggvorbis clips
// what lies above full scale, and ends at a damaged page.
type oggSource struct {
	ogg      oggReader
	dec      vorbis.Decoder
	serial   uint32
	partial  []byte // a packet that goes on in the next page
	headers  int
	total    int64 // frames decoded, before trimming
	started  bool  // the first page of audio is past
	ended    bool
	decoded  []float32 // what the last page decoded to
	buf      []float32 // the part of it that is not delivered
	scratch  []float32
	cut      string
	channels int
}

// openOgg opens an Ogg file that begins with a Vorbis stream.
func openOgg(r io.ReaderAt, size int64) (*Audio, error) {
	s := &oggSource{ogg: oggReader{r: bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 27+255+255*255)}}
	head := make([]byte, 27+255+8)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	packet := string(head[min(27+int(head[26]), n):n])
	for start, codec := range oggCodecs {
		if strings.HasPrefix(packet, start) {
			return nil, &UnsupportedError{Codec: codec}
		}
	}
	if !strings.HasPrefix(packet, "\x01vorbis") {
		return nil, &UnsupportedError{Codec: "an unknown codec in Ogg"}
	}
	first, err := s.ogg.next()
	if err != nil {
		return nil, brokenf("no whole Ogg page in it")
	}
	s.serial = first.serial
	for page := first; ; {
		if err := s.takePage(page); err != nil {
			return nil, brokenf("%v", err)
		}
		if s.headers == 3 {
			break
		}
		if page, err = s.ogg.next(); err != nil {
			return nil, brokenf("it ends before its three headers")
		}
	}
	s.channels = s.dec.Channels()
	return &Audio{Codec: "Vorbis", Rate: data.Rate(s.dec.SampleRate()), Channels: s.channels, src: s}, nil
}

func (s *oggSource) read(dst []float32) (int, error) {
	for len(s.buf) == 0 && !s.ended {
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

// takePage takes the packets of a page: the headers, or audio into buf. The page's
// position says where the stream begins within its first page of audio and
// where it ends within its last (Vorbis I specification, A.2).
func (s *oggSource) takePage(p oggPage) error {
	if p.flags&oggContinued == 0 {
		s.partial = nil
	}
	before := s.total
	s.decoded = s.decoded[:0]
	for _, size := range p.sizes {
		s.partial = append(s.partial, p.body[:size]...)
		p.body = p.body[size:]
		if size == 255 {
			continue
		}
		if err := s.takePacket(s.partial); err != nil {
			return err
		}
		s.partial = s.partial[:0]
	}
	s.buf = s.decoded
	s.ended = p.flags&oggLast != 0
	if p.granule < 0 || s.total == before && !s.ended {
		return nil
	}
	excess := int(min(max(s.total-p.granule, 0), s.total-before)) * s.channels
	switch {
	case s.ended:
		s.buf = s.buf[:len(s.buf)-excess]
	case !s.started:
		s.buf = s.buf[excess:]
	}
	s.started = true
	s.total = p.granule
	return nil
}

// takePacket takes a header or decodes a packet of audio.
func (s *oggSource) takePacket(b []byte) error {
	if s.headers < 3 {
		s.headers++
		return s.takeHeader(b)
	}
	if s.scratch == nil {
		s.scratch = make([]float32, s.dec.BufferSize())
	}
	x, err := s.dec.DecodeInto(b, s.scratch)
	if err != nil {
		return nil // such a packet is to be passed over (specification, 4.3.1)
	}
	s.decoded = append(s.decoded, x...)
	s.total += int64(len(x) / s.channels)
	return nil
}

// takeHeader takes one of the three headers. The comments are of no use here, and
// the decoder would allocate as many as they claim to be.
func (s *oggSource) takeHeader(b []byte) error {
	switch s.headers {
	case 2:
		return nil
	case 3:
		if err := checkVorbisSetup(b); err != nil {
			return err
		}
	}
	if err := s.dec.ReadHeader(b); err != nil {
		return err
	}
	if c := s.dec.Channels(); c < 1 || c > maxVorbisChannels {
		return fmt.Errorf("%d channels; 1 to %d are allowed", c, maxVorbisChannels)
	}
	if s.headers == 3 && !s.dec.HeadersRead() {
		return errVorbisSetup
	}
	return nil
}

func (s *oggSource) note() string {
	if s.ogg.lost == 0 {
		return s.cut
	}
	return strings.TrimPrefix(fmt.Sprintf("%s; %d damaged pages are left out", s.cut, s.ogg.lost), "; ")
}
