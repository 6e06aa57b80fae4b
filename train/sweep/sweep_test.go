package sweep

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
	"prep/data/work"
	"prep/train"
)

const (
	testGroups  = 9
	testHits    = 18 // a group
	testClasses = 3
)

// makeSet writes a set of so many groups, without patches.
func makeSet(t testing.TB, groups int) *data.Set {
	t.Helper()
	var c datatest.Contents
	for g := range groups {
		r := data.Recording{ID: fmt.Sprintf("r%02d", g), Name: fmt.Sprintf("%02d.wav", g), Group: fmt.Sprintf("voice%02d", g), Rate: 44100, Samples: 44100}
		c.Recordings = append(c.Recordings, r)
		for n := range testHits {
			onset := 1000 * (n + 1)
			c.Hits = append(c.Hits, data.Hit{ID: data.HitID(r.ID, onset), Recording: r.ID, Start: onset, Onset: onset, End: onset + 100,
				Offset: onset + 60 + n%7, Found: data.FoundDetected, Mark: onset, Confidence: 1})
			c.Labels = append(c.Labels, data.Label{Recording: r.ID, Onset: onset, Class: className(n), By: data.ByImport})
		}
	}
	return datatest.NewSet(t, c)
}

func className(n int) string { return fmt.Sprintf("class%d", n%testClasses) }

// noise is a recipe of the tests: how loud the noise is that a class, a bump in
// its own bands, is hidden in; whether the labels of two hits of each group, a
// ninth of all, are exchanged; whether the values are not finite.
type noise struct {
	Deviation float64
	Corrupt   bool
	Broken    bool
}

// prepareNoise makes 16 x 16 patches.
func prepareNoise(_ context.Context, v *data.Set, a Arm) error {
	recipe := a.Recipe.(noise)
	hits, err := v.Hits()
	if err != nil {
		return err
	}
	w, err := v.CreatePatches("mel", 1, 16, 16)
	if err != nil {
		return err
	}
	var wrong []data.Label
	for _, h := range hits {
		n := h.Onset/1000 - 1
		random := data.Rand(1, h.ID)
		p := data.Patch{Hit: h.ID, Channels: 1, Bands: 16, Frames: 16, Values: make([]float32, 256)}
		for j := range p.Values {
			p.Values[j] = float32(recipe.Deviation * random.NormFloat64())
			if j/16/4 == n%testClasses {
				p.Values[j]++
			}
			if recipe.Broken {
				p.Values[j] = float32(math.NaN())
			}
		}
		if err := w.Write(p); err != nil {
			return err
		}
		if recipe.Corrupt && n < 2 {
			wrong = append(wrong, data.Label{Recording: h.Recording, Onset: h.Onset, Class: className(1 - n), By: data.ByHuman})
		}
	}
	return errors.Join(w.Commit(map[string]any{}), v.AppendLabels(wrong...))
}

// testArm is an arm of a small network that learns the classes in a moment.
func testArm(s Settings) Arm {
	c := train.Default()
	c.Folds, c.Epochs, c.Patience, c.Batch, c.LearningRate, c.Jitter = 3, 4, 4, 16, 1e-2, train.Jitter{}
	return Arm{Settings: s, Train: c, Net: Family{Depth: 2, Width: 4}, Recipe: noise{Deviation: 2},
		In: train.Shape{Bands: 16, Frames: 16, Channels: 1}, Grid: Grid{HopMs: 1, HzPerBand: 300}}
}

// variedArms are a base and five departures, one of which does not fit.
func variedArms() []Arm {
	arms := []Arm{testArm(Settings{})}
	add := func(name string, change func(*Arm)) {
		a := testArm(Settings{"name": name})
		change(&a)
		arms = append(arms, a)
	}
	add("tall", func(a *Arm) { a.Net.Kernel.Bins = train.Size{Bands: 5, Frames: 1} })
	add("no fit", func(a *Arm) { a.Net.Pool = train.Size{Bands: 16, Frames: 16} })
	add("louder", func(a *Arm) { a.Recipe = noise{Deviation: 3} })
	add("twin", func(a *Arm) {})
	add("narrow", func(a *Arm) { a.Net.Width = 2 })
	return arms
}

func open(t testing.TB, set *data.Set, c Config, arms []Arm, shard work.Shard) *Sweep {
	t.Helper()
	s, err := New(set, c, arms, prepareNoise, shard)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func run(t testing.TB, set *data.Set, c Config, arms []Arm) Report {
	t.Helper()
	s := open(t, set, c, arms, work.Shard{})
	if err := s.Run(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	r, err := s.Report()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func testConfig() Config { return Config{Name: "test", Seeds: 2, Curve: []float64{0.5}} }

// text returns all that a report holds, sights too.
func text(t testing.TB, r Report) string {
	t.Helper()
	var b bytes.Buffer
	err := json.NewEncoder(&b).Encode(r)
	for _, row := range r.Rows {
		err = errors.Join(err, json.NewEncoder(&b).Encode(row.Sight))
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSweepOfVariedArms(t *testing.T) {
	whole := makeSet(t, testGroups)
	r := run(t, whole, testConfig(), variedArms())
	t.Run("the report names what was left out", func(t *testing.T) { namesWhatWasLeftOut(t, r) })
	t.Run("shards and stops change nothing", func(t *testing.T) { shardsAndStopsChangeNothing(t, whole, text(t, r)) })
}

func namesWhatWasLeftOut(t *testing.T, r Report) {
	if len(r.Rows) != 4 || r.Rows[0].Arm != baseName || r.Hits != testGroups*testHits || r.Groups != testGroups {
		t.Fatalf("%d rows of %d hits in %d groups, the first %q", len(r.Rows), r.Hits, r.Groups, r.Rows[0].Arm)
	}
	if base := r.Rows[0].Accuracy; base.Value < 0.6 || base.CI[0] > base.Value || base.CI[1] < base.Value {
		t.Errorf("the base has %v: the test's classes can be learnt", base)
	}
	for _, row := range r.Rows {
		var hits, right int
		for _, g := range row.ByGroup {
			hits += g.Hits
			right += sum(g.Right)
		}
		if got := float64(right) / float64(hits*row.Seeds); hits != r.Hits || math.Abs(got-row.Accuracy.Value) > 1e-9 {
			t.Errorf("%s: by group %d hits, accuracy %v; in all %d, %v", row.Arm, hits, got, r.Hits, row.Accuracy.Value)
		}
	}
	want := []string{"the pool is larger", "the same as base"}
	if len(r.Skipped) != 2 {
		t.Fatalf("left out: %v, want no fit and twin", r.Skipped)
	}
	for i, s := range r.Skipped {
		if !strings.Contains(s.Reason, want[i]) {
			t.Errorf("%s was left out because %q, want %q", s.Arm, s.Reason, want[i])
		}
	}
	if len(r.Curves) != 2 || r.Curves[0].Points[0].Groups >= r.Curves[0].Points[1].Groups {
		t.Errorf("curves %+v: want two, of rising amounts", r.Curves)
	}
}

// Four shards, run one after the other and stopped in between, leave the same
// results as one run, and the report is the same to the byte.
func shardsAndStopsChangeNothing(t *testing.T, whole *data.Set, want string) {
	split := makeSet(t, testGroups)
	for i := range 4 {
		s := open(t, split, testConfig(), variedArms(), work.Shard{I: i, N: 4})
		ctx, stop := context.WithCancel(context.Background())
		steps := 0
		err := s.Run(ctx, func(data.Step) {
			if steps++; steps == 15 {
				stop()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("shard %d: %v, want to be stopped", i, err)
		}
		if _, err := s.Report(); !errors.Is(err, errWaiting) {
			t.Errorf("a report of part of the results: %v", err)
		}
		if err := open(t, split, testConfig(), variedArms(), work.Shard{I: i, N: 4}).Run(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, split, testConfig(), variedArms(), work.Shard{})
	if missing, err := s.Missing(); err != nil || missing != 0 {
		t.Fatalf("%d results are missing (%v)", missing, err)
	}
	r, err := s.Report()
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, r); got != want {
		t.Errorf("the reports differ:\n%s\n%s", got, want)
	}
	sameResults(t, split, whole)
}

func sameResults(t *testing.T, a, b *data.Set) {
	t.Helper()
	paths, err := filepath.Glob(b.Path("sweeps", resultsDir, "*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no results (%v)", err)
	}
	for _, p := range paths {
		want, err := os.ReadFile(p)
		got, err2 := os.ReadFile(a.Path("sweeps", resultsDir, filepath.Base(p)))
		if err != nil || err2 != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs (%v, %v)", filepath.Base(p), err, err2)
		}
	}
}

// Five pairs of seeds of one configuration are no different; an arm with a ninth
// of the labels wrong, of what it learns from and of what it is tested on, is
// worse, also after the correction.
func TestNullAndPlantedEffect(t *testing.T) {
	var arms []Arm
	for seed := range uint64(5) {
		s := Settings{}
		if seed > 0 {
			s = Settings{"train.seed": 2*seed + 1}
		}
		a := testArm(s)
		a.Train.Seed = 2*seed + 1
		arms = append(arms, a)
	}
	planted := testArm(Settings{"name": "planted"})
	planted.Recipe = noise{Deviation: 2, Corrupt: true}
	r := run(t, makeSet(t, 3*testGroups), Config{Name: "null", Seeds: 2}, append(arms, planted))
	for _, row := range r.Rows[1:] {
		want := None
		if row.Arm == "planted" {
			want = Worse
		}
		t.Logf("%s: %+.3f, p %.3f after correction", row.Arm, row.Difference.Value, row.Difference.Holm)
		if got := row.Difference.Verdict(); got != want {
			t.Errorf("%s: %s, want %s", row.Arm, got, want)
		}
	}
	if len(r.Rows) != 6 {
		t.Errorf("%d rows, want 6: %v", len(r.Rows), r.Skipped)
	}
}

// A training that diverges is a result; the rest of the sweep goes on.
func TestDivergedArmIsLeftOut(t *testing.T) {
	wild := testArm(Settings{"name": "wild"})
	wild.Recipe = noise{Broken: true}
	r := run(t, makeSet(t, testGroups), Config{Name: "wild", Seeds: 1}, []Arm{testArm(Settings{}), wild})
	if len(r.Rows) != 1 || len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Reason, "diverged") {
		t.Errorf("rows %d, left out %v: want one that diverged", len(r.Rows), r.Skipped)
	}
}

func TestNewRefuses(t *testing.T) {
	set := makeSet(t, testGroups)
	folds := testArm(Settings{})
	folds.Train.Folds = testGroups + 1
	fit := testArm(Settings{})
	fit.Net.Pool = train.Size{Bands: 16, Frames: 16}
	for _, c := range []struct {
		name, want string
		arm        Arm
	}{{"more folds than groups", "folds is 10, but there are labelled hits of 9 groups", folds}, {"a base that does not fit", "the pool is larger", fit}} {
		if _, err := New(set, testConfig(), []Arm{c.arm}, prepareNoise, work.Shard{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// Halving drops the worse half after each seed and never the base; a shard that
// misses a result of another waits for it.
func TestHalving(t *testing.T) {
	c := Config{Name: "half", Seeds: 3, Halving: true}
	arms := []Arm{testArm(Settings{})}
	for i, deviation := range []float64{0.5, 2.5, 8, 9} {
		a := testArm(Settings{"name": fmt.Sprint("arm ", i)})
		a.Recipe = noise{Deviation: deviation}
		arms = append(arms, a)
	}
	set := makeSet(t, testGroups)
	s := open(t, set, c, arms, work.Shard{I: 0, N: 2})
	if err := s.Run(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.armsLeft(1); !errors.Is(err, errWaiting) {
		t.Errorf("half of the first seed is there: %v, want errWaiting", err)
	}
	r := run(t, set, c, arms)
	want := []int{3, 3, 2, 1, 1}
	for i, row := range r.Rows {
		if row.Seeds != want[i] {
			t.Errorf("%s has %d seeds, want %d", row.Arm, row.Seeds, want[i])
		}
	}
}
