package decode

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestOggDamage(t *testing.T) {
	b, err := os.ReadFile("testdata/vorbis.ogg")
	if err != nil {
		t.Fatal(err)
	}
	_, want, err := decodeBytes(b)
	if err != nil {
		t.Fatal(err)
	}
	bad := bytes.Clone(b)
	bad[len(bad)-10] ^= 1
	last := bytes.LastIndex(b, []byte("OggS"))
	for name, test := range map[string]struct {
		b    []byte
		note string
	}{
		"last page cut":     {b[:len(b)-10], "truncated"},
		"last page gone":    {b[:last], "truncated"},
		"last page damaged": {bad, "1 damaged or missing"},
		"two streams":       {append(bytes.Clone(b), b...), "further streams"},
	} {
		a, got, err := decodeBytes(test.b)
		if err != nil || worst(got, want) != 0 || !strings.Contains(a.Note(), test.note) {
			t.Errorf("%s: %d values of %d, %v, %v", name, len(got), len(want), a, err)
		}
	}
}
