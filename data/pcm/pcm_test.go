package pcm

import (
	"bytes"
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
	if err := Int16.WriteFile(path, data.Clip{Rate: 22050, Samples: samples}); err != nil {
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
	if err := Int16.WriteFile(filepath.Join(blocked, "x.wav"), data.Clip{Rate: 8000}); err == nil {
		t.Error("a file below a file was written")
	}
}

// What each format keeps: integers to half a step within full scale, floats all.
func TestFormatsKeep(t *testing.T) {
	samples := []float32{0, 0.1, -0.9999, 1e-5, 3.2e-7, 1, -1, 1.325, -7.9}
	for _, f := range []Format{Int16, Int24, Float} {
		raw, err := f.Encode(data.Clip{Rate: 44100, Samples: samples})
		if err != nil {
			t.Fatal(err)
		}
		d := wav.NewDecoder(bytes.NewReader(raw))
		buf, err := d.FullPCMBuffer()
		if err != nil || len(buf.Data) != len(samples) || d.BitDepth != uint16(f) || d.SampleRate != 44100 {
			t.Fatalf("%d bits: %d samples of %d bits, %v", f, len(buf.Data), d.BitDepth, err)
		}
		worst := 0.0
		for i, v := range buf.Data {
			back := float64(v) / f.scale()
			if f == Float {
				back = float64(math.Float32frombits(uint32(v)))
			}
			worst = max(worst, math.Abs(back-float64(samples[i])))
		}
		l := f.Loss(samples)
		if l.Worst != worst {
			t.Errorf("%d bits: the worst difference is %v, Loss says %v", f, worst, l.Worst)
		}
		if f == Float && (worst != 0 || l.Beyond != 0) || f != Float && (l.Beyond != 2 || math.Abs(worst-6.9) > 1e-4) {
			t.Errorf("%d bits: %+v", f, l)
		}
		if inside := f.Loss(samples[:5]); inside.Worst > 0.5/f.scale() {
			t.Errorf("%d bits: within full scale the worst difference is %v", f, inside.Worst)
		}
	}
}
