package decode

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"prep/data"
)

// Wave format tags, from Microsoft's mmreg.h.
const (
	tagPCM        = 0x0001
	tagFloat      = 0x0003
	tagALaw       = 0x0006
	tagMuLaw      = 0x0007
	tagMP3        = 0x0055
	tagExtensible = 0xfffe
)

// waveCodecs names the tags that are not decoded and do occur.
var waveCodecs = map[uint16]string{
	0x0002: "Microsoft ADPCM", 0x0011: "IMA ADPCM", 0x0014: "G.723 ADPCM", 0x0031: "GSM 6.10",
	0x0040: "G.721 ADPCM", 0x0045: "G.726 ADPCM", 0x0050: "MPEG Layer II", 0x0061: "Duck DK4 ADPCM",
	0x0062: "Duck DK3 ADPCM", 0x0092: "AC-3", 0x00ff: "AAC", 0x0161: "Windows Media Audio",
	0x0270: "ATRAC3", 0x1600: "AAC (ADTS)", 0x2000: "AC-3", 0x566f: "Vorbis", 0x674f: "Vorbis",
	0x6750: "Vorbis", 0x6751: "Vorbis", 0xf1ac: "FLAC",
}

// unknownSize is the size that a writer leaves that did not know it.
const unknownSize = math.MaxUint32

// wavFile is what a WAV file's chunks say: Multimedia Programming Interface and
// Data Specifications 1.0 (1991), RFC 2361, EBU Tech 3306 for RF64.
type wavFile struct {
	r     io.ReaderAt
	size  int64
	order binary.ByteOrder

	tag         uint16
	channels    int
	rate        int64
	align       int
	bits, valid int // a sample's container; what of it is significant, 0 if unsaid
	haveFormat  bool

	data, dataSize int64 // data is 0 until found
	longSize       int64 // the data size of a ds64 chunk
	note           string
}

// openWAV opens RIFF, RIFX, RF64 and BW64 files.
func openWAV(r io.ReaderAt, size int64) (*Audio, error) {
	w := &wavFile{r: r, size: size, order: binary.LittleEndian}
	var id [4]byte
	if _, err := r.ReadAt(id[:], 0); err != nil {
		return nil, unexpectedEOF(err)
	}
	if string(id[:]) == "RIFX" {
		w.order = binary.BigEndian
	}
	if err := w.chunks(); err != nil {
		return nil, err
	}
	return w.open()
}

// chunks walks the chunks, in whatever order, until format and data are found.
func (w *wavFile) chunks() error {
	var head [8]byte
	for pos := int64(12); pos+8 <= w.size && !(w.haveFormat && w.data > 0); {
		if _, err := w.r.ReadAt(head[:], pos); err != nil {
			return unexpectedEOF(err)
		}
		size := int64(w.order.Uint32(head[4:]))
		pos += 8
		var err error
		switch string(head[:4]) {
		case "fmt ":
			err = w.readFormat(pos, size)
		case "ds64":
			err = w.readSizes(pos, size)
		case "data":
			size = w.trueSize(pos, size)
			w.data, w.dataSize = pos, size
		}
		if err != nil {
			return err
		}
		pos = nextChunk(w.r, pos+size)
	}
	switch {
	case !w.haveFormat:
		return brokenf("no fmt chunk: the file does not say how its samples are stored")
	case w.data == 0:
		return brokenf("no data chunk: the file ends before its samples")
	}
	return nil
}

// trueSize returns the true size of a data chunk that starts at pos, whatever its
// header claims.
func (w *wavFile) trueSize(pos, size int64) int64 {
	left := w.size - pos
	switch {
	case size == unknownSize && w.longSize > 0:
		size = w.longSize
	case size == unknownSize, size == 0 && left > 0 && !chunkAt(w.r, pos):
		w.note = "the data chunk does not give its size: read to the end of the file"
		return left
	}
	if size > left {
		w.note = fmt.Sprintf("truncated: %d of %d bytes of samples are there", left, size)
		return left
	}
	return size
}

// readSizes takes the data size from a ds64 chunk.
func (w *wavFile) readSizes(pos, size int64) error {
	var b [16]byte
	if _, err := w.r.ReadAt(b[:], pos); err != nil || size < 16 {
		return brokenf("the ds64 chunk is cut short")
	}
	if n := w.order.Uint64(b[8:]); n <= uint64(w.size) {
		w.longSize = int64(n)
	} else {
		w.longSize = math.MaxInt64
	}
	return nil
}

// readFormat reads the fmt chunk; an EXTENSIBLE one names the tag in its GUID.
func (w *wavFile) readFormat(pos, size int64) error {
	b := make([]byte, min(size, 40))
	if _, err := w.r.ReadAt(b, pos); err != nil || len(b) < 14 {
		return brokenf("the fmt chunk is cut short")
	}
	w.haveFormat = true
	w.tag = w.order.Uint16(b)
	w.channels = int(w.order.Uint16(b[2:]))
	w.rate = int64(w.order.Uint32(b[4:]))
	w.align = int(w.order.Uint16(b[12:]))
	if len(b) >= 16 {
		w.bits = int(w.order.Uint16(b[14:]))
	}
	if w.tag == tagExtensible {
		if len(b) < 40 {
			return brokenf("the fmt chunk is EXTENSIBLE and ends before its subformat")
		}
		w.valid = int(w.order.Uint16(b[18:]))
		if w.bits == 0 {
			w.bits = w.valid
		}
		w.tag = uint16(w.order.Uint32(b[24:])) // Data1 of the GUID
	}
	return nil
}

// open makes the stream that format and data call for.
func (w *wavFile) open() (*Audio, error) {
	a := &Audio{Rate: data.Rate(w.rate), Channels: w.channels}
	if w.note != "" {
		a.notes = []string{w.note}
	}
	if w.tag == tagMP3 {
		return openMP3(io.NewSectionReader(w.r, w.data, w.dataSize), w.dataSize)
	}
	if w.channels < 1 || w.channels > maxChannels {
		return nil, brokenf("%d channels; 1 to %d are allowed", w.channels, maxChannels)
	}
	l, err := w.layout()
	if err != nil {
		return nil, err
	}
	a.Codec = l.name(w.bits, w.valid)
	a.src = w.source(l)
	return a, nil
}

// layout says how the samples are stored, or refuses them.
func (w *wavFile) layout() (l layout, err error) {
	l = layout{channels: w.channels, big: w.order == binary.BigEndian, bytes: w.container()}
	bad := func() error {
		return brokenf("%d bits in %d bytes a sample (format tag 0x%04x)", w.bits, l.bytes, w.tag)
	}
	switch w.tag {
	case tagPCM:
		if w.bits < 1 || w.bits > 64 || l.bytes < (w.bits+7)/8 || l.bytes > 8 {
			return l, bad()
		}
		if l.bytes == 1 {
			l.encoding = unsigned
		}
		l.shift = w.looseBits(l)
	case tagFloat:
		l.encoding = floating
		if w.bits != 8*l.bytes || l.bytes != 4 && l.bytes != 8 {
			return l, bad()
		}
	case tagALaw, tagMuLaw:
		l.encoding = alaw
		if w.tag == tagMuLaw {
			l.encoding = mulaw
		}
		if l.bytes != 1 {
			return l, bad()
		}
	default:
		codec, ok := waveCodecs[w.tag]
		if !ok {
			codec = fmt.Sprintf("format tag 0x%04x", w.tag)
		}
		return l, &UnsupportedError{Codec: codec + " in WAV"}
	}
	return l, nil
}

// container returns the bytes of a sample: a frame's divided by the channels,
// or what the bits need where the frame's size makes no sense.
func (w *wavFile) container() int {
	if w.align > 0 && w.align%w.channels == 0 && w.align/w.channels*8 >= w.bits {
		return w.align / w.channels
	}
	return (w.bits + 7) / 8
}

// looseBits returns by how many bits the samples of a container larger than
// they are must be shifted up. WAVEFORMATEXTENSIBLE has them at the top; some
// writers put them at the bottom, which shows: the bits that should be zero are
// not, and the bytes above the sample never hold more than its sign.
func (w *wavFile) looseBits(l layout) int {
	bits := w.bits
	if w.valid > 0 && w.valid < bits {
		bits = w.valid
	}
	spare := l.bytes - (bits+7)/8
	if spare <= 0 {
		return 0
	}
	raw := make([]byte, min(w.dataSize, int64(BlockFrames*l.bytes*l.channels)))
	n, _ := w.r.ReadAt(raw, w.data)
	low := false
	for s := raw[:n]; len(s) >= l.bytes; s = s[l.bytes:] {
		for i := range spare {
			top, bottom := s[l.bytes-1-i], s[i]
			if l.big {
				top, bottom = bottom, top
			}
			if top != 0 && top != 0xff {
				return 0
			}
			low = low || bottom != 0
		}
	}
	if low {
		return 8 * spare
	}
	return 0
}

// source reads little-endian integers of 8 and 32 bits through go-audio/wav, all
// else through pcm: also those of 16 and 24 bits, which nearly every file has,
// because go-audio/wav's calls for every sample take four times as long.
func (w *wavFile) source(l layout) source {
	if l.encoding <= unsigned && !l.big && l.shift == 0 && (l.bytes == 1 || l.bytes == 4) {
		return newGoAudio(w.r, w.data, w.dataSize, l)
	}
	return newPCM(w.r, w.data, w.dataSize, l)
}
