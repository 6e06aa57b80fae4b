package ingest

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bestLag returns the lag in [-reach, reach] at which b follows a best, and the
// signal-to-noise ratio in dB of b against a at lag 0.
func bestLag(a, b []float32, reach int) (lag int, snr float64) {
	best := math.Inf(-1)
	n := min(len(a), len(b))
	for d := -reach; d <= reach; d++ {
		sum := 0.0
		for i := reach; i < min(n-reach, reach+200000); i++ {
			sum += float64(a[i]) * float64(b[i+d])
		}
		if sum > best {
			best, lag = sum, d
		}
	}
	return lag, snrDB(a, b)
}

func snrDB(ref, x []float32) float64 {
	var signal, noise float64
	for i := range min(len(ref), len(x)) {
		d := float64(x[i]) - float64(ref[i])
		signal += float64(ref[i]) * float64(ref[i])
		noise += d * d
	}
	return 10 * math.Log10(signal/noise)
}

// TestMP3Aligned holds decoded MP3s against what they were made from.
func TestMP3Aligned(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(shared, "recordings", "vopec-mp3", "*.mp3"))
	if len(paths) == 0 {
		t.Skip("../shared/recordings/vopec-mp3 is not there")
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			_, ref, err := decodeFile(t, strings.TrimSuffix(path, ".mp3")+".ref.wav")
			if err != nil {
				t.Fatal(err)
			}
			a, x, err := decodeFile(t, path)
			if err != nil {
				t.Fatal(err)
			}
			lag, snr := bestLag(ref[:len(ref)/a.Channels*a.Channels], x, 30*a.Channels)
			t.Logf("%d Hz, %d channels, aligned %v: %d frames of %d, lag %d, SNR %.2f dB, ffmpeg %.2f dB %s", a.Rate, a.Channels,
				!a.AlignmentUnknown, len(x)/a.Channels, len(ref)/a.Channels, lag, snr, snrDB(ref, ffmpeg(t, path)), a.Note())
			if !a.AlignmentUnknown && (lag != 0 || len(x) != len(ref)) {
				t.Error("want lag 0 and equal lengths")
			}
		})
	}
}

// TestMP3Reference holds decoded bit streams against minimp3's output.
func TestMP3Reference(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(shared, "formats", "minimp3", "l3*.pcm"))
	more, _ := filepath.Glob(filepath.Join(shared, "formats", "minimp3", "M2*.pcm"))
	for _, path := range append(paths, more...) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			b, _ := os.ReadFile(path)
			ref := make([]float32, len(b)/2)
			for i := range ref {
				ref[i] = float32(int16(binary.LittleEndian.Uint16(b[2*i:]))) / 32768
			}
			a, x, err := decodeFile(t, strings.TrimSuffix(path, ".pcm")+".bit")
			if err != nil {
				t.Logf("%v; pcm %d", err, len(ref))
				return
			}
			for lag := -4000; lag < 4000; lag++ {
				d := 0.0
				p, q := ref, x
				if lag < 0 {
					p = p[min(-lag, len(p)):]
				} else {
					q = q[min(lag, len(q)):]
				}
				if d = worst(p, q); d < 10.0/32768 {
					t.Logf("lag %d: %d against %d values, worst %.2f LSB %s", lag, len(x), len(ref), d*32768, a.Note())
					return
				}
			}
			t.Logf("NO %d %d channels %d", len(x), len(ref), a.Channels)
		})
	}
}
