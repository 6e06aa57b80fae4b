package decode

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mewkiz/flac/frame"

	"prep/data"
)

// flacInfo is what a STREAMINFO block says (RFC 9639, 8.2).
type flacInfo struct {
	maxBlock uint64 // frames in a block
	fixed    bool   // all blocks but the last have as many
	rate     int
	channels int
	bits     uint8
	total    uint64 // frames, 0 if unsaid; some writers are wrong
}

// parseFLACInfo reads the contents of a STREAMINFO block.
func parseFLACInfo(b []byte) (i flacInfo, err error) {
	if len(b) < 34 {
		return i, brokenf("its STREAMINFO is cut short")
	}
	v := binary.BigEndian.Uint64(b[10:])
	i = flacInfo{
		maxBlock: uint64(binary.BigEndian.Uint16(b[2:])), fixed: b[0] == b[2] && b[1] == b[3],
		rate: int(v >> 44), channels: int(v>>41&7) + 1, bits: uint8(v>>36&31) + 1, total: v & (1<<36 - 1),
	}
	if i.bits == 32 {
		return i, &UnsupportedError{Codec: "FLAC of 32 bits"}
	}
	return i, nil
}

func (i flacInfo) codec() string { return fmt.Sprintf("FLAC %d-bit", i.bits) }

// parse reads a frame with mewkiz/flac.
func (i flacInfo) parse(r io.Reader) (f *frame.Frame, err error) {
	defer func() {
		if recover() != nil {
			f, err = nil, errPacket
		}
	}()
	if f, err = frame.New(r); err != nil {
		return nil, err
	}
	if f.BitsPerSample == 0 {
		f.BitsPerSample = i.bits // "get from STREAMINFO", which the decoder leaves to us
	}
	if err = f.Parse(); err != nil {
		return nil, err
	}
	if len(f.Subframes) != i.channels || f.BlockSize == 0 {
		return nil, errPacket
	}
	return f, nil
}

// position returns the first sample of a frame, by its number.
func (i flacInfo) position(f *frame.Frame) uint64 {
	if f.HasFixedBlockSize {
		return f.Num * i.maxBlock
	}
	return f.Num
}

// interleave writes count frames of f, from at on, to dst.
func interleave(dst []float32, f *frame.Frame, at, count int) {
	scale := 1 / float64(int64(1)<<(f.BitsPerSample-1))
	for c, sub := range f.Subframes {
		for i, v := range sub.Samples[at : at+count] {
			dst[i*len(f.Subframes)+c] = float32(float64(v) * scale)
		}
	}
}

// flacSource decodes a FLAC stream.
type flacSource struct {
	flacInfo
	in      *flacReader
	frame   *frame.Frame
	at      int    // samples of frame already delivered
	gap     uint64 // samples of silence to be delivered, for a damaged frame
	done    uint64 // samples up to the end of frame
	damaged int
	cut     string
}

// openFLAC opens the FLAC stream that begins at off.
func openFLAC(r io.ReaderAt, off, size int64) (*Audio, error) {
	in := newFLACReader(r, size)
	in.seek(off + 4)
	var info flacInfo
	for last, first := false, true; !last; first = false {
		head, err := in.bytes(4)
		if err != nil {
			return nil, brokenf("it ends before its first sample")
		}
		last = head[0]&0x80 != 0
		length := int64(head[1])<<16 | int64(head[2])<<8 | int64(head[3])
		if first {
			if head[0]&0x7f != 0 || length != 34 {
				return nil, brokenf("its first block is not STREAMINFO")
			}
			if head, err = in.bytes(34); err != nil {
				return nil, brokenf("its STREAMINFO is cut short")
			}
			if info, err = parseFLACInfo(head); err != nil {
				return nil, err
			}
			continue
		}
		in.seek(in.at + length)
	}
	return &Audio{Codec: info.codec(), Rate: data.Rate(info.rate), Channels: info.channels, src: &flacSource{flacInfo: info, in: in}}, nil
}

func (s *flacSource) read(dst []float32) (n int, err error) {
	for n+s.channels <= len(dst) {
		if s.gap > 0 {
			count := int(min(s.gap, uint64((len(dst)-n)/s.channels)))
			clear(dst[n : n+count*s.channels])
			n += count * s.channels
			s.gap -= uint64(count)
			continue
		}
		if s.frame == nil {
			if err = s.next(); err != nil {
				return n, err
			}
			continue
		}
		have := len(s.frame.Subframes[0].Samples) - s.at
		count := min(have, (len(dst)-n)/s.channels)
		interleave(dst[n:], s.frame, s.at, count)
		n += count * s.channels
		if s.at += count; count == have {
			s.frame, s.at = nil, 0
		}
	}
	return n, nil
}

// next parses a frame. A damaged one leaves silence. Behind the total that the
// header gives only frames that follow at once are of the stream.
func (s *flacSource) next() error {
	start := s.in.at
	f, err := s.parse(s.in)
	beyond := s.total > 0 && s.done >= s.total
	switch {
	case err == nil && !(beyond && s.position(f) != s.done):
		s.take(f)
		return nil
	case beyond:
		return io.EOF
	}
	if start >= s.in.size {
		return s.end(err)
	}
	f, at := s.resume(start)
	if f == nil {
		return s.end(err)
	}
	s.damaged++
	if position := s.position(f); position > s.done {
		most := uint64(at-start) / 11 * (1 << 16) // the shortest frame has 11 bytes
		s.gap = min(position-s.done, most)
		s.done += s.gap
	}
	s.take(f)
	return nil
}

func (s *flacSource) take(f *frame.Frame) {
	s.frame, s.at = f, 0
	s.done += uint64(len(f.Subframes[0].Samples))
}

// maxFalseFrames is how many beginnings of frames may turn out to be none on the
// way to the next good one.
const maxFalseFrames = 1000

// resume looks for the next good frame behind a damaged one that begins at start.
func (s *flacSource) resume(start int64) (f *frame.Frame, at int64) {
	at = start + 1
	for range maxFalseFrames {
		if at = s.in.sync(at); at < 0 {
			return nil, 0
		}
		if f, err := s.parse(s.in); err == nil && f.BitsPerSample == s.bits {
			return f, at
		}
		at++
	}
	return nil, 0
}

// end ends a stream behind which nothing can be read, for the reason err. Where
// the last frame is there and damaged, silence takes its place.
func (s *flacSource) end(err error) error {
	if s.done == 0 {
		return brokenf("no frame of it can be read")
	}
	missing := s.total - min(s.done, s.total)
	cut := err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF)
	switch {
	case missing > 0 && !cut && missing <= s.maxBlock:
		s.damaged++
		s.gap, s.done = missing, s.total
		return nil
	case missing > 0:
		s.cut = fmt.Sprintf("truncated: %d of %d samples are there", s.done, s.total)
	case err != io.EOF && cut:
		s.cut = "truncated: its last frame is cut short"
	}
	return io.EOF
}

func (s *flacSource) note() string {
	var notes []string
	if s.damaged > 0 {
		notes = append(notes, fmt.Sprintf("%d damaged places: silence stands there", s.damaged))
	}
	if s.total > 0 && s.done > s.total {
		notes = append(notes, fmt.Sprintf("its header promises %d samples, %d are there", s.total, s.done))
	}
	if s.cut != "" {
		notes = append(notes, s.cut)
	}
	return strings.Join(notes, "; ")
}
