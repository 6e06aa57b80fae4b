package decode

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"prep/data"
	"prep/data/riff"
)

// aiffFile is what an AIFF file's chunks say: Audio Interchange File Format 1.3
// (Apple, 1989) and AIFF-C (1991).
type aiffFile struct {
	channels, bits int
	frames         int64
	rate           float64
	compression    string // four characters
	haveFormat     bool
	data, size     int64 // data is 0 until found
	notes          []string
}

// aiffLayouts says how the samples of each compression type are stored; those of
// integers have as many bytes as their bits need.
var aiffLayouts = map[string]layout{
	"NONE": {big: true}, "twos": {big: true}, "in24": {big: true, bytes: 3}, "in32": {big: true, bytes: 4},
	"sowt": {}, "42ni": {bytes: 3}, "23ni": {bytes: 4}, "raw ": {encoding: unsigned, big: true},
	"fl32": {encoding: floating, big: true, bytes: 4}, "FL32": {encoding: floating, big: true, bytes: 4},
	"fl64": {encoding: floating, big: true, bytes: 8}, "FL64": {encoding: floating, big: true, bytes: 8},
	"alaw": {encoding: alaw, bytes: 1}, "ALAW": {encoding: alaw, bytes: 1},
	"ulaw": {encoding: mulaw, bytes: 1}, "ULAW": {encoding: mulaw, bytes: 1},
}

// aiffCodecs names compression types that are not decoded and do occur.
var aiffCodecs = map[string]string{
	"ima4": "IMA ADPCM", "MAC3": "MACE 3:1", "MAC6": "MACE 6:1", "GSM ": "GSM 6.10", "G722": "G.722", "G726": "G.726",
	"QDM2": "QDesign", "QDMC": "QDesign", "Qclp": "Qualcomm PureVoice", "ADP4": "DVI ADPCM", "DWVW": "DWVW", "SDX2": "SDX2 DPCM",
}

func openAIFF(r io.ReaderAt, size int64) (*Audio, error) {
	f := &aiffFile{}
	if err := f.chunks(r, size); err != nil {
		return nil, err
	}
	l, known := aiffLayouts[f.compression]
	if !known {
		codec := aiffCodecs[f.compression]
		if codec == "" {
			codec = fmt.Sprintf("compression type %q", f.compression)
		}
		return nil, &UnsupportedError{Codec: codec + " in AIFF-C"}
	}
	if f.channels < 1 || f.channels > maxChannels || f.bits < 1 || f.bits > 64 {
		return nil, brokenf("%d channels of %d bits", f.channels, f.bits)
	}
	l.channels = f.channels
	if l.bytes == 0 {
		l.bytes = (f.bits + 7) / 8
	}
	whole := f.frames * int64(l.bytes*l.channels)
	if whole > f.size {
		f.notes = append(f.notes, fmt.Sprintf("truncated: %d of %d frames are there", f.size/int64(l.bytes*l.channels), f.frames))
	}
	return &Audio{
		Codec: "AIFF " + l.name(f.bits, 0), Rate: data.Rate(math.Round(f.rate)), Channels: f.channels, notes: f.notes,
		src: newPCM(r, f.data, min(whole, f.size), l),
	}, nil
}

// chunks walks the chunks, in whatever order, until format and data are found.
func (f *aiffFile) chunks(r io.ReaderAt, size int64) error {
	walk, err := riff.Open(r, size)
	if err != nil {
		return err
	}
	for !f.haveFormat || f.data == 0 {
		c, err := walk.Next()
		switch {
		case err == io.EOF:
			return f.missing()
		case err != nil:
			return err
		case c.ID == "COMM":
			err = f.readCommon(walk, c)
		case c.ID == "SSND":
			err = f.readSound(walk, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// missing says what a file lacks that has ended.
func (f *aiffFile) missing() error {
	if !f.haveFormat {
		return brokenf("no COMM chunk: the file does not say how its samples are stored")
	}
	return brokenf("no SSND chunk: the file ends before its samples")
}

func (f *aiffFile) readCommon(walk *riff.Walk, c riff.Chunk) error {
	b, err := walk.Bytes(c, 22)
	if err != nil || len(b) < 18 || c.Size < min(c.Claimed, 22) {
		return brokenf("the COMM chunk is cut short")
	}
	f.haveFormat = true
	f.channels = int(binary.BigEndian.Uint16(b))
	f.frames = int64(binary.BigEndian.Uint32(b[2:]))
	f.bits = int(binary.BigEndian.Uint16(b[6:]))
	f.compression = "NONE"
	if len(b) == 22 {
		f.compression = string(b[18:])
	}
	if f.rate = float80(b[8:]); !(f.rate > 0 && f.rate < 1e9) {
		return brokenf("a sampling rate of %v Hz", f.rate)
	}
	if f.rate != math.Round(f.rate) {
		f.notes = append(f.notes, fmt.Sprintf("its rate of %.3f Hz is taken as %.0f", f.rate, math.Round(f.rate)))
	}
	return nil
}

func (f *aiffFile) readSound(walk *riff.Walk, c riff.Chunk) error {
	b, err := walk.Bytes(c, 8)
	if err != nil || len(b) < 8 {
		return brokenf("the SSND chunk is cut short")
	}
	offset := int64(binary.BigEndian.Uint32(b))
	if offset > c.Size-8 {
		return brokenf("the samples begin behind the end of the SSND chunk")
	}
	f.data, f.size = c.At+8+offset, c.Size-8-offset
	return nil
}

// float80 returns the value of an 80-bit float: a sign and 15 bits of exponent,
// biased by 16383, before 64 bits of mantissa with one of them above the point.
func float80(b []byte) float64 {
	e := int(binary.BigEndian.Uint16(b))
	v := math.Ldexp(float64(binary.BigEndian.Uint64(b[2:])), e&0x7fff-16383-63)
	if e&0x8000 != 0 {
		return -v
	}
	return v
}
