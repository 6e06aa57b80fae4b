package decode

import (
	"encoding/binary"
	"io"
	"math"

	"prep/data"
)

// auEncodings are those of Sun's AU format that are decoded, by their numbers in
// <multimedia/audio_filehdr.h>.
var auEncodings = map[uint32]layout{
	1: {encoding: mulaw, bytes: 1}, 27: {encoding: alaw, bytes: 1},
	2: {encoding: signed, bytes: 1}, 3: {encoding: signed, bytes: 2}, 4: {encoding: signed, bytes: 3}, 5: {encoding: signed, bytes: 4},
	6: {encoding: floating, bytes: 4}, 7: {encoding: floating, bytes: 8},
}

// openAU opens a file of Sun's AU format.
func openAU(r io.ReaderAt, size int64) (*Audio, error) {
	var head [24]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return nil, brokenf("its header is cut short")
	}
	field := func(at int) uint32 { return binary.BigEndian.Uint32(head[at:]) }
	off, length, channels := int64(field(4)), int64(field(8)), int(field(20))
	l, known := auEncodings[field(12)]
	switch {
	case !known:
		return nil, &UnsupportedError{Codec: "ADPCM or another compression in AU"}
	case off < 24 || off > size:
		return nil, brokenf("its samples lie outside of it")
	case channels < 1 || channels > maxChannels:
		return nil, brokenf("%d channels; 1 to %d are allowed", channels, maxChannels)
	}
	l.channels, l.big = channels, true
	a := &Audio{Codec: "AU " + l.name(8*l.bytes, 0), Rate: data.Rate(field(16)), Channels: channels}
	switch {
	case length == math.MaxUint32:
		length = size - off
	case length > size-off:
		a.notes = []string{truncatedNote(size-off, length)}
		length = size - off
	}
	a.src = newPCM(r, off, length, l)
	return a, nil
}
