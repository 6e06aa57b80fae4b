package decode

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mewkiz/flac"
	"github.com/mewkiz/flac/frame"
	"github.com/mewkiz/flac/meta"
)

// flacBytes encodes with mewkiz/flac, in blocks of 1000 frames.
func flacBytes(t testing.TB, x []float32, channels, bits int) []byte {
	t.Helper()
	var b bytes.Buffer
	e, err := flac.NewEncoder(&b, &meta.StreamInfo{
		BlockSizeMin: 1000, BlockSizeMax: 1000, SampleRate: 44100, NChannels: uint8(channels),
		BitsPerSample: uint8(bits), NSamples: uint64(len(x) / channels),
	})
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(x)/channels; at += 1000 {
		n := min(1000, len(x)/channels-at)
		f := &frame.Frame{Header: frame.Header{
			HasFixedBlockSize: true, BlockSize: uint16(n), SampleRate: 44100, BitsPerSample: uint8(bits),
			Channels: frame.Channels(channels - 1),
		}}
		for c := range channels {
			s := &frame.Subframe{SubHeader: frame.SubHeader{Pred: frame.PredVerbatim}, NSamples: n}
			for i := range n {
				s.Samples = append(s.Samples, int32(math.Round(float64(x[(at+i)*channels+c])*float64(int64(1)<<(bits-1)))))
			}
			f.Subframes = append(f.Subframes, s)
		}
		if err := e.WriteFrame(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFLACRoundTrip(t *testing.T) {
	for _, bits := range []int{8, 16, 24} {
		for _, channels := range []int{1, 2, 6} {
			x := signal(2500, channels)
			b := flacBytes(t, x, channels, bits)
			id3 := "ID3\x04\x00\x00\x00\x00\x00\x05abcde"
			for name, b := range map[string][]byte{"plain": b, "ID3 in front": append([]byte(id3), b...), "ID3v1 behind": append(bytes.Clone(b), "TAG"+strings.Repeat("x", 125)...)} {
				a, got, err := decodeBytes(b)
				if err != nil || a.Codec != fmt.Sprintf("FLAC %d-bit", bits) || len(got) != len(x) || worst(got, x) > 1/float64(int(1)<<bits) || a.Note() != "" {
					t.Errorf("%s, %d bits, %d channels: %d values of %d, worst %g, %v", name, bits, channels, len(got), len(x), worst(got, x), err)
				}
			}
			a, got, err := decodeBytes(b[:len(b)*6/10])
			if err != nil || len(got) != 1000*channels || !strings.HasPrefix(a.Note(), "truncated") {
				t.Errorf("cut: %d values, %v", len(got), err)
			}
		}
	}
}

// TestFLACDamage holds that a damaged frame costs itself, and moves nothing.
func TestFLACDamage(t *testing.T) {
	x := signal(5500, 2)
	b := flacBytes(t, x, 2, 16)
	third := 42
	for range 2 {
		third += 2 + bytes.Index(b[third+2:], b[42:46]) // its sync code, lengths and channels
	}
	_, whole, err := decodeBytes(b)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ at, from, to int }{
		"within":     {third + 300, 2000, 3000},
		"its header": {third + 1, 2000, 3000},
		"the first":  {42 + 100, 0, 1000},
		"the last":   {len(b) - 1, 5000, 5500},
	} {
		bad := bytes.Clone(b)
		bad[test.at] ^= 0x10
		a, got, err := decodeBytes(bad)
		if err != nil || len(got) != len(whole) || a.Note() != "1 damaged places: silence stands there" {
			t.Errorf("%s: %d values of %d, note %q, %v", name, len(got), len(whole), a.Note(), err)
			continue
		}
		for i := range got {
			want := whole[i]
			if i/2 >= test.from && i/2 < test.to {
				want = 0
			}
			if got[i] != want {
				t.Errorf("%s: sample %d is %g, want %g", name, i, got[i], want)
				break
			}
		}
	}
}

// TestFLACWrongTotal reads to the end of what is there, whatever the header says.
func TestFLACWrongTotal(t *testing.T) {
	b := flacBytes(t, signal(5500, 1), 1, 16)
	for total, note := range map[byte]string{0: "", 100: "its header promises 100 samples, 5500 are there"} {
		b[22], b[23], b[24], b[25] = 0, 0, 0, total
		a, got, err := decodeBytes(b)
		if err != nil || len(got) != 5500 || a.Note() != note {
			t.Errorf("total %d: %d values, note %q, %v", total, len(got), a.Note(), err)
		}
	}
	b[22], b[23], b[24], b[25] = 0, 1, 0, 0
	if a, got, err := decodeBytes(b); err != nil || len(got) != 5500 || !strings.HasPrefix(a.Note(), "truncated: 5500 of 65536") {
		t.Errorf("a total beyond the end: %d values, note %q, %v", len(got), a.Note(), err)
	}
	path := filepath.Join(shared, "formats", "more", "flac-wrong-total.flac")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not there", path)
	}
	a, got, err := decodeFile(t, path)
	if err != nil || len(got) != 109487 || !strings.Contains(a.Note(), "promises 39842") {
		t.Errorf("%d values, %v, %v", len(got), a, err)
	}
	if want := ffmpeg(t, path); len(want) != len(got) || worst(got, want) != 0 {
		t.Errorf("%d values, ffmpeg has %d; worst difference %g", len(got), len(want), worst(got, want))
	}
}

// TestFLACInOgg decodes FLAC as packets to the samples of the stream itself.
func TestFLACInOgg(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain.flac")
	if err := os.WriteFile(plain, flacBytes(t, signal(30000, 2), 2, 16), 0o666); err != nil {
		t.Fatal(err)
	}
	_, want, err := decodeFile(t, plain)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.oga", "a.mka"} {
		path := filepath.Join(dir, name)
		ffmpegOut(t, "-i", plain, "-c:a", "copy", path)
		a, got, err := decodeFile(t, path)
		if err != nil || a.Codec != "FLAC 16-bit" || len(got) != len(want) || worst(got, want) != 0 || a.Note() != "" {
			t.Errorf("%s: %d values of %d, worst %g, %v, %v", name, len(got), len(want), worst(got, want), a, err)
		}
	}
}
