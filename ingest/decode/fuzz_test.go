package decode

import (
	"bytes"
	"encoding/binary"
	"io"
	"log"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain keeps out of sight what mewkiz/flac logs of rates that its authors
// have not met, as cmd/prep does.
func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	os.Exit(m.Run())
}

// fuzzDecode decodes b with limits on time and memory, and holds what every
// decoding must be.
func fuzzDecode(t *testing.T, b []byte) {
	a, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return
	}
	buf := make([]float32, BlockFrames*a.Channels)
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
			f.Add(w64File(k, 2, signal(20, 2), 1))
			f.Add(auFile(6, 1, math.MaxUint32, k.pack(signal(20, 1), true)))
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
	seeds(f, "lame44k.mp3", "lame22k.mp3", "lame12k.mp3", "lame8k.mp3", "stereo320.mp3", "notag.mp3", "joint44k.mp3", "joint22k.mp3", "free32k.mp3")
	f.Fuzz(fuzzDecode)
}

func FuzzFLAC(f *testing.F) {
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

func FuzzOpus(f *testing.F) {
	seeds(f, "opus.ogg", "opus51.ogg")
	f.Fuzz(func(t *testing.T, b []byte) {
		reseal(b)
		fuzzDecode(t, b)
	})
}

func FuzzMatroska(f *testing.F) {
	seeds(f, "opus.webm", "vorbis.webm")
	f.Fuzz(fuzzDecode)
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
