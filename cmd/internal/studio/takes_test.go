package studio

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"prep/cmd/internal/config"
	"prep/cmd/internal/page"
	"prep/data"
	"prep/data/corpus"
	"prep/data/work"
)

var day = time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)

// newSet returns an empty set that is open for writing.
func newSet(t *testing.T) *data.Set {
	t.Helper()
	set, err := data.Create(filepath.Join(t.TempDir(), "mine"))
	check(t, err)
	t.Cleanup(func() { set.Close() })
	return set
}

// raw returns samples as a browser sends them.
func raw(samples []float32) []byte {
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, samples)
	return b.Bytes()
}

func ramp(from, to int) (x []float32) {
	for i := from; i < to; i++ {
		x = append(x, float32(i)/1e5)
	}
	return x
}

// samplesOf reads a WAV file of 32-bit floats as the page writes it.
func samplesOf(t *testing.T, path string) (rate uint32, samples []float32) {
	t.Helper()
	b, err := os.ReadFile(path)
	check(t, err)
	var h wavHeader
	check(t, binary.Read(bytes.NewReader(b), binary.LittleEndian, &h))
	if string(h.RIFF[:]) != "RIFF" || int(h.Size) != len(b)-8 || int(h.DataSize) != len(b)-headerSize {
		t.Fatalf("%s: header %+v of %d bytes", path, h, len(b))
	}
	samples = make([]float32, h.DataSize/4)
	check(t, binary.Read(bytes.NewReader(b[headerSize:]), binary.LittleEndian, samples))
	return h.Rate, samples
}

// A take whose connection breaks, or whose program is killed, is gone on with from the sample
// that was kept last, and holds what was recorded.
func TestATakeGoesOn(t *testing.T) {
	set := newSet(t)
	take := page.Take{ID: "x1", Person: "Ada L.", Sound: "kick", Device: "USB\tMic", Rate: 48000}
	all, err := openTakes(set)
	check(t, err)
	r, err := all.record(take, day)
	check(t, err)
	check(t, r.Append(raw(ramp(0, 1000))))
	if _, err := all.record(take, day); err == nil {
		t.Error("one take is recorded twice at once")
	}
	check(t, r.Close()) // the connection broke
	r, err = all.record(take, day)
	check(t, err)
	if r.Have() != 1000 {
		t.Fatalf("%d samples are kept, want 1000", r.Have())
	}
	check(t, r.Append(raw(ramp(1000, 1500))))
	b, err := os.ReadFile(r.path + unfinished)
	check(t, err)
	r.file.Close() // the program was killed, within a sample
	check(t, os.WriteFile(r.path+unfinished, append(b, 1, 2, 3), 0o666))

	all, err = openTakes(set)
	check(t, err)
	r, err = all.record(take, day)
	check(t, err)
	if r.Have() != 1500 {
		t.Fatalf("after a kill %d samples are kept, want 1500", r.Have())
	}
	check(t, r.Append(raw(ramp(1500, 2000))))
	check(t, r.Close())
	rate, samples := samplesOf(t, set.Path("takes", "Ada-L-kick-01.wav"))
	if rate != 48000 || !slices.Equal(samples, ramp(0, 2000)) {
		t.Errorf("%d samples at %d", len(samples), rate)
	}
	text, err := os.ReadFile(set.Path("takes", "takes.csv"))
	check(t, err)
	if got, want := string(text), "file,person,sound,date,device,take\nAda-L-kick-01.wav,Ada L.,kick,2026-11-28,USB Mic,x1\n"; got != want {
		t.Errorf("the table is %q, want %q", got, want)
	}
}

// Of a take without a sample nothing remains.
func TestAnEmptyTakeIsNone(t *testing.T) {
	set := newSet(t)
	all, err := openTakes(set)
	check(t, err)
	r, err := all.record(page.Take{ID: "x1", Person: "ada", Rate: 44100}, day)
	check(t, err)
	check(t, r.Close())
	entries, err := os.ReadDir(set.Path("takes"))
	check(t, err)
	if len(entries) != 1 || all.any() {
		t.Errorf("left: %v, %v", entries, all.rows)
	}
}

func TestTakesThatCannotBe(t *testing.T) {
	all, err := openTakes(newSet(t))
	check(t, err)
	for want, take := range map[string]page.Take{
		"who is recorded?":       {ID: "a", Rate: 44100},
		"no ID that can be kept": {Person: "ada", Rate: 44100},
		"at most 255 bytes":      {ID: "a", Person: "ada", Sound: strings.Repeat("x", 256), Rate: 44100},
		"can be taken in":        {ID: "a", Person: "ada", Rate: 7},
		"control characters":     {ID: "a", Person: "a\x1bb", Rate: 44100},
		"ID that can be kept":    {ID: "a b", Person: "ada", Rate: 44100},
		"that can be kept":       {ID: strings.Repeat("x", 41), Person: "ada", Rate: 44100},
		"0 samples a second":     {ID: "a", Person: "ada"},
	} {
		if _, err := all.record(take, day); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %s", take, err, want)
		}
	}
	for _, name := range []string{"", ".", "..", "../x.wav/..", ".hidden", "takes.csv", "a\nb.wav"} {
		if err := all.keep(name, "ada", day, strings.NewReader("x")); err == nil {
			t.Errorf("%q was kept", name)
		}
	}
	if err := all.keep(`C:\music\a.wav`, "ada", day, strings.NewReader("x")); err != nil {
		t.Error(err)
	}
	if err := all.keep("a.wav", "ada", day, strings.NewReader("y")); err == nil || !strings.Contains(err.Error(), "is here already") {
		t.Errorf("a second a.wav: %v", err)
	}
}

// A table that somebody changed is named; nothing is written over it.
func TestADamagedTableIsNamed(t *testing.T) {
	set := newSet(t)
	check(t, os.Mkdir(set.Path("takes"), 0o777))
	check(t, os.WriteFile(set.Path("takes", "takes.csv"), []byte("my notes"), 0o666))
	if _, err := openTakes(set); err == nil || !strings.Contains(err.Error(), "takes/takes.csv: not the table that prep wrote") {
		t.Errorf("got %v", err)
	}
}

// What is recorded comes into the set, is named by its sound once, and makes a model that listens.
func TestTakesBecomeAModel(t *testing.T) {
	set := newSet(t)
	s, err := Open(work.On(set, nil), config.Default(), Options{Who: "ada", Learn: true, Tell: func(w string) { t.Log(w) }})
	check(t, err)
	defer s.listener.Close()
	made := corpus.Default()
	made.Voices, made.TakesPerVoice, made.HitsPerTake = 1, 1, 24
	for take := range corpus.Generate(made) {
		samples := take.Clip.Samples
		for i, class := range []string{"kick", "snare"} {
			r, err := s.Record(page.Take{ID: class, Person: "ada", Sound: class, Rate: take.Clip.Rate})
			check(t, err)
			half := samples[i*len(samples)/2 : (i+1)*len(samples)/2]
			check(t, r.Append(raw(half)))
			check(t, r.Close())
		}
	}
	taken, err := s.TakeIn(t.Context())
	check(t, err)
	if taken.Recordings != 2 || taken.Found < 12 || taken.Named != taken.Found {
		t.Errorf("taken in: %+v", taken)
	}
	if _, err := s.Record(page.Take{ID: "kick", Person: "ada", Sound: "kick", Rate: 44100}); err == nil {
		t.Error("a take that is in the set was gone on with")
	}
	again, err := s.TakeIn(t.Context())
	check(t, err)
	if again.Recordings != 0 || again.Named != 0 {
		t.Errorf("taken in again: %+v", again)
	}
	r, digest, err := s.adapt("")
	check(t, err)
	if r.Group != "ada" || r.Hits != taken.Named || len(knowledgeOf(r).Sounds) != 2 {
		t.Errorf("learned %+v", knowledgeOf(r))
	}
	if _, same, err := s.adapt(digest); err != nil || same != digest {
		t.Errorf("the same again is learned anew: %v", err)
	}
	var heard []page.Heard
	recordings, err := set.Recordings()
	check(t, err)
	a, err := set.Audio(recordings[0].ID)
	check(t, err)
	defer a.Close()
	x := make([]float32, a.Len())
	check(t, a.ReadAt(x, 0))
	check(t, s.Listen(44100, bytes.NewReader(raw(x)), func(h page.Heard) error { heard = append(heard, h); return nil }))
	if len(heard) < 6 {
		t.Fatalf("%d hits were heard", len(heard))
	}
	for _, h := range heard {
		if !slices.Contains([]string{"kick", "snare", data.None}, h.Class) || math.Abs(h.End-h.Onset) > 0.05 || h.Level > 0 {
			t.Errorf("heard %+v", h)
		}
	}
}
