package gallery

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-audio/wav"

	"prep/augment"
	"prep/data"
	"prep/data/corpus"
	"prep/data/work"
	"prep/features"
	"prep/ingest"
	"prep/segment"
	"prep/train"
)

// made is a set of two voices with patches and a model, made once; each test
// gets a copy.
var made = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gallery-")
	if err != nil {
		return "", err
	}
	source := filepath.Join(dir, "source")
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 2, 1, 21
	if err := corpus.Write(source, c); err != nil {
		return "", err
	}
	set, err := data.Create(filepath.Join(dir, "set"))
	if err != nil {
		return "", err
	}
	defer set.Close()
	return set.Path(), prepare(work.On(set, nil), source)
})

func prepare(e work.Engine, source string) error {
	ctx := context.Background()
	in := ingest.Default()
	in.Paths, in.GroupFrom = []string{source}, "^([^/]+)/"
	learn := train.Default()
	learn.Folds, learn.Epochs = 2, 1
	_, err1 := ingest.Run(ctx, e, in)
	_, err2 := segment.Run(ctx, e, segment.Default())
	_, err3 := features.Run(ctx, e, features.Default(), data.Render{})
	_, err4 := train.Run(ctx, e, learn)
	return errors.Join(err1, err2, err3, err4)
}

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := made(); err == nil {
		os.RemoveAll(filepath.Dir(dir))
	}
	os.Exit(code)
}

// engine returns the engine of a set of the test's own.
func engine(t *testing.T) work.Engine {
	t.Helper()
	dir, err := made()
	if err != nil {
		t.Fatal(err)
	}
	own := t.TempDir()
	if err := os.CopyFS(own, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	set, err := data.OpenWriter(own)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	return work.On(set, nil)
}

func usual() Config { return Config{Kind: "mel", Features: features.Default()} }

// The first look is drawn once, listed in the order of the page, and again when
// a picture was removed.
func TestTheFirstLookIsDrawnOnce(t *testing.T) {
	e := engine(t)
	first, err := Draw(t.Context(), e, usual())
	if err != nil || len(first.Skips) > 0 || first.Counts["pictures"] != len(first.Pictures)-1 {
		t.Fatalf("got %+v, %v", first, err)
	}
	if first.Pictures[0] != e.Set.Path("plots", "index.html") {
		t.Errorf("first of all is %s, want the page", first.Pictures[0])
	}
	for _, name := range []string{"overview.png", "confusion-compact.png", "calibration-compact.png", "curves-compact.png",
		"class-kick.png", "hit-kick.png", "harmonics.png", "features.png"} {
		if !slices.Contains(first.Pictures, e.Set.Path("plots", name)) {
			t.Errorf("%s is not drawn", name)
		}
	}
	for _, p := range first.Pictures[1:] {
		decodePNG(t, p)
	}
	if again, err := Draw(t.Context(), e, usual()); err != nil || !again.Unchanged || !slices.Equal(again.Pictures, first.Pictures) {
		t.Errorf("again: %+v, %v", again.Summary, err)
	}
	os.Remove(first.Pictures[1])
	if again, err := Draw(t.Context(), e, usual()); err != nil || again.Unchanged {
		t.Errorf("without a picture: %+v, %v", again.Summary, err)
	}
	pictures, err := Pictures(e.Set)
	if err != nil || len(pictures) != len(first.Pictures)-1 || pictures[0].Path != "plots/overview.png" || pictures[0].Width == 0 {
		t.Errorf("the record: %d pictures, %v", len(pictures), err)
	}
	os.WriteFile(e.Set.Path("plots", "pictures.json"), []byte("{"), 0o666)
	if _, err := Pictures(e.Set); err == nil {
		t.Error("half a record passes")
	}
}

func decodePNG(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	if _, err := png.DecodeConfig(f); err != nil {
		t.Errorf("%s: %v", path, err)
	}
}

func TestDrawPlanned(t *testing.T) {
	e := engine(t)
	plan := &work.Plan{}
	e.Mode = plan
	if _, err := Draw(t.Context(), e, usual()); err != nil || len(plan.Stages) != 1 || !plan.Stages[0].Runs {
		t.Errorf("got %+v, %v", plan, err)
	}
	if _, err := os.Stat(e.Set.Path("plots")); !os.IsNotExist(err) {
		t.Error("a plan has drawn")
	}
}

// Hits by ID and recordings by ID or name are drawn; another name is refused.
func TestHitsAndRecordingsAreDrawnByName(t *testing.T) {
	e := engine(t)
	hits, err := e.Set.Hits()
	if err != nil {
		t.Fatal(err)
	}
	recordings, err := e.Set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := DrawNamed(t.Context(), e, usual(), []string{hits[0].ID, recordings[0].Name, recordings[1].ID})
	if err != nil || len(drawn.Pictures) != 3 || drawn.Counts["pictures"] != 3 {
		t.Fatalf("got %+v, %v", drawn, err)
	}
	for _, p := range drawn.Pictures {
		decodePNG(t, p)
	}
	if _, err := DrawNamed(t.Context(), e, usual(), []string{"nobody"}); err == nil || !strings.Contains(err.Error(), "nobody: no hit and no recording") {
		t.Errorf("got %v", err)
	}
}

// A picture that cannot be drawn is a skip; a disk that cannot be written ends
// the stage, as does a set without hits.
func TestAPictureThatCannotBeDrawnIsASkip(t *testing.T) {
	e := engine(t)
	g, err := open(e.Set, usual())
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	g.add("bad.png", "x", "x", "x", func(w io.Writer) error { return errors.New("nothing to see") })
	g.addOverview()
	sum, err := g.drawAll(t.Context(), nil, g.writeOne)
	if err != nil || len(sum.Skips) != 1 || sum.Skips[0] != (data.Skip{Item: "plots/bad.png", Reason: "nothing to see"}) || sum.Counts["pictures"] != 1 {
		t.Errorf("got %+v, %v", sum, err)
	}
	os.RemoveAll(e.Set.Path("plots"))
	os.WriteFile(e.Set.Path("plots"), nil, 0o666)
	if _, err := g.drawAll(t.Context(), nil, g.writeOne); err == nil || !strings.HasPrefix(err.Error(), "plots/overview.png: ") {
		t.Errorf("a file in place of the folder: %v", err)
	}
	os.Remove(e.Set.Path("plots"))
	e.Set.WriteHits(nil)
	if _, err := Draw(t.Context(), e, usual()); err == nil || !strings.Contains(err.Error(), "no hits to draw") {
		t.Errorf("without hits: %v", err)
	}
}

// Patches that were not made leave out their pictures; others that are damaged
// are told.
func TestDrawWithoutPatches(t *testing.T) {
	e := engine(t)
	c := usual()
	c.Kind = "pcen"
	drawn, err := Draw(t.Context(), e, c)
	if err != nil || slices.Contains(drawn.Pictures, e.Set.Path("plots", "class-kick.png")) {
		t.Errorf("got %+v, %v", drawn, err)
	}
	os.WriteFile(e.Set.Path("features", "mel.json"), []byte("[]"), 0o666)
	if _, err := Draw(t.Context(), e, usual()); err == nil || !strings.Contains(err.Error(), "features/mel.json") {
		t.Errorf("a recipe that is none: %v", err)
	}
}

func TestDrawPreview(t *testing.T) {
	e := engine(t)
	hits, err := e.Set.Hits()
	if err != nil {
		t.Fatal(err)
	}
	c := augment.Default()
	c.Plan = append(c.Plan, augment.Step{Transform: "room_tone", Probability: 1, Min: 10, Max: 20})
	m := augment.Renderer{Open: func(id string) (data.Reader, error) { return e.Set.Audio(id) }}
	p, err := DrawPreview(e.Set, c, m, hits[0].ID)
	if err != nil || len(p.Sounds) != 1+2*len(c.Plan) {
		t.Fatalf("got %+v, %v; want the original and both ends of each step", p, err)
	}
	decodePNG(t, p.Picture)
	for _, s := range p.Sounds {
		if head, err := os.ReadFile(s); err != nil || string(head[:4]) != "RIFF" {
			t.Errorf("%s: %v", s, err)
		}
	}
	if _, err := DrawPreview(e.Set, c, m, "nobody"); err == nil || !strings.Contains(err.Error(), "no such hit") {
		t.Errorf("got %v", err)
	}
}

// The recordings that the detector hears worst are drawn first, and not more
// than six.
func TestRecordingsHeardWorstAreDrawnFirst(t *testing.T) {
	e := engine(t)
	score, err := segment.Score(t.Context(), e, segment.Default())
	if err != nil {
		t.Fatal(err)
	}
	score.Recordings[0].Tolerances[0].F = 0.1
	paths, err := DrawOnsets(t.Context(), e.Set, segment.Default(), score)
	if err != nil || len(paths) != len(score.Recordings) || !strings.Contains(paths[0], data.FileName(score.Recordings[0].Recording)) {
		t.Errorf("got %v, %v", paths, err)
	}
	score.Recordings[0].ID = "gone"
	if _, err := DrawOnsets(t.Context(), e.Set, segment.Default(), score); err == nil {
		t.Error("audio that is gone is drawn")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := DrawOnsets(ended, e.Set, segment.Default(), score); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func TestJobNamesItsModels(t *testing.T) {
	e := engine(t)
	job, err := Job(e.Set, usual())
	text, _ := json.Marshal(job.Inputs)
	if err != nil || !slices.Contains(job.Inputs, "models/compact/report.json") {
		t.Errorf("inputs %s, %v", text, err)
	}
}

// What a picture shows is heard as it was recorded, but as loud as the others.
func TestPicturesAreHeard(t *testing.T) {
	e := engine(t)
	if _, err := Draw(t.Context(), e, usual()); err != nil {
		t.Fatal(err)
	}
	pictures, err := Pictures(e.Set)
	if err != nil {
		t.Fatal(err)
	}
	examples, err := e.Set.Examples()
	if err != nil {
		t.Fatal(err)
	}
	heard := 0
	for _, p := range pictures {
		for _, s := range p.Sounds {
			heard++
			got, err := wav.NewDecoder(bytes.NewReader(s.WAV)).FullPCMBuffer()
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(examples, func(x data.Example) bool {
				r := float64(got.Format.SampleRate)
				return strings.HasSuffix(s.Title, fmt.Sprintf(" at %.3f s", float64(x.Onset)/r)) && strings.Contains(s.Title, x.Group)
			})
			if i < 0 {
				t.Fatalf("%s: no hit is there", s.Title)
			}
			x := examples[i]
			a, err := e.Set.Audio(x.Recording)
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			want, err := data.ReadSpan(a, x.Start, x.End)
			if err != nil {
				t.Fatal(err)
			}
			var peak float64
			for _, v := range want {
				peak = max(peak, math.Abs(float64(v)))
			}
			quiet := a.SampleRate().N(before)
			for k, v := range want {
				if d := float64(got.Data[quiet+k])/32768 - float64(v)*loudest/peak; math.Abs(d) > 1e-4 {
					t.Fatalf("%s: sample %d differs by %g", s.Title, k, d)
				}
			}
		}
	}
	if heard < 10 {
		t.Errorf("%d hits are heard", heard)
	}
}
