package decode

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestRecognizes(t *testing.T) {
	wav := wavSpec{kind: kinds[1], id: "RIFF", size: -1, channels: 1}.bytes(kinds[1].pack(signal(20, 1), false))
	for name, test := range map[string]struct {
		head string
		want bool
	}{
		"WAV": {string(wav), true}, "AIFF": {string(aiff(1, 1, 16, "", make([]byte, 2))), true}, "AIFF-C": {string(aiff(1, 1, 16, "sowt", make([]byte, 2))), true},
		"FLAC": {"fLaC", true}, "Ogg": {"OggS", true}, "ID3": {"ID3\x04", true}, "WAV cut short": {string(wav[:11]), false},
		"another FORM": {"FORM\x00\x00\x00\x00ILBM", false}, "text": {"WAVE of applause", false}, "nothing": {"", false},
	} {
		if got := Recognizes([]byte(test.head[:min(len(test.head), HeadBytes)])); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// TestBehindTags holds that every format is found behind an ID3v2 tag.
func TestBehindTags(t *testing.T) {
	x := signal(200, 2)
	wav := wavSpec{kind: kinds[1], id: "RIFF", size: -1, channels: 2}.bytes(kinds[1].pack(x, false))
	for name, b := range map[string][]byte{
		"WAV": wav, "AIFF": aiff(2, 200, 16, "", kinds[1].pack(x, true)), "FLAC": flacBytes(t, x, 2, 16),
		"Vorbis": fixture(t, "vorbis.ogg"), "MP3": fixture(t, "stereo320.mp3"),
	} {
		_, want, err := decodeBytes(b)
		if err != nil {
			t.Fatal(err)
		}
		tag := "ID3\x03\x00\x00\x00\x00\x01\x05" + strings.Repeat("\x00", 128+5)
		a, got, err := decodeBytes([]byte(tag + tag + string(b)))
		if err != nil || !slices.Equal(got, want) || a.Note() != "" {
			t.Errorf("%s: %v, %d values, want %d", name, err, len(got), len(want))
		}
	}
	if _, _, err := decodeBytes([]byte("ID3\x03\x00\x00\x00\x00\x01\x05wvpk")); !errors.Is(err, ErrNotAudio) {
		t.Errorf("a tag that is cut short: %v", err)
	}
}
