package decode

import (
	"strings"
	"testing"
)

func TestTagSize(t *testing.T) {
	pad := strings.Repeat("\x00", 32)
	for name, test := range map[string]struct {
		head string
		want int64
	}{
		"ID3v2":             {"ID3\x04\x00\x00\x00\x00\x01\x02" + pad, 10 + 130},
		"ID3v2, footer":     {"ID3\x04\x00\x10\x00\x00\x01\x02" + pad, 20 + 130},
		"ID3v2, size wrong": {"ID3\x04\x00\x00\x00\x00\x80\x02" + pad, 0},
		"ID3v1":             {"TAG" + pad, 128},
		"Lyrics in front":   {"TAG+" + pad, 227},
		"APE":               {"APETAGEX\xd0\x07\x00\x00\x28\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\xa0" + pad, 32 + 40},
		"APE, its footer":   {"APETAGEX\xd0\x07\x00\x00\x28\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x80" + pad, 32},
		"none":              {"\xff\xfb\x90\x64" + pad, 0},
		"nothing":           {"", 0},
	} {
		if got := tagSize([]byte(test.head)); got != test.want {
			t.Errorf("%s: %d bytes, want %d", name, got, test.want)
		}
	}
}

func TestMP3Tag(t *testing.T) {
	h, ok := parseMPEG([]byte("\xff\xfb\x90\xc4")) // MPEG-1, mono
	if !ok || h.channels != 1 || h.samples() != 1152 {
		t.Fatalf("%+v", h)
	}
	frame := func(at int, tag string) []byte {
		b := make([]byte, 417)
		copy(b[at:], tag)
		return b
	}
	lame := "\x00\x00\x00\x01\x00\x00\x01\x02" + "LAME3.100" + strings.Repeat("\x00", 12) + "\x24\x01\x23"
	for name, test := range map[string]struct {
		frame []byte
		want  mp3Tag
		ok    bool
	}{
		"Info":       {frame(4+17, "Info"+lame), mp3Tag{frames: 258, delay: 0x240, padding: 0x123, gapless: true}, true},
		"behind CRC": {frame(6+17, "Xing"+lame), mp3Tag{frames: 258, delay: 0x240, padding: 0x123, gapless: true}, true},
		"no LAME":    {frame(4+17, "Xing\x00\x00\x00\x01\x00\x00\x01\x02"), mp3Tag{frames: 258}, true},
		"VBRI":       {frame(36, "VBRI\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x02"), mp3Tag{frames: 258}, true},
		"audio":      {frame(0, ""), mp3Tag{}, false},
		"cut":        {frame(0, "")[:20], mp3Tag{}, false},
	} {
		if got, ok := parseMP3Tag(h, test.frame); got != test.want || ok != test.ok {
			t.Errorf("%s: %+v, %v, want %+v, %v", name, got, ok, test.want, test.ok)
		}
	}
}
