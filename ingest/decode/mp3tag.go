package decode

import (
	"bytes"
	"encoding/binary"
)

// decoderDelay is how many samples a Layer III decoder's output lags behind its
// input: 528 by the filter banks and one (LAME's technical FAQ; ISO 11172-3
// synthesis 481 + 1, hybrid 48, overlap).
const decoderDelay = 529

// mp3Tag is what a Xing, Info or VBRI frame says. The frame holds no audio.
// The layout is that of http://gabriel.mp3-tech.org/mp3infotag.html.
type mp3Tag struct {
	frames         int // audio frames behind it, 0 if it does not say
	delay, padding int // samples that the encoder put in front and behind
	gapless        bool
}

// encoders are the names in front of a LAME extension that means what it says.
var encoders = []string{"LAME", "Lavf", "Lavc", "GOGO", "L3.9"}

// parseMP3Tag reads the tag in a first frame; ok is false when the frame is one
// of audio.
func parseMP3Tag(h mpegHeader, frame []byte) (t mp3Tag, ok bool) {
	if len(frame) > 36+18 && string(frame[36:40]) == "VBRI" {
		return mp3Tag{frames: int(binary.BigEndian.Uint32(frame[36+14:]))}, true
	}
	for _, at := range []int{4 + h.side(), 6 + h.side()} {
		if len(frame) < at+8 {
			break
		}
		if id := string(frame[at : at+4]); id == "Xing" || id == "Info" {
			return parseXing(frame[at+4:]), true
		}
	}
	return t, false
}

// parseXing reads what follows the tag's name: flags, then the fields that the
// flags announce, then LAME's extension.
func parseXing(b []byte) (t mp3Tag) {
	flags := binary.BigEndian.Uint32(b)
	b = b[4:]
	if flags&1 != 0 && len(b) >= 4 {
		t.frames = int(binary.BigEndian.Uint32(b))
	}
	for i, size := range []int{4, 4, 100, 4} {
		if flags>>i&1 != 0 {
			b = b[min(size, len(b)):]
		}
	}
	if len(b) < 24 {
		return t
	}
	for _, name := range encoders {
		t.gapless = t.gapless || bytes.HasPrefix(b, []byte(name))
	}
	if t.gapless {
		t.delay = int(b[21])<<4 | int(b[22])>>4
		t.padding = int(b[22]&15)<<8 | int(b[23])
	}
	return t
}
