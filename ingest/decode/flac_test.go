package decode

import (
	"bytes"
	"fmt"
	"math"
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
