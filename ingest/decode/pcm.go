package decode

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"prep/data"
	"slices"
)

// encoding is how one sample is stored.
type encoding int

const (
	signed   encoding = iota // two's complement, left-justified in its bytes
	unsigned                 // offset binary: 8-bit WAV
	floating                 // IEEE 754
	alaw                     // ITU-T G.711
	mulaw
)

// pcm is a source of samples of a fixed number of bytes each.
type pcm struct {
	r      io.Reader
	left   int64 // bytes not yet read
	bytes  int   // a sample's
	frame  int   // bytes of all channels' samples
	decode func(dst []float32, raw []byte)
	raw    []byte
}

// newPCM returns a source over the size bytes of r at off.
func newPCM(r io.ReaderAt, off, size int64, l layout) *pcm {
	frame := l.bytes * l.channels
	size -= size % int64(frame)
	return &pcm{
		r: io.NewSectionReader(r, off, size), left: size,
		bytes: l.bytes, frame: frame, decode: l.decoder(), raw: make([]byte, BlockFrames*frame),
	}
}

func (p *pcm) read(dst []float32) (int, error) {
	want := min(int64(len(dst)*p.bytes), int64(len(p.raw)), p.left)
	want -= want % int64(p.frame)
	if want == 0 {
		return 0, io.EOF
	}
	raw := p.raw[:want]
	if _, err := io.ReadFull(p.r, raw); err != nil {
		return 0, unexpectedEOF(err)
	}
	p.left -= want
	p.decode(dst, raw)
	return int(want) / p.bytes, nil
}

// layout is how the samples of a recording are stored.
type layout struct {
	encoding encoding
	bytes    int // a sample's
	channels int
	big      bool // most significant byte first
	shift    int  // bits by which a sample is moved up from where it stands
}

// name returns what the samples are, for people. Of valid, 0 says nothing.
func (l layout) name(bits, valid int) string {
	switch l.encoding {
	case floating:
		return fmt.Sprintf("float %d-bit", 8*l.bytes)
	case alaw:
		return "A-law"
	case mulaw:
		return "mu-law"
	}
	if valid > 0 && valid < bits {
		bits = valid
	}
	return fmt.Sprintf("PCM %d-bit", bits)
}

// decoder returns the function that converts raw bytes, which it may change, to
// samples.
func (l layout) decoder() func([]float32, []byte) {
	little := l.littleEndian()
	if !l.big {
		return little
	}
	return func(dst []float32, raw []byte) {
		for i := 0; i < len(raw); i += l.bytes {
			slices.Reverse(raw[i : i+l.bytes])
		}
		little(dst, raw)
	}
}

// littleEndian is decoder for samples whose least significant byte is first.
func (l layout) littleEndian() func([]float32, []byte) {
	switch {
	case l.encoding == floating && l.bytes == 4:
		return float32s
	case l.encoding == floating:
		return float64s
	case l.encoding == alaw:
		return expand(&alawTable)
	case l.encoding == mulaw:
		return expand(&mulawTable)
	case l.encoding == signed && l.bytes == 2 && l.shift == 0:
		return int16s
	case l.encoding == signed && l.bytes == 3 && l.shift == 0:
		return int24s
	}
	return l.integers
}

func float32s(dst []float32, raw []byte) { data.ReadFloats(dst[:len(raw)/4], raw) }

func float64s(dst []float32, raw []byte) {
	for i := range dst[:len(raw)/8] {
		dst[i] = float32(math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:])))
	}
}

func int16s(dst []float32, raw []byte) {
	for i := range dst[:len(raw)/2] {
		dst[i] = float32(int16(binary.LittleEndian.Uint16(raw[2*i:]))) / (1 << 15)
	}
}

func int24s(dst []float32, raw []byte) {
	for i := range dst[:len(raw)/3] {
		b := raw[3*i : 3*i+3]
		dst[i] = float32(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
	}
}

// integers converts integers of one to eight bytes.
func (l layout) integers(dst []float32, raw []byte) {
	for i := range len(raw) / l.bytes {
		var v uint64
		for _, b := range raw[i*l.bytes : (i+1)*l.bytes] {
			v = v>>8 | uint64(b)<<56
		}
		if l.encoding == unsigned {
			v ^= 1 << 63
		}
		dst[i] = float32(float64(int64(v<<l.shift)) / (1 << 63))
	}
}
