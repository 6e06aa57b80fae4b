package pcm

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-audio/wav"

	"prep/data"
)

func TestWriteFileRoundsAndClips(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.wav")
	const step = 1.0 / 32768
	samples := []float32{0, step, -step, 1.5 * step, 2.5 * step, 1, -1, 2, -2, float32(math.Inf(1))}
	if err := WriteFile(path, data.Clip{Rate: 22050, Samples: samples}); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := wav.NewDecoder(f)
	buf, err := d.FullPCMBuffer()
	if err != nil {
		t.Fatal(err)
	}
	if d.SampleRate != 22050 || d.BitDepth != 16 || d.NumChans != 1 || d.WavAudioFormat != 1 {
		t.Errorf("%d Hz, %d bits, %d channels, format %d", d.SampleRate, d.BitDepth, d.NumChans, d.WavAudioFormat)
	}
	if want := []int{0, 1, -1, 2, 2, 32767, -32768, 32767, -32768, 32767}; !slices.Equal(buf.Data, want) {
		t.Errorf("got %v, want %v", buf.Data, want)
	}
	if left, _ := filepath.Glob(path + "?*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWriteFileFailsWhereItCannotWrite(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(filepath.Join(blocked, "x.wav"), data.Clip{Rate: 8000}); err == nil {
		t.Error("a file below a file was written")
	}
}
