package decode

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prep/data/corpus"
)

// The measurement of docs/formats.md; it takes minutes and needs lame, ffmpeg,
// mpg123 and the shared recordings:
//
//	PREP_MP3=, go test ./ingest/decode -run TestMP3Measure -v -timeout 1h
//
// PREP_MP3 has the names of settings, with commas; an empty one is in all.

// lameSettings are what the measurement encodes with. Intensity stereo LAME
// does not make: it is made of mono frames.
var lameSettings = []struct{ name, args string }{
	{"mono 64", "-m m -b 64"}, {"mono 128", "-m m -b 128"}, {"mono 320", "-m m -b 320"}, {"mono VBR", "-m m -V 4"},
	{"left/right 128", "-m s -b 128"}, {"left/right 320", "-m s -b 320"},
	{"joint 64", "-m j -b 64"}, {"joint 96", "-m j -b 96"}, {"joint 128", "-m j -b 128"}, {"joint 192", "-m j -b 192"},
	{"joint 320", "-m j -b 320"}, {"mid/side forced 128", "-m f -b 128"},
	{"joint VBR 0", "-m j -V 0"}, {"joint VBR 5", "-m j -V 5"}, {"joint ABR 112", "-m j --abr 112"},
	{"joint 22.05 kHz 64", "-m j -b 64 --resample 22.05"}, {"joint 16 kHz VBR", "-m j -V 6 --resample 16"},
	{"intensity 22.05 kHz", "-m m -b 64 --resample 22.05"},
	{"free format 400", "-m j --freeformat -b 400"}, {"free format 96", "-m j --freeformat -b 96"},
}

// recorded is a signal to encode.
type recorded struct {
	name     string
	rate     int
	channels int
	samples  []float32
}

// hitsInStereo lays 200 synthesized hits one behind the other, each at another
// place between left and right.
func hitsInStereo() recorded {
	const length = 44100 / 4
	r := rand.New(rand.NewPCG(5, 6))
	out := recorded{name: "hits", rate: 44100, channels: 2}
	for take := range corpus.Generate(corpus.Default()) {
		for _, e := range take.Truth {
			if e.Onset+length > len(take.Clip.Samples) || len(out.samples) >= 200*2*length {
				continue
			}
			left, delay := r.Float32(), r.IntN(20)
			for i := range length {
				v, w := take.Clip.Samples[e.Onset+i], float32(0)
				if i >= delay {
					w = take.Clip.Samples[e.Onset+i-delay]
				}
				out.samples = append(out.samples, v*left, w*(1-left))
			}
		}
	}
	return out
}

// vopecInStereo reads 20 takes; mono ones get a second channel, softer and late.
func vopecInStereo(t *testing.T) (all []recorded) {
	paths, _ := filepath.Glob(filepath.Join(shared, "recordings", "vopec", "*", "*.wav"))
	for i := 0; i < len(paths) && len(all) < 20; i += len(paths) / 20 {
		a, x, err := decodeFile(t, paths[i])
		if err != nil {
			t.Fatal(err)
		}
		if a.Channels == 1 {
			y := make([]float32, 0, 2*len(x))
			for i, v := range x {
				y = append(y, v, 0.6*x[max(0, i-7)])
			}
			x = y
		}
		all = append(all, recorded{filepath.Base(paths[i]), int(a.Rate), 2, x})
	}
	return all
}

// lame encodes a signal to an MP3 file.
func lame(t *testing.T, rec recorded, args, out string) {
	t.Helper()
	wav := filepath.Join(t.TempDir(), "x.wav")
	spec := wavSpec{kind: kinds[1], id: "RIFF", size: -1, channels: rec.channels}
	x := slices.Clone(rec.samples)
	for i, v := range x {
		x[i] = min(max(v, -1), 32767./32768)
	}
	b := spec.bytes(kinds[1].pack(x, false))
	binary.LittleEndian.PutUint32(b[24:], uint32(rec.rate))
	if err := os.WriteFile(wav, b, 0o666); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.Command("lame", append(strings.Fields("--quiet "+args), wav, out)...).CombinedOutput(); err != nil {
		t.Skipf("lame: %v %s", err, msg)
	}
}

// panned makes intensity stereo of a mono MPEG-2 stream: the right channel of
// every frame has no lines, only positions.
func panned(t *testing.T, b []byte) (out []byte) {
	r := rand.New(rand.NewPCG(8, 9))
	scan := newMPEGScanner(strings.NewReader(string(b)), 0, int64(len(b)))
	var bits reservoir
	for first := true; ; first = false {
		h, frame, err := scan.next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		f, ok := bits.take(h, frame)
		if first || !ok { // the tag
			continue
		}
		positions := 42
		switched := bitField(f.Side, 9+38, 1) == 1
		if switched && bitField(f.Side, 9+39, 2) == 2 {
			positions = 72
		}
		var side, main bitString
		side.copy(make([]byte, 2), 0, 10)
		side.copy(f.Side, 9, 63)
		side.put(positions, 12)
		side.put(0, 9)
		side.put(170, 8)
		side.put(2*(36*2+6*2+2)+r.IntN(2), 9)
		side.copy(f.Side, 9+38, 25)
		main.copy(f.Main, 0, bitField(f.Side, 9, 12))
		for range positions {
			main.put(r.IntN(2), 1)
		}
		whole := make([]byte, 72*160000/h.rate)
		copy(whole, []byte{frame[0], frame[1] | 1, 14<<4 | frame[2]&0x0c, 0x50})
		copy(whole[4:], side.b)
		copy(whole[21:], main.b)
		out = append(out, whole...)
	}
}

// bitString is bits, the most significant of a byte first.
type bitString struct {
	b []byte
	n int
}

func (s *bitString) put(v, n int) {
	for i := n - 1; i >= 0; i-- {
		if s.n%8 == 0 {
			s.b = append(s.b, 0)
		}
		s.b[s.n/8] |= byte(v >> i & 1 << (7 - s.n%8))
		s.n++
	}
}

func (s *bitString) copy(b []byte, at, n int) {
	for i := at; i < at+n; i++ {
		s.put(bitField(b, i, 1), 1)
	}
}

// deviation is how far the decodings of one file are from the reference.
type deviation struct {
	whole          float64 // as Open decodes, from ffmpeg
	ffmpeg, mpg123 float64 // layer3 alone
	plain          bool
	lag            int // of the decoding behind the signal
}

func (d *deviation) add(e deviation) {
	d.whole, d.plain = max(d.whole, e.whole), d.plain || e.plain
	d.ffmpeg, d.mpg123 = max(d.ffmpeg, e.ffmpeg), max(d.mpg123, e.mpg123)
	if e.lag != 0 {
		d.lag = e.lag
	}
}

// deviationOf encodes a signal, decodes it and compares.
func deviationOf(t *testing.T, rec recorded, name, args string) (d deviation) {
	path := filepath.Join(t.TempDir(), "x.mp3")
	lame(t, rec, args, path)
	b := must(os.ReadFile(path))
	if strings.HasPrefix(name, "intensity") {
		b = panned(t, b)
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	a, x, err := decodeBytes(b)
	if err != nil || a.Note() != "" {
		t.Fatalf("%s, %s: %v %q", rec.name, name, err, a.Note())
	}
	second := floats(must(exec.Command("mpg123", "-q", "-e", "f32", "-s", path).Output()))
	first := second // ffmpeg knows no free format
	if !strings.HasPrefix(name, "free") {
		first = ffmpeg(t, path, "-c:a", "mp3float", "-f", "mp3")
	}
	if a.AlignmentUnknown {
		first, second = first[decoderDelay*a.Channels:], second[decoderDelay*a.Channels:]
	} else if len(first) != len(x) {
		t.Errorf("%s, %s: %d values, want %d", rec.name, name, len(x), len(first))
	}
	_, d.plain = a.src.(*mp3Source).frames.(*goMP3)
	alone := layer3Only(t, b)
	d.whole, d.ffmpeg, d.mpg123 = worst(x, first), worst(alone, first), worst(alone, second)
	if a.Channels == 2 && int(a.Rate) == rec.rate && !a.AlignmentUnknown {
		n := min(len(x), len(rec.samples), 1<<16)
		d.lag = bestLag(rec.samples[:n], x[:n], 2, 20)
	}
	return d
}

func TestMP3Measure(t *testing.T) {
	if os.Getenv("PREP_MP3") == "" {
		t.Skip("set PREP_MP3 to measure")
	}
	hits, takes := hitsInStereo(), vopecInStereo(t)
	fmt.Println("| LAME | decoded by | 200 hits | 20 VOPEC takes | layer3 alone | beside mpg123 | lag |")
	for _, s := range lameSettings {
		if !slices.ContainsFunc(strings.Split(os.Getenv("PREP_MP3"), ","), func(n string) bool { return strings.Contains(s.name, n) }) {
			continue
		}
		h, all := deviationOf(t, hits, s.name, s.args), deviation{}
		for _, rec := range takes {
			all.add(deviationOf(t, rec, s.name, s.args))
		}
		by := map[bool]string{true: "go-mp3", false: "layer3"}[h.plain]
		all.lag += h.lag
		fmt.Printf("| %s | %s | %.1e | %.1e | %.1e | %.1e | %d |\n", s.name, by, h.whole, all.whole,
			max(h.ffmpeg, all.ffmpeg), max(h.mpg123, all.mpg123), all.lag)
	}
}
