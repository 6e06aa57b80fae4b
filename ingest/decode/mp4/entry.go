package mp4

import (
	"encoding/binary"
	"math"
)

// Entry says how a track is coded (stsd, AudioSampleEntry).
type Entry struct {
	Format   string // "mp4a", "alac", "sowt", ...
	Object   int    // of mp4a: objectTypeIndication (ISO/IEC 14496-1, table 5)
	Config   []byte // what its decoder needs to know, without the box around it
	Rate     int    // samples per second, 0 where the config alone says it
	Channels int
	Bits     int // a sample's
	Flags    int // of lpcm: 1 floating, 2 big-endian, 4 signed
	Little   bool
}

// maxEntry bounds what is read of a sample entry: its boxes are a few hundred bytes.
const maxEntry = 1 << 14

// readEntry reads the first sample entry of a sample table.
func (f *file) readEntry(stbl box, e *Entry) error {
	stsd, ok, err := f.find(stbl, "stsd")
	if err != nil || !ok {
		return err
	}
	first, ok, err := f.next(stsd, stsd.start+8)
	if err != nil || !ok {
		return err
	}
	e.Format = first.kind
	b, err := f.read(first, 0, maxEntry)
	if err != nil || len(b) < 28 {
		return err
	}
	e.Channels, e.Bits = int(binary.BigEndian.Uint16(b[16:])), int(binary.BigEndian.Uint16(b[18:]))
	e.Rate = int(binary.BigEndian.Uint32(b[24:]) >> 16)
	boxes := b[28:]
	switch version := binary.BigEndian.Uint16(b[8:]); {
	case version == 1 && len(boxes) >= 16 && !looksLikeBox(boxes): // QuickTime's; ISO's has no more fields
		boxes = boxes[16:]
	case version == 2 && len(boxes) >= 36: // QuickTime's SoundDescriptionV2
		if rate := math.Float64frombits(binary.BigEndian.Uint64(b[32:])); rate >= 0 && rate < 1<<24 {
			e.Rate = int(rate)
		}
		e.Channels = int(binary.BigEndian.Uint32(b[40:]))
		e.Bits = int(binary.BigEndian.Uint32(b[48:]))
		e.Flags = int(binary.BigEndian.Uint32(b[52:]))
		boxes = boxes[36:]
	}
	e.readBoxes(boxes, 2)
	return nil
}

// looksLikeBox reports whether b begins with a box of those that stand in an entry.
func looksLikeBox(b []byte) bool {
	switch string(b[4:8]) {
	case "esds", "alac", "wave", "chan", "btrt":
		return true
	}
	return false
}

// readBoxes reads the boxes behind an entry's fields, and those in QuickTime's wave.
func (e *Entry) readBoxes(b []byte, depth int) {
	for len(b) >= 8 && depth > 0 {
		size := int(binary.BigEndian.Uint32(b))
		if size < 8 || size > len(b) {
			return
		}
		in := b[8:size]
		switch string(b[4:8]) {
		case "wave":
			e.readBoxes(in, depth-1)
		case "esds":
			if len(in) > 4 {
				e.Object, e.Config = Descriptor(in[4:])
			}
		case "alac", "dOps", "dfLa":
			if len(in) > 4 {
				e.Config = in[4:]
			}
		case "enda":
			e.Little = len(in) >= 2 && in[1] == 1
		}
		b = b[size:]
	}
}

// Tags of descriptors (ISO/IEC 14496-1, table 1).
const (
	streamTag = 3
	configTag = 4
	infoTag   = 5
)

// Descriptor reads an ES_Descriptor (ISO/IEC 14496-1, 7.2.6.5) and returns its
// objectTypeIndication, 0 where there is none, and its DecoderSpecificInfo.
func Descriptor(b []byte) (object int, info []byte) {
	for len(b) > 0 {
		tag, in, rest := descriptor(b)
		switch tag {
		case streamTag:
			b = streamFields(in)
			continue
		case configTag:
			if len(in) < 13 {
				return object, info
			}
			object, b = int(in[0]), in[13:]
			continue
		case infoTag:
			return object, in
		}
		b = rest
	}
	return object, info
}

// descriptor cuts the first descriptor off b; its size has seven bits a byte.
func descriptor(b []byte) (tag int, in, rest []byte) {
	tag, b = int(b[0]), b[1:]
	size := 0
	for i := 0; i < 4 && len(b) > 0; i++ {
		more := b[0]&0x80 != 0
		size = size<<7 | int(b[0]&0x7f)
		b = b[1:]
		if !more {
			break
		}
	}
	size = min(size, len(b))
	return tag, b[:size], b[size:]
}

// streamFields returns what is behind the fields of an ES_Descriptor.
func streamFields(b []byte) []byte {
	if len(b) < 3 {
		return nil
	}
	flags, skip := b[2], 3
	if flags&0x80 != 0 {
		skip += 2
	}
	if flags&0x40 != 0 && len(b) > skip {
		skip += 1 + int(b[skip])
	}
	if flags&0x20 != 0 {
		skip += 2
	}
	return b[min(skip, len(b)):]
}
