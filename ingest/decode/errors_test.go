package decode

import (
	"errors"
	"strings"
	"testing"
)

func TestRefusals(t *testing.T) {
	adpcm := wavSpec{kind: kind{tag: 2, bits: 8}, id: "RIFF", size: -1, channels: 1}.bytes(make([]byte, 100))
	tests := []struct {
		name, content, says string
	}{
		{"nothing", "", "empty"},
		{"text", "Lorem ipsum dolor sit amet\n", "not audio"},
		{"zeros", strings.Repeat("\x00", 1<<17), "not audio"},
		{"ADPCM", string(adpcm), "Microsoft ADPCM"},
		{"MP4", "\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00", "without sound"},
		{"Speex", "OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x50Speex   1.2", "Speex"},
		{"Matroska", "\x1a\x45\xdf\xa3\x01\x00\x00\x00", "Matroska"},
		{"ADTS", strings.Repeat("\xff\xf1\x50\x80\x04\x1f\xfc"+strings.Repeat("\x21", 25), 30), "AAC contradicts itself"},
		{"a thousand channels", string(wavSpec{kind: kinds[1], id: "RIFF", size: -1, channels: 1000}.bytes(make([]byte, 8000))), "channels"},
		{"IMA in AIFF-C", string(aiff(1, 10, 16, "ima4", make([]byte, 100))), "IMA ADPCM"},
	}
	for _, test := range tests {
		_, _, err := decodeBytes([]byte(test.content))
		if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want a word on %q", test.name, err, test.says)
			continue
		}
		var u *UnsupportedError
		if !errors.As(err, &u) && !errors.Is(err, ErrBroken) && !errors.Is(err, ErrNotAudio) {
			t.Errorf("%s: %v is of no kind", test.name, err)
		}
		if errors.As(err, &u) && !strings.Contains(err.Error(), "ffmpeg -nostdin -i ") {
			t.Errorf("%s: %v names no command", test.name, err)
		}
	}
}

func TestUnsupportedErrorQuotes(t *testing.T) {
	e := &UnsupportedError{Codec: "Opus", Path: "my take's.ogg"}
	want := `Opus is not decoded; convert it first: ffmpeg -nostdin -i './my take'\''s.ogg' -vn -c:a pcm_f32le './my take'\''s.converted.wav'`
	if e.Error() != want {
		t.Errorf("got %s, want %s", e, want)
	}
}
