package decode

import "testing"

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
