package decode

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// mpegHeader is the header of an MPEG audio frame: ISO/IEC 11172-3, 2.4.2.3,
// ISO/IEC 13818-3 for the low rates, and the unofficial MPEG-2.5.
type mpegHeader struct {
	version  int // 10, 20 or 25
	layer    int
	kbps     int // 0 in the free format
	rate     int
	padding  int
	channels int
	crc      bool
	raw      uint32
}

var (
	mpegRates = map[int][3]int{10: {44100, 48000, 32000}, 20: {22050, 24000, 16000}, 25: {11025, 12000, 8000}}
	// mpegKbps is indexed by 3*lsf + layer-1 and the index of the header.
	mpegKbps = [6][15]int{
		{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
		{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
		{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
		{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
	}
)

// parseMPEG reads a frame header; ok is false when it is none.
func parseMPEG(b []byte) (h mpegHeader, ok bool) {
	if len(b) < 4 {
		return h, false
	}
	h.raw = binary.BigEndian.Uint32(b)
	version, layer, rate, kbps := h.raw>>19&3, h.raw>>17&3, h.raw>>10&3, h.raw>>12&15
	if h.raw>>21 != 0x7ff || version == 1 || layer == 0 || rate == 3 || kbps == 15 || h.raw&3 == 2 {
		return h, false
	}
	h.version = [4]int{25, 0, 20, 10}[version]
	h.layer = 4 - int(layer)
	h.rate = mpegRates[h.version][rate]
	h.kbps = mpegKbps[3*h.lsf()+h.layer-1][kbps]
	h.padding = int(h.raw >> 9 & 1)
	h.crc = h.raw>>16&1 == 0
	h.channels = 2
	if h.raw>>6&3 == 3 {
		h.channels = 1
	}
	return h, true
}

// lsf is 1 at the low sampling frequencies of MPEG-2 and 2.5, else 0.
func (h mpegHeader) lsf() int {
	if h.version == 10 {
		return 0
	}
	return 1
}

// size returns the bytes of the frame; free is the unpadded size of a frame of
// the free format.
func (h mpegHeader) size(free int) int {
	slot := 1
	if h.layer == 1 {
		slot = 4
	}
	if h.kbps == 0 {
		return free + h.padding*slot
	}
	return (h.samples()/8*1000*h.kbps/h.rate/slot + h.padding) * slot
}

// samples returns the samples of each channel in the frame.
func (h mpegHeader) samples() int {
	switch {
	case h.layer == 1:
		return 384
	case h.layer == 3 && h.lsf() == 1:
		return 576
	}
	return 1152
}

// side returns the bytes of the side information of a Layer III frame.
func (h mpegHeader) side() int {
	return [2][2]int{{17, 32}, {9, 17}}[h.lsf()][h.channels-1]
}

// joint returns the mode_extension of a frame in joint stereo, else 0.
func (h mpegHeader) joint() int {
	if h.raw>>6&3 != 1 {
		return 0
	}
	return int(h.raw >> 4 & 3)
}

// sameStream reports whether two headers can stand in one stream.
func (h mpegHeader) sameStream(o mpegHeader) bool {
	const same = 0xfffe0c00 // sync, version, layer, rate
	return h.raw&same == o.raw&same && (h.kbps == 0) == (o.kbps == 0)
}

// mpegScanner finds the frames of an MPEG audio stream, among tags and junk.
type mpegScanner struct {
	r     *bufio.Reader
	first mpegHeader // of the first frame; the others must be like it
	free  int        // unpadded size of a frame in the free format
	sync  bool       // the last frame ended where the reader stands
	frame []byte     // the last one
	limit int64      // junk bytes allowed before the first frame

	junk      int64 // bytes that belonged to no frame and no tag
	truncated bool
}

// maxMPEGFrame is the largest frame: Layer II at 384 kbit/s and 32 kHz has 1729
// bytes; the free format is bounded to what two times that allow.
const maxMPEGFrame = 2 * 1729

func newMPEGScanner(r io.ReaderAt, off, size int64) *mpegScanner {
	return &mpegScanner{r: bufio.NewReaderSize(io.NewSectionReader(r, off, size-off), 1<<14), limit: scanBytes}
}

// next returns the next frame; its bytes are valid until the next call. The
// error is io.EOF at the end, or ErrNotAudio where no frame comes at all.
func (s *mpegScanner) next() (mpegHeader, []byte, error) {
	for {
		b, err := s.r.Peek(4)
		if len(b) < 4 {
			s.junk += int64(len(b))
			return mpegHeader{}, nil, eof(err)
		}
		if h, ok := parseMPEG(b); ok && s.fits(h) {
			frame, err := s.take(h)
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
	b, err := s.r.Peek(n + 4)
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
	if !s.sync && len(b) >= n+4 {
		next, ok := parseMPEG(b[n:])
		if !ok || !next.sameStream(h) {
			if tagSize(b[n:]) == 0 {
				return nil, nil
			}
		}
	}
	if s.first.layer == 0 {
		s.first, s.free = h, free
	}
	s.sync = true
	s.frame = append(s.frame[:0], b[:n]...)
	_, err = s.r.Discard(n)
	return s.frame, err
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

// tagSize returns the size of the tag that b is the beginning of (at least 32
// bytes of it), or 0: ID3v2 (id3.org, ID3v2.4.0 section 3), ID3v1, APEv2 with
// its header (wiki.hydrogenaud.io, APEv2), or its footer alone, Lyrics3.
func tagSize(b []byte) int64 {
	switch {
	case len(b) >= 10 && string(b[:3]) == "ID3" && b[3] < 0xff && b[6]|b[7]|b[8]|b[9] < 0x80:
		n := int64(b[6])<<21 | int64(b[7])<<14 | int64(b[8])<<7 | int64(b[9])
		if b[5]&0x10 != 0 {
			n += 10 // a footer
		}
		return n + 10
	case len(b) >= 4 && string(b[:4]) == "TAG+":
		return 227
	case len(b) >= 3 && string(b[:3]) == "TAG":
		return 128
	case len(b) >= 24 && string(b[:8]) == "APETAGEX":
		n := int64(binary.LittleEndian.Uint32(b[12:]))
		if b[23]&0x20 == 0 {
			return 32 // the footer of a tag whose items were passed over
		}
		return n + 32
	}
	return 0
}
