package decode

import (
	"fmt"
	"io"

	"prep/data"
	"prep/ingest/decode/aac"
)

// openADTS opens AAC in ADTS, whose first frame is at off. It says nothing of what
// its encoder put in front.
func openADTS(r io.ReaderAt, off, size int64) (*Audio, error) {
	var head [aac.HeaderBytes]byte
	if _, err := r.ReadAt(head[:], off); err != nil {
		return nil, unexpectedEOF(err)
	}
	h, err := aac.ParseHeader(head[:])
	if err == nil {
		err = h.Supported()
	}
	if err != nil {
		return nil, refusal(err)
	}
	c, err := probeAAC(h.Config, newADTS(r, off, size, h))
	if err != nil {
		return nil, err
	}
	p := newADTS(r, off, size, h)
	return &Audio{
		Codec: "AAC-LC", Rate: data.Rate(c.Rate), Channels: c.Channels, AlignmentUnknown: true,
		src: &adtsSource{newCoded(p, adtsBlocks{newAACBlocks(c), p}, c.Channels, everything), p},
	}, nil
}

// adtsSource is a coded source that says what was between its frames.
type adtsSource struct {
	*coded
	adts *adts
}

func (s *adtsSource) note() string {
	note := s.coded.note()
	for _, more := range s.adts.notes() {
		if note != "" {
			note += "; "
		}
		note += more
	}
	return note
}

// adtsBlocks decodes the blocks of a frame, four at most.
type adtsBlocks struct {
	aacBlocks
	adts *adts
}

func (a adtsBlocks) most() int { return 4 * a.aacBlocks.most() }

func (a adtsBlocks) decode(dst []float32, frame []byte) (n int, err error) {
	h := a.adts.header
	for range h.Blocks {
		used, e := a.dec.Decode(dst[n:n+a.aacBlocks.most()], frame)
		if e != nil {
			err, used = e, len(frame) // where the next block begins is not known
		} else if h.CRC && h.Blocks > 1 {
			used = min(used+2, len(frame))
		}
		frame = frame[used:]
		n += a.aacBlocks.most()
	}
	return n, err
}

// adts takes what is behind their headers out of a stream of ADTS frames. Frames
// that contradict the first one are junk, as what is between frames.
type adts struct {
	r         io.ReaderAt
	at, size  int64
	first     aac.Header
	header    aac.Header // of the frame that was handed out last
	buf       []byte
	bufAt     int64 // where it is from
	junk      int64
	truncated bool
}

func newADTS(r io.ReaderAt, off, size int64, first aac.Header) *adts {
	return &adts{r: r, at: off, size: size, first: first}
}

func (a *adts) next() ([]byte, error) {
	h, err := a.sync()
	if err != nil {
		return nil, err
	}
	frame, err := a.bytes(a.at, h.Size)
	if err != nil {
		return nil, err
	}
	n := len(frame)
	a.at += int64(n)
	if n < h.Size {
		a.truncated = true
		return nil, io.EOF
	}
	a.header = h
	return frame[h.Offset:], nil
}

// sync goes on to the next header that stands where one is due, or that is followed
// by another one.
func (a *adts) sync() (aac.Header, error) {
	for from := a.at; ; a.at++ {
		h, err := a.headerAt(a.at)
		if err == io.EOF && from == a.at && a.at < a.size {
			a.junk += a.size - a.at
		}
		if err == io.EOF {
			return h, err
		}
		if err == nil && from == a.at {
			return h, nil
		}
		if err == nil {
			if _, err = a.headerAt(a.at + int64(h.Size)); err == nil || err == io.EOF {
				return h, nil
			}
		}
		a.junk++
	}
}

// headerAt reads the header at a place.
func (a *adts) headerAt(at int64) (aac.Header, error) {
	b, err := a.bytes(at, aac.HeaderBytes)
	if err != nil {
		return aac.Header{}, err
	}
	if len(b) < aac.HeaderBytes {
		return aac.Header{}, io.EOF
	}
	h, err := aac.ParseHeader(b)
	if err == nil && h.Config != a.first.Config {
		err = aac.ErrDamaged
	}
	return h, err
}

// adtsBytes is how much of a file is read at a time; a frame has 8 KiB at most.
const adtsBytes = 1 << 15

// bytes returns n bytes at a place, good until the next call, fewer at the end.
func (a *adts) bytes(at int64, n int) ([]byte, error) {
	if n = int(min(int64(n), a.size-at)); n <= 0 {
		return nil, nil
	}
	if at < a.bufAt || at+int64(n) > a.bufAt+int64(len(a.buf)) {
		if a.buf == nil {
			a.buf = make([]byte, adtsBytes)
		}
		a.buf = a.buf[:min(int64(cap(a.buf)), a.size-at)]
		got, err := a.r.ReadAt(a.buf, at)
		if err != nil && err != io.EOF && got < n {
			return nil, err
		}
		a.buf, a.bufAt = a.buf[:got], at
		n = min(n, got)
	}
	return a.buf[at-a.bufAt:][:n], nil
}

// notes says what the stream has besides whole frames.
func (a *adts) notes() (notes []string) {
	if a.truncated {
		notes = append(notes, "truncated: the last frame is cut short")
	}
	if a.junk > 0 {
		notes = append(notes, fmt.Sprintf("%d bytes that are no frames", a.junk))
	}
	return notes
}
