package decode

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// cutReader is a file that cannot be read past a place.
type cutReader struct {
	io.ReaderAt
	end int64
	err error // io.EOF: it has become shorter
}

func (c cutReader) ReadAt(p []byte, off int64) (int, error) {
	if left := c.end - off; int64(len(p)) > left {
		n, _ := c.ReaderAt.ReadAt(p[:max(left, 0)], off)
		return n, c.err
	}
	return c.ReaderAt.ReadAt(p, off)
}

func readTestdata(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestFailingMedium holds that samples that cannot be read are an error or said
// to be missing, never fewer samples without a word.
func TestFailingMedium(t *testing.T) {
	files := map[string][]byte{
		"RIFF":    wavSpec{kind: kinds[1], id: "RIFF", size: -1, channels: 2}.bytes(kinds[1].pack(signal(3000, 2), false)),
		"32 bits": wavSpec{kind: kinds[3], id: "RF64", size: -1, channels: 2, extensible: true}.bytes(kinds[3].pack(signal(3000, 2), false)),
		"AIFF":    aiff(2, 3000, 16, "", kinds[1].pack(signal(3000, 2), true)),
		"FLAC":    flacBytes(t, signal(3000, 2), 2, 16),
		"Ogg":     readTestdata(t, "vorbis.ogg"),
		"MP3":     readTestdata(t, "lame44k.mp3"),
		"8 kHz":   readTestdata(t, "lame8k.mp3"),
	}
	broken := errors.New("the disk is broken")
	for name, b := range files {
		_, whole, err := decodeBytes(b)
		if err != nil {
			t.Fatal(name, err)
		}
		for n := int64(0); n < int64(len(b)); n += 1 + int64(len(b))/97 {
			for _, reason := range []error{broken, io.EOF} {
				a, err := Open(cutReader{bytes.NewReader(b), n, reason}, int64(len(b)))
				var x []float32
				if err == nil {
					x, err = readAll(a)
				}
				if err == nil && len(x) < len(whole) && a.Note() == "" {
					t.Errorf("%s cut at %d (%v): %d of %d values and no word", name, n, reason, len(x), len(whole))
				}
			}
		}
	}
}

// panicReader stands for a decoder that a broken file has run into a wall.
type panicReader struct{}

func (panicReader) ReadAt([]byte, int64) (int, error) { panic("index out of range") }
func (panicReader) read([]float32) (int, error)       { panic("index out of range") }

func TestPanicIsBrokenFile(t *testing.T) {
	if _, err := Open(panicReader{}, 100); !errors.Is(err, ErrBroken) {
		t.Errorf("Open: %v, want %v", err, ErrBroken)
	}
	a := &Audio{Channels: 1, src: panicReader{}}
	for range 2 {
		if _, err := a.Read(make([]float32, 10)); !errors.Is(err, ErrBroken) {
			t.Errorf("Read: %v, want %v", err, ErrBroken)
		}
	}
}

// TestEndless holds that a stream without end ends.
func TestEndless(t *testing.T) {
	a := &Audio{Channels: 1, src: zeros{}, values: maxValues - 5}
	if _, err := a.Read(make([]float32, 10)); !errors.Is(err, ErrBroken) {
		t.Errorf("got %v, want %v", err, ErrBroken)
	}
}

type zeros struct{}

func (zeros) read(dst []float32) (int, error) { return len(dst), nil }

// TestRates holds which rates are taken for those of recordings.
func TestRates(t *testing.T) {
	for rate, ok := range map[uint32]bool{0: false, 3999: false, 4000: true, 384000: true, 384001: false} {
		b := wavSpec{kind: kinds[1], id: "RIFF", size: -1, channels: 1}.bytes(make([]byte, 100))
		for i := range 4 {
			b[24+i] = byte(rate >> (8 * i))
		}
		if _, _, err := decodeBytes(b); (err == nil) != ok || err != nil && !errors.Is(err, ErrBroken) {
			t.Errorf("%d Hz: %v", rate, err)
		}
	}
}
