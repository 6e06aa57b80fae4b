package teach

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"prep/data"
	"prep/data/corpus"
	"prep/data/work"
	"prep/ingest"
	"prep/segment"
)

// annotated returns a set of two voices with their true onsets.
func annotated(t *testing.T) *data.Set {
	t.Helper()
	dir, made := t.TempDir(), corpus.Default()
	made.Voices, made.TakesPerVoice, made.HitsPerTake = 2, 1, 10
	if err := corpus.Write(dir, made); err != nil {
		t.Fatal(err)
	}
	set := data.At(t.TempDir())
	c := ingest.Default()
	c.Paths, c.GroupFrom = []string{dir}, "^([^/]+)/"
	if _, err := ingest.Run(t.Context(), work.On(set, nil), c); err != nil {
		t.Fatal(err)
	}
	s := segment.Default()
	s.Onsets = "annotation"
	if _, err := segment.Run(t.Context(), work.On(set, nil), s); err != nil {
		t.Fatal(err)
	}
	return set
}

func small() Config {
	c := Default()
	c.Folds = 2
	c.Material = Plan{Surrounded: 1, Mixes: 2, Voices: 1, Noises: 1, Seed: 1}
	c.Training.Steps, c.Training.Batch, c.Training.Crop = 40, 4, 128
	return c
}

// Teaching measures who was held out, says what it learned from, and gives the same bytes
// twice.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("trains six networks")
	}
	set := annotated(t)
	var files [2][]byte
	for i := range files {
		r, err := Run(t.Context(), set, small(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Recordings != 2 || r.Groups != 2 || r.Folds != 2 || r.Onsets != 20 || len(r.Held) != 5 || r.Known != 0 {
			t.Errorf("%+v", r)
		}
		for _, l := range r.Held {
			if l.Taught.Value < l.Taught.CI[0] || l.Taught.Value > l.Taught.CI[1] || len(l.Taught.Each) != 2 || l.Shipped < 0.5 {
				t.Errorf("%+v", l)
			}
		}
		if files[i], err = os.ReadFile(r.Detector); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two runs differ")
	}
	c := segment.Default()
	c.Detector = set.Path("detectors", "taught.bin")
	d, err := c.Open()
	if err != nil {
		t.Fatal(err)
	}
	recordings, _ := set.Recordings()
	for _, r := range recordings {
		if !slices.Contains(d.Learned, r.ID) {
			t.Errorf("%s is not among what was learned from", r.Name)
		}
	}
	if _, err := segment.Evaluate(t.Context(), set, c, nil); err != segment.ErrLearned {
		t.Errorf("a score on what was learned from: %v", err)
	}
}

func TestRunRefuses(t *testing.T) {
	set := data.At(t.TempDir())
	if err := set.WriteRecordings(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), set, small(), nil); err != segment.ErrNoAnnotation {
		t.Errorf("a set without onsets: %v", err)
	}
	c := small()
	c.Name = "../up"
	if _, err := Run(t.Context(), set, c, nil); err == nil {
		t.Error("a name that is a path passes")
	}
	if found, _ := filepath.Glob(set.Path("*", "*")); len(found) > 0 {
		t.Errorf("left behind: %v", found)
	}
}

// Calibration finds the odds that the peaks were drawn by.
func TestCalibrate(t *testing.T) {
	random := data.Rand(1, "peaks")
	var all []peak
	for range 20000 {
		p := peak{Peak: segment.Peak{Output: 3 * random.NormFloat64(), Noise: 2.5 * random.Float64()}}
		p.hit = random.Float64() < 1/(1+math.Exp(-0.7*p.Output-0.4-0.5*p.Noise))
		all = append(all, p)
	}
	c := calibrate(all)
	if math.Abs(c.slope-0.7) > 0.03 || math.Abs(c.shift-0.4) > 0.1 || math.Abs(c.noise-0.5) > 0.08 {
		t.Errorf("%+v; want 0.7, 0.4 and 0.5", c)
	}
}
