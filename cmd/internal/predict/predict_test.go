package predict

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
	"prep/data/num"
	"prep/features"
	"prep/ingest"
	"prep/ingest/decode"
	"prep/segment"
)

// small is a set of 14 hits of 7 classes in 2 recordings, with the model "tiny".
const small = "../../prep/testdata/set-0.1.0"

// tiny returns the small set and its model.
func tiny(t *testing.T, c Config) (*data.Set, *Predictor) {
	t.Helper()
	set := datatest.CopySet(t, small)
	p, err := New(set.Path("models", "tiny"), segment.Default(), c)
	if err != nil {
		t.Fatal(err)
	}
	return set, p
}

// audioFiles returns the audio of the set's recordings.
func audioFiles(t *testing.T, set *data.Set) (files []string) {
	t.Helper()
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range recordings {
		files = append(files, set.Path("audio", r.ID+".wav"))
	}
	return files
}

// Every hit of a recording has a name, the most probable of all, and a time in
// it; those below the bound are unsure.
func TestEveryHitIsNamed(t *testing.T) {
	const unsure = 0.2
	set, p := tiny(t, Config{Unsure: unsure})
	steps := 0
	files := audioFiles(t, set)
	got, err := p.Files(t.Context(), files, func(s data.Step) {
		steps++
		if s.Stage != "predict" || s.Done != steps || s.Total != 2 || s.Note != files[steps-1] {
			t.Errorf("step %d: %+v", steps, s)
		}
	})
	if err != nil || len(got.Recordings) != 2 || len(got.Skips) != 0 || steps != 2 {
		t.Fatalf("%d recordings, skips %v, %d steps, %v", len(got.Recordings), got.Skips, steps, err)
	}
	marked := map[bool]int{}
	for _, r := range got.Recordings {
		last := 0.0
		for _, h := range r.Hits {
			best := num.ArgMax(h.Probabilities)
			if h.Class != p.Classes()[best] || h.Probability != h.Probabilities[best] || h.Unsure != (h.Probability < unsure) {
				t.Errorf("%+v is not the most probable class, or marked wrongly", h)
			}
			if !(last < h.Onset && h.Start <= h.Onset && h.Onset < h.End && h.End-h.Start < 0.0501) {
				t.Errorf("hit from %v, %v to %v after one at %v", h.Start, h.Onset, h.End, last)
			}
			last = h.Onset
			marked[h.Unsure]++
		}
	}
	if n := marked[true] + marked[false]; n < 12 || n > 16 || got.Model != set.Path("models", "tiny") || len(got.Classes) != 7 {
		t.Errorf("%v hits, model %s, classes %v; want about 14 of 7 classes", marked, got.Model, got.Classes)
	}
}

// The hits of a set's recordings get the probabilities that their files get.
func TestAFileIsHeardAsItsRecordingIs(t *testing.T) {
	set, p := tiny(t, Config{})
	got, err := p.Files(t.Context(), audioFiles(t, set)[:1], nil)
	if err != nil {
		t.Fatal(err)
	}
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	audio, err := set.Audio(recordings[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	defer audio.Close()
	hits, err := segment.Default().Hits(audio)
	if err != nil {
		t.Fatal(err)
	}
	for i := range hits {
		hits[i].Recording = recordings[0].ID
	}
	want, err := p.Probabilities(set, hits)
	if err != nil || len(want) != len(got.Recordings[0].Hits) {
		t.Fatalf("%d of the set, %d of the file, %v", len(want), len(got.Recordings[0].Hits), err)
	}
	for i, h := range got.Recordings[0].Hits {
		if !reflect.DeepEqual(h.Probabilities, want[i]) {
			t.Errorf("hit %d: %v of the file, %v of the set", i, h.Probabilities, want[i])
		}
	}
	if _, err := p.Probabilities(set, []data.Hit{{Recording: "gone"}}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a recording that is gone: %v", err)
	}
}

// A file that cannot be read is a skip with its reason; where none can, there
// is no result.
func TestAFileThatCannotBeReadIsASkip(t *testing.T) {
	set, p := tiny(t, Config{})
	bad := filepath.Join(t.TempDir(), "bad.wav")
	if err := os.WriteFile(bad, []byte("no audio"), 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := p.Files(t.Context(), []string{bad, audioFiles(t, set)[0]}, nil)
	if err != nil || len(got.Recordings) != 1 || len(got.Skips) != 1 || got.Skips[0].Item != bad || got.Skips[0].Reason == "" {
		t.Errorf("got %d recordings, skips %v, %v", len(got.Recordings), got.Skips, err)
	}
	if _, err := p.Files(t.Context(), []string{bad, bad}, nil); err == nil || !strings.HasPrefix(err.Error(), "nothing could be read: "+bad) {
		t.Errorf("of nothing: %v", err)
	}
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Files(over, audioFiles(t, set), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of its context: %v", err)
	}
}

// A model that is not there, is damaged, or was trained on patches that this
// program does not make is refused, by its folder.
func TestAModelOfOtherPatchesIsRefused(t *testing.T) {
	set := datatest.CopySet(t, small)
	dir := set.Path("models", "tiny")
	whole, err := os.ReadFile(filepath.Join(dir, "model.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, want string }{
		{`"bin_hz": 31.25`, `"bin_hz": 30`, "bin_hz is 31.25, the model was trained with 30"},
		{`"kind": "mel"`, `"kind": "smell"`, "recipe: "},
		{`"hop": 16`, `"hop": "a"`, "recipe: "},
		{`"format": 1`, `"format": 7`, "format 7"},
	} {
		text := strings.Replace(string(whole), c.from, c.to, 1)
		if text == string(whole) {
			t.Fatalf("model.json holds no %s", c.from)
		}
		if err := os.WriteFile(filepath.Join(dir, "model.json"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := New(dir, segment.Default(), Config{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.to, err, c.want)
		}
	}
	if _, err := New(set.Path("models", "none"), segment.Default(), Config{}); err == nil || !strings.Contains(err.Error(), "no model here") {
		t.Errorf("no model: %v", err)
	}
}

// raw returns the audio of a WAV file of the set as it comes from a microphone.
func raw(t *testing.T, path string, rate data.Rate) *ingest.Live {
	t.Helper()
	audio, err := data.OpenAudio(path)
	if err != nil {
		t.Fatal(err)
	}
	defer audio.Close()
	x := make([]float32, audio.Len())
	if err := audio.ReadAt(x, 0); err != nil {
		t.Fatal(err)
	}
	var b []byte
	for _, v := range x {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	live, err := ingest.NewLive(bytes.NewReader(b), decode.PCM{Rate: rate, Channels: 1, Encoding: "f32le"}, rate)
	if err != nil {
		t.Fatal(err)
	}
	return live
}

// Live finds the hits that a causal detector finds in the file, at their times
// and with their names.
func TestLiveNamesTheHitsOfTheFile(t *testing.T) {
	set, _ := tiny(t, Config{})
	detector := segment.Default()
	detector.Causal = true
	p, err := New(set.Path("models", "tiny"), detector, Config{})
	if err != nil {
		t.Fatal(err)
	}
	file := audioFiles(t, set)[0]
	want, err := p.Files(t.Context(), []string{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []Hit
	err = p.Live(raw(t, file, p.Rate()), func(h Hit) error { got = append(got, h); return nil },
		func(at float64, why error) { t.Errorf("lost the hit at %v s: %v", at, why) })
	if err != nil || len(got) != len(want.Recordings[0].Hits) || len(got) == 0 {
		t.Fatalf("%d hits, want %d: %v", len(got), len(want.Recordings[0].Hits), err)
	}
	for i, w := range want.Recordings[0].Hits {
		if g := got[i]; g.Onset != w.Onset || g.Class != w.Class || !reflect.DeepEqual(g.Probabilities, w.Probabilities) {
			t.Errorf("hit %d: got %s at %v, want %s at %v", i, g.Label(), g.Onset, w.Label(), w.Onset)
		}
	}
}

// Live ends with the first error of who is told, and tells of a hit that has no
// patch.
func TestLiveEndsWithItsListener(t *testing.T) {
	set, p := tiny(t, Config{})
	file, told := audioFiles(t, set)[0], 0
	err := p.Live(raw(t, file, p.Rate()), func(Hit) error { told++; return io.ErrClosedPipe }, nil)
	if !errors.Is(err, io.ErrClosedPipe) || told != 1 {
		t.Errorf("told %d times, %v; want once and %v", told, err, io.ErrClosedPipe)
	}
	lost := 0
	p.recipe.Rate /= 2 // a microphone at another rate than its patches
	p.extract, err = features.New(p.recipe.Config, p.recipe.Rate)
	if err != nil {
		t.Fatal(err)
	}
	err = p.Live(raw(t, file, 2*p.Rate()), func(Hit) error { t.Error("a hit without a patch was named"); return nil },
		func(at float64, why error) {
			if lost++; at <= 0 || why == nil {
				t.Errorf("lost at %v: %v", at, why)
			}
		})
	if err != nil || lost == 0 {
		t.Errorf("%d hits lost, %v; want some and no error", lost, err)
	}
}

// A model whose patches are masked needs to know when a hit ends.
func TestAMaskedModelIsNotLive(t *testing.T) {
	_, p := tiny(t, Config{})
	if err := p.CheckLive(); err != nil {
		t.Error(err)
	}
	p.recipe.Config.Mask = true
	if err := p.CheckLive(); !errors.Is(err, ErrMasked) || !strings.HasPrefix(err.Error(), p.dir) {
		t.Errorf("got %v, want %v of %s", err, ErrMasked, p.dir)
	}
}

func TestValidateNamesTheSettingOutOfRange(t *testing.T) {
	for _, c := range []struct {
		config Config
		want   string
	}{
		{Config{}, ""},
		{Config{Unsure: 1, Notes: map[string]int{"kick": 0, "hat": 127}}, ""},
		{Config{Unsure: -0.1}, "unsure: -0.1"},
		{Config{Unsure: float32(math.NaN())}, "unsure: NaN"},
		{Config{Notes: map[string]int{"kick": 128, "zap": -1}}, "notes: kick: 128"},
	} {
		err := c.config.Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: got %v, want %q", c.config, err, c.want)
		}
	}
}
