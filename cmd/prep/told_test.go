package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prep/data/labelfile"
)

// What is odd about recordings and their labels is told by ingest, and by check
// again: nothing of it is a fault, and nobody should have to look for it.
func TestOddRecordingsAreTold(t *testing.T) {
	in, set := oddTakes(t), filepath.Join(t.TempDir(), "set")
	prep := func(args ...string) string {
		t.Helper()
		var out strings.Builder
		if code, err := execute(t.Context(), append(args, "--set", set, "-q"), &out, &out); code != 0 || err != nil {
			t.Fatalf("%v: %d, %v\n%s", args, code, err, out.String())
		}
		return out.String()
	}
	ingested := prep("ingest", in)
	prep("segment")
	checked := prep("check")
	for _, want := range []string{
		"p1/marked.wav: the labels are the markers inside the file",
		"truncated (1): p1/cut.wav",
		"labels made elsewhere may be 13 ms or more off (1): p1/notag.mp3",
		`p1/cyrillic.txt: the text is not UTF-8; it is taken as windows-1251: "бочка", "хэт"`,
		"recordings by group: p1 4, José 2, ada 1",
	} {
		if !strings.Contains(ingested, want) {
			t.Errorf("ingest does not tell %q:\n%s", want, ingested)
		}
		if !strings.Contains(checked, want) {
			t.Errorf("check does not tell %q:\n%s", want, checked)
		}
	}
	if want := "hits have a copy in another group"; !strings.Contains(checked, "check: nothing is wrong\n") || !strings.Contains(checked, want) {
		t.Errorf("check does not say %q:\n%s", want, checked)
	}
}

// oddTakes writes takes of each kind that a person should hear of, and returns
// their folder.
func oddTakes(t *testing.T) string {
	t.Helper()
	set := smallSet(t) // beside its takes
	take, err := os.ReadFile(filepath.Join(filepath.Dir(set), "takes", "voice-01", "take-1.wav"))
	if err != nil {
		t.Fatal(err)
	}
	var marked bytes.Buffer
	marks := []labelfile.Mark{{Onset: 0.5, Class: "kick"}, {Onset: 1, Class: "hat"}}
	if err := labelfile.WriteWAV(&marked, bytes.NewReader(take), int64(len(take)), marks); err != nil {
		t.Fatal(err)
	}
	mp3, err := os.ReadFile(filepath.Join("..", "..", "ingest", "decode", "testdata", "notag.mp3"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range map[string][]byte{
		"p1/marked.wav":      marked.Bytes(),
		"p1/cut.wav":         take[:len(take)-1001],
		"p1/notag.mp3":       mp3,
		"p1/cyrillic.wav":    at(take, 0.9),
		"p1/cyrillic.txt":    []byte("0.5\t0.5\t\xe1\xee\xf7\xea\xe0\n1\t1\t\xf5\xfd\xf2\n"),
		"Jos\u00e9/a.wav":    at(take, 0.8), // composed
		"Jose\u0301/b.wav":   at(take, 0.7), // decomposed
		"ada/same sound.wav": at(take, 0.5),
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// at returns a WAV of 16 bits with another level.
func at(wav []byte, gain float64) []byte {
	wav = bytes.Clone(wav)
	data := wav[bytes.Index(wav, []byte("data"))+8:]
	for i := 0; i+1 < len(data); i += 2 {
		s := float64(int16(binary.LittleEndian.Uint16(data[i:])))
		binary.LittleEndian.PutUint16(data[i:], uint16(int16(s*gain)))
	}
	return wav
}
