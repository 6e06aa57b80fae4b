package decode

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"prep/data"
	"prep/data/riff"
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

// wavFile is what a WAV file's chunks say: Multimedia Programming Interface and
// Data Specifications 1.0 (1991), RFC 2361, EBU Tech 3306 for RF64.
type wavFile struct {
	r     io.ReaderAt
	order binary.ByteOrder

	tag         uint16
	channels    int
	rate        int64
	align       int
	bits, valid int // a sample's container; what of it is significant, 0 if unsaid
	haveFormat  bool

	data, dataSize int64 // data is 0 until found
	note           string
}

// openWAV opens RIFF, RIFX, RF64 and BW64 files.
func openWAV(r io.ReaderAt, size int64) (*Audio, error) {
	walk, err := riff.Open(r, size)
	if err != nil {
		return nil, err
	}
	w := &wavFile{r: r, order: walk.Order}
	if err := w.chunks(walk); err != nil {
		return nil, err
	}
	return w.open()
}

// chunks walks the chunks, in whatever order, until format and data are found.
func (w *wavFile) chunks(walk *riff.Walk) error {
	for !w.haveFormat || w.data == 0 {
		c, err := walk.Next()
		switch {
		case err == io.EOF:
			return w.missing()
		case errors.Is(err, riff.ErrSizes):
			return brokenf("%v", err)
		case err != nil:
			return err
		case c.ID == "fmt ":
			err = w.readFormat(walk, c)
		case c.ID == "data":
			w.takeData(c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// missing says what a file lacks that has ended.
func (w *wavFile) missing() error {
	if !w.haveFormat {
		return brokenf("no fmt chunk: the file does not say how its samples are stored")
	}
	return brokenf("no data chunk: the file ends before its samples")
}

// takeData notes where the samples are, and what is odd about their number.
func (w *wavFile) takeData(c riff.Chunk) {
	w.data, w.dataSize = c.At, c.Size
	switch {
	case c.Unsized:
		w.note = "the data chunk does not give its size: read to the end of the file"
	case c.Size < c.Claimed:
		w.note = truncatedNote(c.Size, c.Claimed)
	}
}

// truncatedNote says how much of a recording is there.
func truncatedNote(bytes, of int64) string {
	return fmt.Sprintf("truncated: %d of %d bytes of samples are there", bytes, of)
}

// readFormat reads the fmt chunk.
func (w *wavFile) readFormat(walk *riff.Walk, c riff.Chunk) error {
	b, err := walk.Bytes(c, 40)
	if err != nil || c.Size < min(c.Claimed, 40) {
		return brokenf("the fmt chunk is cut short")
	}
	return w.takeFormat(b)
}

// takeFormat takes the first bytes of a fmt chunk, 40 or all that it has; an
// EXTENSIBLE one names the tag in its GUID.
func (w *wavFile) takeFormat(b []byte) error {
	if len(b) < 14 {
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
