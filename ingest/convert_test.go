package ingest

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
	"prep/ingest/decode"
)

func TestConvert(t *testing.T) {
	root := tree(t, map[string]string{"a.wav": string(wav16(48000, 2, beep(9600, 50))), "b.wav": "words", "c.wav": "RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x02\x00\x01\x00\x44\xac\x00\x00\x44\xac\x00\x00\x01\x00\x04\x00data\x00\x00\x00\x00"})
	to := filepath.Join(t.TempDir(), "out.wav")
	r, err := Convert(t.Context(), filepath.Join(root, "a.wav"), 44100, to)
	if err != nil {
		t.Fatal(err)
	}
	audio, err := data.OpenAudio(to)
	if err != nil {
		t.Fatal(err)
	}
	defer audio.Close()
	if audio.SampleRate() != 44100 || audio.Len() != 4410 || r.Name != "a.wav" || r.Samples != 4410 || r.SourceRate != 48000 {
		t.Errorf("got %d samples, %+v", audio.Len(), r)
	}
	if _, err := Convert(t.Context(), filepath.Join(root, "b.wav"), 44100, to); !errors.Is(err, decode.ErrNotAudio) {
		t.Errorf("a text: %v", err)
	}
	_, err = Convert(t.Context(), filepath.Join(root, "c.wav"), 44100, to)
	var u *decode.UnsupportedError
	if !errors.As(err, &u) || !strings.Contains(err.Error(), "ffmpeg -nostdin -i "+root) || !strings.Contains(err.Error(), "ADPCM") {
		t.Errorf("ADPCM: %v", err)
	}
}
