package decode

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// TestRaw holds that samples without a header come out however they come in.
func TestRaw(t *testing.T) {
	for encoding, k := range map[string]kind{"s16le": kinds[1], "s24le": kinds[2], "s32le": kinds[3], "f32le": kinds[5]} {
		x := signal(5001, 2)
		b := k.pack(x, false)
		for name, r := range map[string]io.Reader{
			"whole": bytes.NewReader(b), "a byte at a time": iotest.OneByteReader(bytes.NewReader(b)), "with EOF": iotest.DataErrReader(bytes.NewReader(b)),
			"a frame cut off": bytes.NewReader(append(slices.Clone(b), 1)),
		} {
			a, err := OpenRaw(r, PCM{44100, 2, encoding})
			if err != nil {
				t.Fatal(err)
			}
			got, err := readAll(a)
			if err != nil || a.Codec != k.name || len(got) != len(x) || worst(got, x) > k.exact || a.Frames() != 5001 {
				t.Errorf("%s %s, %s: %d values of %d, worst error %g (%v)", encoding, name, a.Codec, len(got), len(x), worst(got, x), err)
			}
		}
	}
}

func TestRawRefuses(t *testing.T) {
	for says, p := range map[string]PCM{
		"s16le, s24le": {44100, 1, "mp3"}, "0 channels": {44100, 0, "s16le"}, "1000 channels": {44100, 1000, "f32le"},
	} {
		if _, err := OpenRaw(bytes.NewReader(nil), p); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want a word on %q", p, err, says)
		}
	}
	for _, encoding := range Encodings() {
		if _, err := OpenRaw(bytes.NewReader(nil), PCM{44100, 1, encoding}); err != nil {
			t.Error(err)
		}
	}
}
