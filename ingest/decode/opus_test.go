package decode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// channelOf returns one channel of interleaved samples.
func channelOf(x []float32, channel, channels int) (one []float32) {
	for i := channel; i < len(x); i += channels {
		one = append(one, x[i])
	}
	return one
}

// TestPhoneCodecs decodes what testdata/make_opus.sh made and finds its signal
// at its place, to the sample.
func TestPhoneCodecs(t *testing.T) {
	for _, test := range []struct {
		file, codec   string
		channels, end int
	}{
		{"opus.ogg", "Opus", 1, 19200}, {"opus.webm", "Opus", 2, 19200}, {"opus51.ogg", "Opus", 6, 19200},
		{"vorbis51.ogg", "Vorbis", 6, 19200},
		{"vorbis.webm", "Vorbis", 1, 20160}, // its muxer does not say where the last block ends
	} {
		t.Run(test.file, func(t *testing.T) {
			a, x, err := decodeFile(t, filepath.Join("testdata", test.file))
			if err != nil {
				t.Fatal(err)
			}
			if a.Codec != test.codec || a.Rate != 48000 || a.Channels != test.channels || a.Note() != "" || a.Frames() != test.end {
				t.Errorf("got %s, %d Hz, %d channels, %d frames, note %q", a.Codec, a.Rate, a.Channels, a.Frames(), a.Note())
			}
			want := bursts(48000, 19200, 1)
			got := channelOf(x, 0, test.channels)
			if lag, snr := bestLag(want, got, 1, 40), snrDB(want, got); lag != 0 || snr < 20 {
				t.Errorf("lag %d, SNR %.1f dB; want 0, above 20", lag, snr)
			}
		})
	}
}

// libopus decodes a file with libopus by way of ffmpeg, or skips the test.
// ffmpeg's own decoder of Opus is off by up to .37 of full scale in some files.
func libopus(t testing.TB, path string) []float32 {
	t.Helper()
	return ffmpegOut(t, "-c:a", "libopus", "-request_sample_fmt", "flt", "-i", path, "-map", "0:a:0", "-c:a", "pcm_f32le", "-f", "f32le", "-")
}

// ffmpegOut returns the float samples that ffmpeg writes, or skips the test.
func ffmpegOut(t testing.TB, args ...string) []float32 {
	t.Helper()
	bin, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("ffmpeg is not installed")
	}
	out, err := exec.Command(bin, append([]string{"-v", "error", "-nostdin"}, args...)...).Output()
	if err != nil {
		t.Skipf("ffmpeg %v: %v", args, err)
	}
	return floats(out)
}

// TestOpusBesideLibopus compares with libopus in float at bit rates from 8 to
// 128 kbit/s, in Ogg and WebM, from recordings of mouths.
func TestOpusBesideLibopus(t *testing.T) {
	takes, _ := filepath.Glob(filepath.Join(shared, "recordings", "vopec", "*", "*.wav"))
	if len(takes) == 0 {
		t.Skipf("%s/recordings/vopec is not there", shared)
	}
	dir := t.TempDir()
	farthest := 0.0
	for i, rate := range []string{"8k", "12k", "16k", "20k", "24k", "32k", "48k", "64k", "96k", "128k"} {
		path := filepath.Join(dir, rate+[]string{".opus", ".webm"}[i%2])
		take := takes[i*len(takes)/10]
		ffmpegOut(t, "-i", take, "-t", "6", "-ac", []string{"1", "2"}[i/2%2], "-c:a", "libopus", "-b:a", rate, "-application",
			[]string{"voip", "audio", "lowdelay"}[i%3], "-frame_duration", []string{"20", "60", "10"}[i%3], path)
		want := libopus(t, path)
		_, got, err := decodeFile(t, path)
		if err != nil || len(got) != len(want) {
			t.Errorf("%s: %d values, libopus has %d, %v", path, len(got), len(want), err)
		}
		farthest = max(farthest, worst(got, want))
	}
	if t.Logf("worst difference from libopus: %.2g", farthest); farthest > 1e-5 {
		t.Errorf("worst difference %g, want at most 1e-5", farthest)
	}
}

func opusFile(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/opus.ogg")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestOpusGain holds that the header's gain is applied: 6 dB, and its pre-skip.
func TestOpusGain(t *testing.T) {
	b := opusFile(t)
	_, want, err := decodeBytes(b)
	if err != nil {
		t.Fatal(err)
	}
	head := bytes.Index(b, []byte("OpusHead"))
	skip := binary.LittleEndian.Uint16(b[head+10:])
	binary.LittleEndian.PutUint16(b[head+16:], 6*256)
	binary.LittleEndian.PutUint16(b[head+10:], skip-100)
	reseal(b)
	_, got, err := decodeBytes(b)
	if err != nil || len(got) != len(want)+100 {
		t.Fatalf("%d values, want %d, %v", len(got), len(want)+100, err)
	}
	for i, v := range want {
		if d := math.Abs(float64(got[100+i]) - float64(v)*math.Pow(10, 6./20)); d > 1e-5 {
			t.Fatalf("sample %d is off by %g", i, d)
		}
	}
}

func TestOpusHeads(t *testing.T) {
	head := func(channels, family byte, more ...byte) []byte {
		return append([]byte{'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, channels, 0, 0, 0, 0, 0, 0, 0, 0, family}, more...)
	}
	var u *UnsupportedError
	for name, test := range map[string]struct {
		b    []byte
		kind any
	}{
		"mono": {head(1, 0), nil}, "quad": {head(4, 1, 2, 2, 0, 1, 2, 3), nil}, "nothing": {nil, ErrBroken},
		"three in family 0": {head(3, 0), ErrBroken}, "no channel": {head(0, 1, 0, 0), ErrBroken}, "cut short": {head(4, 1, 2, 2, 0), ErrBroken},
		"no stream": {head(2, 1, 0, 0, 0, 1), ErrBroken}, "more coupled than streams": {head(2, 1, 1, 2, 0, 1), ErrBroken},
		"a mapping to no stream": {head(2, 1, 1, 0, 0, 9), ErrBroken}, "ambisonics": {head(4, 3, 2, 2, 0, 0, 0, 0), u},
		"a version to come": {append([]byte("OpusHead\xf1"), make([]byte, 20)...), ErrBroken},
	} {
		err := (&opusCodec{}).open(test.b)
		switch want := test.kind.(type) {
		case nil:
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case *UnsupportedError:
			if !errors.As(err, &want) {
				t.Errorf("%s: %v", name, err)
			}
		case error:
			if !errors.Is(err, want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestOpusFrames holds the durations of RFC 6716, table 2.
func TestOpusFrames(t *testing.T) {
	for _, test := range []struct {
		b    []byte
		want int
	}{
		{[]byte{0 << 3}, 480}, {[]byte{3 << 3}, 2880}, {[]byte{11<<3 | 1}, 5760}, {[]byte{12 << 3}, 480}, {[]byte{15<<3 | 2}, 1920},
		{[]byte{16 << 3}, 120}, {[]byte{31 << 3}, 960}, {[]byte{31<<3 | 3, 6}, 5760}, {[]byte{31<<3 | 3, 48}, 5760}, {[]byte{31<<3 | 3}, 0},
	} {
		if got := opusFrames(test.b); got != test.want {
			t.Errorf("%v: %d frames, want %d", test.b, got, test.want)
		}
	}
}

// TestOggGap holds that a damaged page costs its own sound and moves no other.
func TestOggGap(t *testing.T) {
	whole := manyPages(t)
	_, want, err := decodeBytes(whole)
	if err != nil || len(want) != 3*48000 {
		t.Fatalf("%d values, %v", len(want), err)
	}
	pages := bytes.Split(whole, []byte("OggS"))
	damaged := bytes.Clone(whole)
	damaged[bytes.Index(whole, pages[len(pages)/2])+40] ^= 1
	a, got, err := decodeBytes(damaged)
	if err != nil || len(got) != len(want) || !strings.Contains(a.Note(), "1 damaged or missing pages") {
		t.Fatalf("%d values of %d, note %q, %v", len(got), len(want), a.Note(), err)
	}
	different, last := 0, 0
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-3 {
			different, last = different+1, i
		}
	}
	if different == 0 || different > 48000 || last > len(want)*3/4 {
		t.Errorf("%d of %d values differ, the last at %d", different, len(want), last)
	}
}

// manyPages returns three seconds of Opus, half a second a page.
func manyPages(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pages.opus")
	ffmpegOut(t, "-f", "lavfi", "-i", "aevalsrc=0.5*sin(2*PI*500*t)*exp(-40*mod(t\\,0.1)):s=48000:d=3", "-c:a", "libopus",
		"-page_duration", "500000", path)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
