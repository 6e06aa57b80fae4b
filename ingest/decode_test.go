package ingest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mewkiz/flac"
	"github.com/mewkiz/flac/frame"
	"github.com/mewkiz/flac/meta"
)

// kind is a way to store samples, and how to write one of them.
type kind struct {
	name  string
	tag   uint16
	bits  int
	exact float64 // the largest error of one sample
	put   func(x float64) uint64
}

func integer(bits int) func(float64) uint64 {
	return func(x float64) uint64 { return uint64(int64(math.Round(x * float64(int64(1)<<(bits-1))))) }
}

var kinds = []kind{
	{"PCM 8-bit", tagPCM, 8, 1. / 256, func(x float64) uint64 { return integer(8)(x) + 128 }},
	{"PCM 16-bit", tagPCM, 16, 1. / 65536, integer(16)},
	{"PCM 24-bit", tagPCM, 24, 1e-7, integer(24)},
	{"PCM 32-bit", tagPCM, 32, 1e-7, integer(32)},
	{"PCM 40-bit", tagPCM, 40, 1e-7, integer(40)},
	{"float 32-bit", tagFloat, 32, 0, func(x float64) uint64 { return uint64(math.Float32bits(float32(x))) }},
	{"float 64-bit", tagFloat, 64, 0, math.Float64bits},
}

// signal returns n frames of a test signal, different in each channel.
func signal(n, channels int) []float32 {
	x := make([]float32, n*channels)
	for i := range x {
		x[i] = float32(0.9 * math.Sin(float64(i/channels)*0.1+float64(i%channels)))
	}
	x[0], x[channels] = -1, 0
	return x
}

// pack writes samples in the given kind.
func (k kind) pack(x []float32, big bool) []byte {
	var b []byte
	for _, v := range x {
		var s [8]byte
		n := k.bits / 8
		if big {
			binary.BigEndian.PutUint64(s[:], k.put(float64(v))<<(64-k.bits))
		} else {
			binary.LittleEndian.PutUint64(s[:], k.put(float64(v)))
		}
		b = append(b, s[:n]...)
	}
	return b
}

// wavSpec is a WAV file to be written in one of the ways that occur.
type wavSpec struct {
	kind
	channels   int
	id         string // RIFF, RIFX, RF64, BW64
	extensible bool
	size       int64  // of data as the header has it; -1: the true one
	before     string // chunks in front of fmt
	between    string // and between fmt and data
	after      string
}

func (w wavSpec) bytes(samples []byte) []byte {
	var o binary.AppendByteOrder = binary.LittleEndian
	if w.id == "RIFX" {
		o = binary.BigEndian
	}
	size := uint32(w.size)
	if w.size < 0 {
		size = uint32(len(samples))
	}
	b := append([]byte(w.id), "\xff\xff\xff\xffWAVE"...)
	if w.id == "RF64" || w.id == "BW64" {
		b = o.AppendUint32(append(b, "ds64"...), 28)
		b = o.AppendUint64(b, 0)
		b = o.AppendUint64(b, uint64(len(samples)))
		b = append(b, make([]byte, 12)...)
		size = unknownSize
	}
	b = append(b, w.before...)
	tag, n := w.tag, uint32(16)
	if w.extensible {
		tag, n = tagExtensible, 40
	}
	frame := w.channels * w.bits / 8
	b = o.AppendUint32(append(b, "fmt "...), n)
	b = o.AppendUint16(b, tag)
	b = o.AppendUint16(b, uint16(w.channels))
	b = o.AppendUint32(b, 44100)
	b = o.AppendUint32(b, uint32(44100*frame))
	b = o.AppendUint16(b, uint16(frame))
	b = o.AppendUint16(b, uint16(w.bits))
	if w.extensible {
		b = o.AppendUint16(b, 22)
		b = o.AppendUint16(b, uint16(w.bits))
		b = o.AppendUint32(b, 3)
		b = o.AppendUint32(b, uint32(w.tag))
		b = append(b, "\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"...)
	}
	b = append(b, w.between...)
	b = o.AppendUint32(append(b, "data"...), size)
	b = append(b, samples...)
	if len(samples)%2 == 1 && w.after != "" {
		b = append(b, 0)
	}
	return append(b, w.after...)
}

func TestWAVRoundTrip(t *testing.T) {
	const chunk, odd = "LIST\x04\x00\x00\x00INFO", "junk\x03\x00\x00\x00abc\x00"
	for _, k := range kinds {
		specs := []wavSpec{
			{id: "RIFF", size: -1}, {id: "RIFX", size: -1}, {id: "RF64"}, {id: "BW64"},
			{id: "RIFF", size: -1, extensible: true}, {id: "RIFX", size: -1, extensible: true},
			{id: "RIFF", size: -1, before: chunk, between: odd, after: chunk}, {id: "RIFF", size: -1, between: "junk\x03\x00\x00\x00abc"},
			{id: "RIFF", size: 0}, {id: "RIFF", size: unknownSize}, {id: "RIFF", size: 1 << 30},
		}
		for _, s := range specs {
			for channels := 1; channels <= 3; channels++ {
				s.kind, s.channels = k, channels
				x := signal(5001, channels)
				a, got, err := decodeBytes(s.bytes(k.pack(x, s.id == "RIFX")))
				if err != nil || a.Codec != k.name || a.Channels != channels || a.Rate != 44100 {
					t.Errorf("%+v: %+v, %v", s, a, err)
					continue
				}
				if len(got) != len(x) || worst(got, x) > k.exact {
					t.Errorf("%s %+v: %d values of %d, worst error %g", k.name, s, len(got), len(x), worst(got, x))
				}
				if s.size == 0 && s.id == "RIFF" && a.Note() == "" || s.size > 0 && a.Note() == "" {
					t.Errorf("%+v: no note", s)
				}
			}
		}
	}
}

func TestWAVCut(t *testing.T) {
	k := kinds[2]
	whole := wavSpec{kind: k, id: "RIFF", size: -1, channels: 2}.bytes(k.pack(signal(100, 2), false))
	for n := range whole {
		_, got, err := decodeBytes(whole[:n])
		switch frames := (n - 44) / 6; {
		case n <= 44 && err == nil && len(got) > 0:
			t.Errorf("%d bytes: %d samples", n, len(got))
		case n > 44 && (err != nil || len(got) != 2*frames):
			t.Errorf("%d bytes: %d values, want %d (%v)", n, len(got), 2*frames, err)
		}
	}
}

func TestWAVNumbers(t *testing.T) {
	nan := float32(math.NaN())
	x := []float32{0.5, nan, float32(math.Inf(1)), -0.5}
	a, got, err := decodeBytes(wavSpec{kind: kinds[5], id: "RIFF", size: -1, channels: 1}.bytes(kinds[5].pack(x, false)))
	if err != nil || worst(got, []float32{0.5, 0, 0, -0.5}) != 0 || !strings.HasPrefix(a.Note(), "2 samples") {
		t.Errorf("got %v, %v, %v", got, a, err)
	}
}

// TestG711 holds the tables against values of ITU-T G.711 and the encoders'
// symmetry.
func TestG711(t *testing.T) {
	for code, want := range map[int]float32{0xd5: 8, 0x55: -8, 0xaa: 32256, 0x2a: -32256} {
		if got := alawTable[code] * 32768; got != want {
			t.Errorf("A-law %#x is %v, want %v", code, got, want)
		}
	}
	for code, want := range map[int]float32{0xff: 0, 0x7f: 0, 0x80: 32124, 0x00: -32124, 0xfe: 8, 0x7e: -8} {
		if got := mulawTable[code] * 32768; got != want {
			t.Errorf("mu-law %#x is %v, want %v", code, got, want)
		}
	}
}

// aiff returns an AIFF or, with a compression type, an AIFF-C file.
func aiff(channels, frames, bits int, compression string, samples []byte) []byte {
	o := binary.BigEndian
	b := []byte("FORM\x00\x00\x00\x00AIFF")
	common := o.AppendUint16(nil, uint16(channels))
	common = o.AppendUint32(common, uint32(frames))
	common = o.AppendUint16(common, uint16(bits))
	common = append(common, 0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0) // 44100
	if compression != "" {
		copy(b[8:], "AIFC")
		common = append(append(common, compression...), 0, 0)
	}
	sound := append(make([]byte, 8), samples...)
	b = append(o.AppendUint32(append(b, "SSND"...), uint32(len(sound))), sound...)
	if len(sound)%2 == 1 {
		b = append(b, 0)
	}
	return append(o.AppendUint32(append(b, "COMM"...), uint32(len(common))), common...)
}

func TestAIFFRoundTrip(t *testing.T) {
	signed8 := kind{"PCM 8-bit", 0, 8, 1. / 256, integer(8)}
	tests := []struct {
		compression string
		kind
		little bool
	}{
		{"", signed8, false}, {"", kinds[1], false}, {"", kinds[2], false}, {"", kinds[3], false},
		{"NONE", kinds[1], false}, {"twos", kinds[1], false}, {"sowt", kinds[1], true}, {"sowt", kinds[2], true},
		{"in24", kinds[2], false}, {"in32", kinds[3], false}, {"42ni", kinds[2], true}, {"23ni", kinds[3], true},
		{"raw ", kinds[0], false}, {"fl32", kinds[5], false}, {"FL32", kinds[5], false}, {"fl64", kinds[6], false},
	}
	for _, test := range tests {
		for channels := 1; channels <= 3; channels++ {
			x := signal(5001, channels)
			a, got, err := decodeBytes(aiff(channels, 5001, test.bits, test.compression, test.pack(x, !test.little)))
			if err != nil || a.Codec != "AIFF "+test.name || a.Rate != 44100 || a.Channels != channels {
				t.Errorf("%q %s: %+v, %v", test.compression, test.name, a, err)
				continue
			}
			if len(got) != len(x) || worst(got, x) > test.exact {
				t.Errorf("%q %s: %d values of %d, worst error %g", test.compression, test.name, len(got), len(x), worst(got, x))
			}
		}
	}
}

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

func TestRefusals(t *testing.T) {
	adpcm := wavSpec{kind: kind{tag: 2, bits: 8}, id: "RIFF", size: -1, channels: 1}.bytes(make([]byte, 100))
	tests := []struct {
		name, content, says string
	}{
		{"nothing", "", "empty"},
		{"text", "Lorem ipsum dolor sit amet\n", "not audio"},
		{"zeros", strings.Repeat("\x00", 1<<17), "not audio"},
		{"ADPCM", string(adpcm), "Microsoft ADPCM"},
		{"MP4", "\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00", "AAC"},
		{"Opus", "OggS\x00\x02" + strings.Repeat("\x00", 20) + "\x01\x13OpusHead\x01\x01", "Opus"},
		{"Matroska", "\x1a\x45\xdf\xa3\x01\x00\x00\x00", "Matroska"},
		{"ADTS", strings.Repeat("\xff\xf1\x50\x80\x04\x1f\xfc"+strings.Repeat("\x21", 25), 30), "AAC"},
		{"a thousand channels", string(wavSpec{kind: kinds[1], id: "RIFF", size: -1, channels: 1000}.bytes(make([]byte, 8000))), "channels"},
		{"IMA in AIFF-C", string(aiff(1, 10, 16, "ima4", make([]byte, 100))), "IMA ADPCM"},
	}
	for _, test := range tests {
		_, _, err := decodeBytes([]byte(test.content))
		if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want a word on %q", test.name, err, test.says)
			continue
		}
		var u *UnsupportedError
		if !errors.As(err, &u) && !errors.Is(err, ErrBroken) && !errors.Is(err, ErrNotAudio) {
			t.Errorf("%s: %v is of no kind", test.name, err)
		}
		if errors.As(err, &u) && !strings.Contains(err.Error(), "ffmpeg -i ") {
			t.Errorf("%s: %v names no command", test.name, err)
		}
	}
}

func TestUnsupportedErrorQuotes(t *testing.T) {
	e := &UnsupportedError{Codec: "Opus", Path: "my take's.ogg"}
	want := `Opus is not supported; convert it first: ffmpeg -i 'my take'\''s.ogg' -vn -c:a pcm_f32le 'my take'\''s.converted.wav'`
	if e.Error() != want {
		t.Errorf("got %s, want %s", e, want)
	}
}

// fuzzDecode decodes b with limits on time and memory, and holds what every
// decoding must be.
func fuzzDecode(t *testing.T, b []byte) {
	a, err := Decode(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return
	}
	buf := make([]float32, blockFrames*a.Channels)
	for total := 0; total < 1<<20; {
		n, err := a.Read(buf)
		for i, v := range buf[:n*a.Channels] {
			if v != v || v > math.MaxFloat32 || v < -math.MaxFloat32 {
				t.Fatalf("sample %d is %v", total+i, v)
			}
		}
		total += n * a.Channels
		if err != nil {
			if err != io.EOF && strings.Contains(err.Error(), "runtime error") {
				t.Logf("recovered: %v", err)
			}
			return
		}
		if n == 0 {
			t.Fatal("no samples and no error")
		}
	}
}

func seeds(f *testing.F, files ...string) {
	for _, file := range files {
		b, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[:min(len(b), 3000)])
	}
}

func FuzzWAV(f *testing.F) {
	for _, k := range kinds {
		for _, id := range []string{"RIFF", "RIFX", "RF64"} {
			f.Add(wavSpec{kind: k, id: id, size: -1, channels: 2, extensible: k.bits == 24}.bytes(k.pack(signal(20, 2), id == "RIFX")))
		}
	}
	f.Fuzz(fuzzDecode)
}

func FuzzAIFF(f *testing.F) {
	for _, c := range []string{"", "sowt", "fl32", "alaw", "raw ", "ima4"} {
		f.Add(aiff(2, 20, 16, c, kinds[1].pack(signal(20, 2), true)))
	}
	f.Fuzz(fuzzDecode)
}

func FuzzMP3(f *testing.F) {
	seeds(f, "lame44k.mp3", "lame22k.mp3", "lame12k.mp3", "lame8k.mp3", "stereo320.mp3", "notag.mp3")
	f.Fuzz(fuzzDecode)
}

func FuzzFLAC(f *testing.F) {
	log.SetOutput(io.Discard) // mewkiz/flac logs rates that its authors have not met
	for _, bits := range []int{8, 16, 24} {
		f.Add(flacBytes(f, signal(200, 2), 2, bits))
	}
	f.Fuzz(fuzzDecode)
}

func FuzzOgg(f *testing.F) {
	seeds(f, "vorbis.ogg")
	f.Fuzz(func(t *testing.T, b []byte) {
		reseal(b)
		fuzzDecode(t, b)
	})
}

// reseal gives the pages of an Ogg file right checksums, so that what fuzzing
// changed reaches the decoder behind them.
func reseal(b []byte) {
	for {
		at := bytes.Index(b, []byte("OggS"))
		if at < 0 || len(b) < at+27 {
			return
		}
		b = b[at:]
		segments := 27 + int(b[26])
		n := segments
		for _, size := range b[27:min(segments, len(b))] {
			n += int(size)
		}
		if n > len(b) {
			return
		}
		binary.LittleEndian.PutUint32(b[22:], oggChecksum(b[:n]))
		b = b[n:]
	}
}
