package decode

import (
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fixture returns a file of testdata.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// frameAt returns the n-th frame of a Layer III stream, a part of b.
func frameAt(t testing.TB, b []byte, n int) []byte {
	t.Helper()
	at := int(must(skipTags(strings.NewReader(string(b)), int64(len(b)))))
	for ; ; n-- {
		h, ok := parseMPEG(b[at:])
		if !ok {
			t.Fatalf("no frame at %d", at)
		}
		if n == 0 {
			return b[at : at+h.size(0)]
		}
		at += h.size(0)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestMP3Damaged holds that damage costs the frame that has it, and what the next
// few took from it: the time line, the beginning and the end stay, with a note.
func TestMP3Damaged(t *testing.T) {
	ruin := map[string]func(frame []byte){
		"its header":      func(f []byte) { clear(f[:4]) },
		"all of it":       func(f []byte) { clear(f) },
		"its lengths":     func(f []byte) { copy(f[6:36], strings.Repeat("\xff", 30)) },
		"two frames' end": func(f []byte) { clear(f[len(f)-20:]) },
	}
	for _, file := range []string{"lame44k.mp3", "stereo320.mp3", "lame22k.mp3"} {
		for what, f := range ruin {
			b := fixture(t, file)
			_, want, _ := decodeBytes(b)
			f(frameAt(t, b, 8))
			a, got, err := decodeBytes(b)
			if err != nil || len(got) != len(want) {
				t.Errorf("%s, %s: %d values, want %d (%v)", file, what, len(got), len(want), err)
				continue
			}
			n := 4 * 576 * a.Channels
			if d := worst(got[:n], want[:n]); d > goMP3Step {
				t.Errorf("%s, %s: the beginning changed by %g", file, what, d)
			}
			if d := worst(got[len(got)-n:], want[len(got)-n:]); d > goMP3Step {
				t.Errorf("%s, %s: the end changed by %g", file, what, d)
			}
			if what[0] == 'i' && a.Note() == "" {
				t.Errorf("%s, %s: no note", file, what)
			}
		}
	}
}

// TestMP3Garbage holds that frames in a row make an MP3, not one among junk, nor
// a few.
func TestMP3Garbage(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	junk := make([]byte, 60000)
	for i := range junk {
		junk[i] = byte(r.Uint32())
	}
	b := fixture(t, "lame44k.mp3")
	one, three := frameAt(t, b, 3), b[len(b)-len(frameAt(t, b, 3))*3:]
	for name, file := range map[string][]byte{
		"noise": junk, "one frame": one, "a frame in noise": slices.Concat(junk[:20000], one, junk[20000:]),
		"few frames in noise": slices.Concat(junk[:20000], three, junk[20000:]), "a sync word": []byte("\xff\xfb\x90\x64"),
	} {
		if _, _, err := decodeBytes(file); !errors.Is(err, ErrNotAudio) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if a, x, err := decodeBytes(slices.Concat(junk[:1000], b)); err != nil || len(x) != 17640 || !strings.Contains(a.Note(), "1000 bytes") {
		t.Errorf("a recording behind some junk: %v, %d values", err, len(x))
	}
}

// TestMP3Emphasis holds that a header may have the reserved emphasis.
func TestMP3Emphasis(t *testing.T) {
	b := fixture(t, "lame44k.mp3")
	_, want, _ := decodeBytes(b)
	for i := range 15 {
		frameAt(t, b, i)[3] |= 2
	}
	if _, got, err := decodeBytes(b); err != nil || len(got) != len(want) || worst(got, want) > goMP3Step {
		t.Errorf("%d values of %d, %v", len(got), len(want), err)
	}
}

// TestMP3AboveFullScale holds that no sample is clipped, also where go-mp3 began.
func TestMP3AboveFullScale(t *testing.T) {
	b := fixture(t, "loud.mp3")
	_, x, err := decodeBytes(b)
	if err != nil {
		t.Fatal(err)
	}
	want := layer3Only(t, b)
	if peak := slices.Max(x); peak < 1.5 || worst(x, want) > goMP3Step || len(x) != len(want) {
		t.Errorf("peak %.2f, %g from layer3", peak, worst(x, want))
	}
}

// layer3Only decodes an MP3 without go-mp3.
func layer3Only(t testing.TB, b []byte) []float32 {
	t.Helper()
	r := strings.NewReader(string(b))
	a, err := openMP3(r, r.Size())
	if err != nil {
		t.Fatal(err)
	}
	s := must(surveyMP3(r, r.Size()))
	s.plain = false
	a.src.(*mp3Source).frames = must(s.decode(r, r.Size()))
	return must(readAll(a))
}

// TestMP3Plain holds which streams go-mp3 decodes, and that it does so as layer3.
func TestMP3Plain(t *testing.T) {
	for file, want := range map[string]bool{
		"lame44k.mp3": true, "stereo320.mp3": false, "lame12k.mp3": false, "free32k.mp3": false, "joint44k.mp3": false, "notag.mp3": true,
	} {
		b := fixture(t, file)
		a, x, err := decodeBytes(b)
		if err != nil {
			t.Fatal(err)
		}
		if _, plain := a.src.(*mp3Source).frames.(*goMP3); plain != want {
			t.Errorf("%s: plain %v", file, plain)
		}
		if y := layer3Only(t, b); len(x) != len(y) || worst(x, y) > goMP3Step {
			t.Errorf("%s: %g from layer3", file, worst(x, y))
		}
	}
}

// TestMP3MonoThenStereo holds that mono frames before stereo ones sound in both
// channels, and that a damaged header does not make a file stereo.
func TestMP3MonoThenStereo(t *testing.T) {
	mono, stereo := fixture(t, "lame44k.mp3"), fixture(t, "stereo320.mp3")
	_, first, _ := decodeBytes(mono)
	a, x, err := decodeBytes(slices.Concat(mono, stereo))
	if err != nil || a.Channels != 2 || len(x) < 4*17640 {
		t.Fatalf("%v, %d values", err, len(x))
	}
	for i, v := range first[:15000] {
		if d := max(v-x[2*i], x[2*i]-v, v-x[2*i+1], x[2*i+1]-v); d > goMP3Step {
			t.Fatalf("sample %d: %v and %v, want %v", i, x[2*i], x[2*i+1], v)
		}
	}
	frameAt(t, mono, 12)[3] &^= 0xc0
	if a, _, err := decodeBytes(mono); err != nil || a.Channels != 1 || !strings.Contains(a.Note(), "1 frames are damaged") {
		t.Errorf("one header of another kind: %v, %d channels, %q", err, a.Channels, a.Note())
	}
}

// failing is a file that cannot be read from some place on.
type failing struct {
	b    []byte
	from int64
}

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.from {
		return 0, io.ErrClosedPipe
	}
	return copy(p, f.b[off:]), nil
}

// TestMP3Unreadable holds that a failing medium is an error, not an end.
func TestMP3Unreadable(t *testing.T) {
	b := fixture(t, "stereo320.mp3")
	if _, err := Open(failing{b, 5}, int64(len(b))); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("at once: %v", err)
	}
	if _, err := Open(failing{b, 10000}, int64(len(b))); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("behind some frames: %v", err)
	}
}
