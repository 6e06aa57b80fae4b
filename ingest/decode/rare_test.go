package decode

import (
	"bytes"
	"encoding/binary"
	"math"
	"path/filepath"
	"strings"
	"testing"
)

// auFile returns a file of Sun's AU format.
func auFile(encoding, channels, size uint32, samples []byte) []byte {
	b := []byte(".snd")
	for _, v := range []uint32{28, size, encoding, 44100, channels} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return append(append(b, "note"...), samples...)
}

func TestAU(t *testing.T) {
	x := signal(500, 2)
	for encoding, k := range map[uint32]kind{3: kinds[1], 4: kinds[2], 5: kinds[3], 6: kinds[5], 7: kinds[6]} {
		samples := k.pack(x, true)
		for size, note := range map[uint32]string{uint32(len(samples)): "", math.MaxUint32: "", uint32(2 * len(samples)): "truncated"} {
			a, got, err := decodeBytes(auFile(encoding, 2, size, samples))
			if err != nil || len(got) != len(x) || worst(got, x) > k.exact || a.Codec != "AU "+k.name || !strings.Contains(a.Note(), note) {
				t.Errorf("%s: %d values, worst %g, %v, %v", k.name, len(got), worst(got, x), a, err)
			}
		}
	}
	for name, b := range map[string][]byte{
		"compressed": auFile(23, 1, 0, nil), "no channel": auFile(3, 0, 0, nil), "cut": []byte(".snd1234"),
		"samples beyond the end": append([]byte(".snd\xff\x00\x00\x00"), auFile(3, 1, 0, nil)[8:]...),
	} {
		if a, _, err := decodeBytes(b); err == nil {
			t.Errorf("%s: %v", name, a)
		}
	}
}

// w64File returns a Sony Wave64 file.
func w64File(k kind, channels int, x []float32, claimed int) []byte {
	chunk := func(name string, size int, content []byte) []byte {
		b := append([]byte(name), w64Tail...)
		b = append(binary.LittleEndian.AppendUint64(b, uint64(size+24)), content...)
		return append(b, make([]byte, (8-len(b)%8)%8)...)
	}
	plain := wavSpec{kind: k, id: "RIFF", size: -1, channels: channels}.bytes(nil)
	at := bytes.Index(plain, []byte("fmt "))
	format := plain[at+8 : at+8+int(binary.LittleEndian.Uint32(plain[at+4:]))]
	samples := k.pack(x, false)
	b := append([]byte("riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"), make([]byte, 8)...)
	b = append(append(b, "wave"...), w64Tail...)
	b = append(b, chunk("junk", 3, []byte("odd"))...)
	b = append(b, chunk("fmt ", len(format), format)...)
	return append(b, chunk("data", claimed*len(samples), samples)...)
}

func TestW64(t *testing.T) {
	x := signal(501, 1)
	for _, k := range kinds {
		a, got, err := decodeBytes(w64File(k, 1, x, 1))
		if err != nil || len(got) != len(x) || worst(got, x) > k.exact || a.Codec != k.name || a.Note() != "" {
			t.Errorf("%s: %d values, worst %g, %v, %v", k.name, len(got), worst(got, x), a, err)
		}
	}
	if a, _, err := decodeBytes(w64File(kinds[1], 1, x, 2)); err != nil || !strings.Contains(a.Note(), "truncated") {
		t.Errorf("cut: %v, %v", a, err)
	}
	if a, _, err := decodeBytes(w64File(kinds[1], 1, x, 1)[:80]); err == nil {
		t.Errorf("no samples: %v", a)
	}
}

// TestRareBesideFFmpeg decodes files that ffmpeg wrote to the very samples.
func TestRareBesideFFmpeg(t *testing.T) {
	for name, codec := range map[string]string{"a.au": "pcm_s16be", "b.au": "pcm_f32be", "c.au": "pcm_mulaw", "a.w64": "pcm_s24le", "b.w64": "pcm_f32le"} {
		path := filepath.Join(t.TempDir(), name)
		ffmpegOut(t, "-f", "lavfi", "-i", "aevalsrc=0.5*sin(2*PI*500*t)|0.4*cos(900*t):s=48000:d=0.3", "-c:a", codec, path)
		want := ffmpeg(t, path)
		if a, got, err := decodeFile(t, path); err != nil || len(got) != len(want) || len(got) == 0 || worst(got, want) != 0 || a.Note() != "" {
			t.Errorf("%s: %d values of %d, worst %g, %v, %v", name, len(got), len(want), worst(got, want), a, err)
		}
	}
}
