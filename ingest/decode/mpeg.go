package decode

import (
	"encoding/binary"
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
	if h.raw>>21 != 0x7ff || version == 1 || layer == 0 || rate == 3 || kbps == 15 {
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

// isJoint reports whether the frame is in joint stereo.
func (h mpegHeader) isJoint() bool { return h.raw>>6&3 == 1 }

// joint returns the mode_extension of a frame in joint stereo, else 0.
func (h mpegHeader) joint() int {
	if !h.isJoint() {
		return 0
	}
	return int(h.raw >> 4 & 3)
}

// sameStream reports whether two headers can stand in one stream.
func (h mpegHeader) sameStream(o mpegHeader) bool {
	const same = 0xfffe0c00 // sync, version, layer, rate
	return h.raw&same == o.raw&same && (h.kbps == 0) == (o.kbps == 0)
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

// skipTags returns where the tags in front of a file end.
func skipTags(r io.ReaderAt, size int64) (off int64, err error) {
	var b [32]byte
	for {
		n, err := r.ReadAt(b[:], off)
		if err != nil && err != io.EOF {
			return off, err
		}
		tag := tagSize(b[:n])
		if tag == 0 || off+tag > size {
			return off, nil
		}
		off += tag
	}
}
