package decode

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bursts is the signal that testdata/make.sh encodes.
func bursts(rate, n, channels int) []float32 {
	x := make([]float32, n*channels)
	for i := range x {
		t := float64(i/channels) / float64(rate)
		x[i] = float32(0.5 * math.Sin(2*math.Pi*500*t) * math.Exp(-40*math.Mod(t, 0.1)))
	}
	return x
}

// bestLag returns the lag in frames, at most reach, at which x follows ref best.
func bestLag(ref, x []float32, channels, reach int) (lag int) {
	best := math.Inf(-1)
	n := min(len(ref), len(x), 1<<17)
	for d := -reach; d <= reach; d++ {
		sum := 0.0
		for i := reach * channels; i < n-reach*channels; i++ {
			sum += float64(ref[i]) * float64(x[i+d*channels])
		}
		if sum > best {
			best, lag = sum, d
		}
	}
	return lag
}

// snrDB returns the ratio of ref to what x differs from it.
func snrDB(ref, x []float32) float64 {
	var signal, noise float64
	for i := range min(len(ref), len(x)) {
		d := float64(x[i]) - float64(ref[i])
		signal += float64(ref[i]) * float64(ref[i])
		noise += d * d
	}
	return 10 * math.Log10(signal/noise)
}

// TestCompressed decodes what testdata/make.sh made and finds its signal at its
// place.
func TestCompressed(t *testing.T) {
	tests := []struct {
		file           string
		rate, channels int
		aligned        bool
	}{
		{"lame44k.mp3", 44100, 1, true}, {"lame22k.mp3", 22050, 1, true}, {"lame12k.mp3", 12000, 1, true},
		{"lame8k.mp3", 8000, 2, true}, {"stereo320.mp3", 44100, 2, true}, {"notag.mp3", 48000, 1, false}, {"vorbis.ogg", 44100, 1, true},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			a, x, err := decodeFile(t, filepath.Join("testdata", test.file))
			if err != nil {
				t.Fatal(err)
			}
			want := bursts(test.rate, test.rate*4/10, test.channels)
			if int(a.Rate) != test.rate || a.Channels != test.channels || a.AlignmentUnknown == test.aligned || a.Note() != "" {
				t.Errorf("got %d Hz, %d channels, alignment unknown %v, note %q", a.Rate, a.Channels, a.AlignmentUnknown, a.Note())
			}
			if !test.aligned { // what remains is the delay of LAME's encoder
				if lag := bestLag(want, x, 1, 700); lag != 576 {
					t.Errorf("lag %d, want 576", lag)
				}
				return
			}
			if lag, snr := bestLag(want, x, test.channels, 40), snrDB(want, x); lag != 0 || snr < 20 || len(x) != len(want) {
				t.Errorf("lag %d, SNR %.1f dB, %d values; want 0, above 20, %d", lag, snr, len(x), len(want))
			}
		})
	}
}

// TestMP3Peers holds MPEG-2.5, joint stereo and the free format against what
// ffmpeg, and mpg123 for the last, make of them, rounded to 16 bits.
func TestMP3Peers(t *testing.T) {
	for _, name := range []string{"lame8k", "lame12k", "joint44k", "joint22k", "free32k"} {
		_, x, err := decodeFile(t, filepath.Join("testdata", name+".mp3"))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Join("testdata", name+".pcm"))
		if err != nil {
			t.Fatal(err)
		}
		want := make([]float32, len(raw)/2)
		int16s(want, raw)
		if d := worst(clipped(x), want); len(x) != len(want) || d > 0.6/32768 {
			t.Errorf("%s: %d values that differ by %g at most, want %d and half a step of 16 bits", name, len(x), d, len(want))
		}
	}
}

// TestMP3Aligned holds decoded MP3s against what they were made from. The ratios
// are those that ffmpeg 5.1's decodings of the same files have.
func TestMP3Aligned(t *testing.T) {
	ffmpegSNR := map[string]float64{
		"22k05_mono_cbr64": 18.73, "22k05_mono_cbr96": 21.75, "24k_mono_vbr4": 32.34, "32k_mono_abr96": 25.82,
		"44k1_mono_cbr128": 22.49, "44k1_stereo_id3v2_cbr160": 24.50, "44k1_stereo_vbr2": 29.37, "48k_mono_cbr192": 30.18,
	}
	paths, _ := filepath.Glob(filepath.Join(shared, "recordings", "vopec-mp3", "*.mp3"))
	if len(paths) == 0 {
		t.Skip("../shared/recordings/vopec-mp3 is not there")
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".mp3")
		t.Run(name, func(t *testing.T) {
			_, ref, err := decodeFile(t, strings.TrimSuffix(path, ".mp3")+".ref.wav")
			if err != nil {
				t.Fatal(err)
			}
			a, x, err := decodeFile(t, path)
			if err != nil {
				t.Fatal(err)
			}
			lag, snr := bestLag(ref, x, a.Channels, 40), snrDB(ref, x)
			t.Logf("%d Hz, %d channels: %d frames of %d, lag %d, SNR %.2f dB", a.Rate, a.Channels,
				len(x)/a.Channels, len(ref)/a.Channels, lag, snr)
			if a.AlignmentUnknown != (ffmpegSNR[name] == 0) {
				t.Errorf("alignment unknown %v", a.AlignmentUnknown)
			}
			if !a.AlignmentUnknown && (lag != 0 || len(x) != len(ref) || snr < ffmpegSNR[name]-1) {
				t.Errorf("want lag 0, equal lengths, SNR within 1 dB of %.2f", ffmpegSNR[name])
			}
		})
	}
}

// goMP3Step is how far go-mp3's samples may be from layer3's: one of its steps,
// since it rounds to zero, and a little.
const goMP3Step = 1.05 / 32767

// TestMP3Tags holds that tags in front, behind and between change nothing.
func TestMP3Tags(t *testing.T) {
	b, err := os.ReadFile("testdata/lame44k.mp3")
	if err != nil {
		t.Fatal(err)
	}
	if n := tagSize(b); n > 0 {
		b = b[n:]
	}
	_, want, err := decodeBytes(b)
	if err != nil {
		t.Fatal(err)
	}
	id3v2 := "ID3\x04\x00\x00\x00\x00\x01\x00" + strings.Repeat("\xff\xfb\x90\x64", 32)
	id3v1 := "TAG" + strings.Repeat("\xff", 125)
	ape := "APETAGEX\xd0\x07\x00\x00\x28\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\xa0" + strings.Repeat("\x00", 8) +
		"items..." + "APETAGEX\xd0\x07\x00\x00\x28\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x80" + strings.Repeat("\x00", 8)
	for name, s := range map[string]string{
		"ID3v2": id3v2 + string(b), "two ID3v2": id3v2 + id3v2 + string(b), "ID3v1": string(b) + id3v1,
		"APE and ID3v1 behind": string(b) + ape + id3v1, "APE in front": ape + string(b), "zeros in front": strings.Repeat("\x00", 1000) + string(b),
	} {
		a, got, err := decodeBytes([]byte(s))
		if err != nil || len(got) != len(want) || worst(got, want) > goMP3Step {
			t.Errorf("%s: %d values of %d, %v", name, len(got), len(want), err)
		} else if strings.Contains(name, "zeros") == (a.Note() == "") {
			t.Errorf("%s: note %q", name, a.Note())
		}
	}
}
