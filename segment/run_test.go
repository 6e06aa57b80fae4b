package segment

import (
	"context"
	"errors"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"prep/data"
	"prep/data/datatest"
	"prep/data/work"
)

// newSet returns a set of the given takes, named by their IDs.
func newSet(t *testing.T, takes map[string][]float32, recordings ...data.Recording) *data.Set {
	t.Helper()
	for i := range recordings {
		recordings[i].Name, recordings[i].Rate = recordings[i].ID+".wav", rate
	}
	return datatest.NewSet(t, datatest.Contents{Recordings: recordings, Audio: takes})
}

// labelled returns a set of one recording with labels before its attacks, one
// where nothing is, one beyond its end, and none at the last attack.
func labelled(t *testing.T) *data.Set {
	set := newSet(t, map[string][]float32{"a": sequence()}, data.Recording{ID: "a", Group: "g"})
	for i, o := range []int{truth[0] - 300, truth[1] - 250, truth[2] - 200, truth[3] + 100, 90000, 200000} {
		l := data.Label{Recording: "a", Onset: o, Class: "kick", By: data.ByImport}
		if i == 1 {
			l.By, l.Time, l.Moment = data.ByHuman, "2024-01-01T00:00:00Z", data.MomentAnnotated
		}
		if i == 3 {
			l.Class, l.Reject = "", true
		}
		if err := set.AppendLabels(l); err != nil {
			t.Fatal(err)
		}
	}
	return set
}

// segmented runs the stage and returns what it wrote.
func segmented(t *testing.T, set *data.Set, c Config) ([]data.Hit, data.Summary) {
	t.Helper()
	sum, err := Run(context.Background(), work.On(set, nil), c)
	if err != nil {
		t.Fatal(err)
	}
	hits, err := set.Hits()
	if err != nil {
		t.Fatal(err)
	}
	return hits, sum
}

func marksOf(hits []data.Hit) (marks, onsets []int) {
	for _, h := range hits {
		marks, onsets = append(marks, h.Mark), append(onsets, h.Onset)
	}
	return marks, onsets
}

func counts(t *testing.T, sum data.Summary, want map[string]int) {
	t.Helper()
	for name, n := range want {
		if sum.Counts[name] != n {
			t.Errorf("%s: %d, want %d (%v)", name, sum.Counts[name], n, sum.Notes)
		}
	}
}

func TestRunDetects(t *testing.T) {
	set := labelled(t)
	hits, sum := segmented(t, set, Default())
	marks, onsets := marksOf(hits)
	near(t, "onsets", onsets, truth, 0.2)
	want := []int{truth[0] - 300, truth[1] - 250, truth[2] - 200, truth[3] + 100, data.NoMark}
	if !reflect.DeepEqual(marks, want) {
		t.Errorf("marks %v, want %v", marks, want)
	}
	counts(t, sum, map[string]int{"recordings": 1, "hits": 5, "labels": 6, "labels_unmatched": 1, "labels_outside": 1, "hits_unlabelled": 1})
	if hits[0].ID != data.HitID("a", hits[0].Onset) || hits[0].Recording != "a" {
		t.Errorf("%+v", hits[0])
	}
	examples, err := set.Examples()
	if err != nil || len(examples) != 4 || examples[0].Class != "kick" {
		t.Errorf("examples %+v, %v", examples, err)
	}
	if _, again := segmented(t, set, Default()); !again.Unchanged {
		t.Error("a second run is not unchanged")
	}
}

// A rejected moment takes no attack from a label, however much nearer it is;
// what is left it may have.
func TestRejectedMomentsChooseLast(t *testing.T) {
	set := newSet(t, map[string][]float32{"a": sequence()}, data.Recording{ID: "a"})
	moved, gone := truth[0]+400, truth[3]
	err := set.AppendLabels(
		data.Label{Recording: "a", Onset: truth[0], Reject: true, By: data.ByHuman, Time: "2024-01-01T00:00:00Z"},
		data.Label{Recording: "a", Onset: moved, Class: "kick", By: data.ByHuman, Time: "2024-01-01T00:00:00Z"},
		data.Label{Recording: "a", Onset: gone, Reject: true, By: data.ByHuman, Time: "2024-01-02T00:00:00Z"})
	if err != nil {
		t.Fatal(err)
	}
	hits, sum := segmented(t, set, Default())
	marks, _ := marksOf(hits)
	if want := []int{data.NoMark, moved, data.NoMark, data.NoMark, data.NoMark, data.NoMark}; !reflect.DeepEqual(marks, want) {
		t.Errorf("marks %v, want %v", marks, want)
	}
	counts(t, sum, map[string]int{"labels": 3, "labels_unmatched": 0, "hits_unlabelled": 3})
	examples, err := set.Examples()
	if err != nil || len(examples) != 4 || examples[0].Onset != moved || examples[0].Found != data.FoundPlaced {
		t.Errorf("got %+v, %v, want 4 hits, the first where it was named", examples, err)
	}
}

func TestRunTakesAnnotation(t *testing.T) {
	c := Default()
	c.Onsets = modeAnnotation
	hits, sum := segmented(t, labelled(t), c)
	marks, onsets := marksOf(hits)
	want := []int{truth[0] - 300, truth[1] - 250, truth[2] - 200, 90000}
	if !reflect.DeepEqual(onsets, want) || !reflect.DeepEqual(marks, want) || hits[0].Found != data.FoundAnnotation {
		t.Errorf("onsets %v, marks %v, want %v", onsets, marks, want)
	}
	counts(t, sum, map[string]int{"hits": 4, "labels": 6, "labels_outside": 1})
}

func TestRunSnaps(t *testing.T) {
	c := Default()
	c.Onsets, c.Tolerance = modeSnap, 20*time.Millisecond
	hits, sum := segmented(t, labelled(t), c)
	marks, onsets := marksOf(hits)
	near(t, "onsets", onsets, append(truth[:3:3], 90000), 0.2)
	if want := []int{truth[0] - 300, truth[1] - 250, truth[2] - 200, 90000}; !reflect.DeepEqual(marks, want) {
		t.Errorf("marks %v, want %v", marks, want)
	}
	if hits[0].Found != data.FoundSnapped || hits[3].Found != data.FoundAnnotation {
		t.Errorf("found: %s, %s", hits[0].Found, hits[3].Found)
	}
	counts(t, sum, map[string]int{"hits": 4, "snapped": 3, "attacks_unused": 1, "labels_outside": 1})
}

func TestToleranceZero(t *testing.T) {
	c := Default()
	c.Tolerance = 0
	_, sum := segmented(t, labelled(t), c)
	// What a person named is a hit of its own; the other labels lie on none.
	counts(t, sum, map[string]int{"hits": 6, "labels_unmatched": 3, "hits_unlabelled": 5})
	if len(sum.Notes) == 0 || !strings.Contains(sum.Notes[0], "no attack near") {
		t.Errorf("notes %v", sum.Notes)
	}
}

func TestFolderClassGoesToTheStrongest(t *testing.T) {
	loud := sequence()
	for i, v := range bursts(len(loud), 0, 600, truth[3]) {
		loud[i] += 5 * v
	}
	ramp := make([]float32, 44100) // rises too slowly for an onset
	for i, v := range stationary(0)[:len(ramp)] {
		ramp[i] = v * float32(i) / 44100
	}
	set := newSet(t, map[string][]float32{"loud": loud, "none": make([]float32, 5000), "ramp": ramp},
		data.Recording{ID: "loud", Class: "tha"}, data.Recording{ID: "none", Class: "tha"}, data.Recording{ID: "ramp", Class: "dhin"})
	hits, sum := segmented(t, set, Default())
	if len(hits) != 2 || rate.Ms(hits[0].Onset-truth[3]) > 0.2 || hits[1].Recording != "ramp" {
		t.Errorf("hits %+v", hits)
	}
	if len(sum.Skips) != 1 || sum.Skips[0].Item != "none.wav" || !strings.Contains(strings.Join(sum.Notes, ""), "strongest attack") {
		t.Errorf("skips %v, notes %v", sum.Skips, sum.Notes)
	}
	c := Default()
	c.AllHits = true
	if hits, sum = segmented(t, set, c); len(hits) < 4 || len(sum.Skips) != 0 {
		t.Errorf("all hits: %d, skips %v", len(hits), sum.Skips)
	}
}

func TestRunRefuses(t *testing.T) {
	ctx := context.Background()
	if _, err := Run(ctx, work.On(newSet(t, nil), nil), Default()); !errors.Is(err, errNoRecordings) {
		t.Errorf("no recordings: %v", err)
	}
	set := newSet(t, map[string][]float32{"a": sequence()}, data.Recording{ID: "a"})
	c := Default()
	c.Onsets = modeAnnotation
	if _, err := Run(ctx, work.On(set, nil), c); !errors.Is(err, errNoLabels) {
		t.Errorf("no labels: %v", err)
	}
	if _, err := Evaluate(ctx, set, Default(), nil); !errors.Is(err, ErrNoAnnotation) {
		t.Errorf("no annotation: %v", err)
	}
	c.Onsets = "x"
	if _, err := Run(ctx, work.On(set, nil), c); err == nil {
		t.Error("an invalid config passes")
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := Run(ended, work.On(set, nil), Default()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// What a recording holds is not known where its audio is gone from the set or
// damaged: that ends the run, and is no word on the recording.
func TestMissingAudioEndsTheRun(t *testing.T) {
	set := newSet(t, map[string][]float32{"a": sequence()}, data.Recording{ID: "a"})
	recordings, err := set.Recordings()
	if err != nil {
		t.Fatal(err)
	}
	if err := set.WriteRecordings(append(recordings, data.Recording{ID: "b", Name: "b.wav", Rate: rate})); err != nil {
		t.Fatal(err)
	}
	for _, damage := range []func() error{
		func() error { return nil }, // it was never there
		func() error { return os.WriteFile(set.Path("audio", "b.wav"), []byte("RIFF"), 0o666) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		_, err := Run(t.Context(), work.On(set, nil), Default())
		if err == nil || !strings.HasPrefix(err.Error(), "audio of b.wav: ") || !strings.HasSuffix(err.Error(), "`prep ingest` brings it in again") {
			t.Errorf("got %v, want an end that names the recording", err)
		}
	}
}

func TestEvaluate(t *testing.T) {
	e, err := Evaluate(context.Background(), labelled(t), Default(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := e.Onsets // of five annotated and not rejected, one lies nowhere and one outside
	if s.Reference != 5 || s.Estimated != 5 || s.Tolerances[0].Recall != 0.6 || math.Abs(s.Tolerances[3].F-0.2) > 1e-12 {
		t.Errorf("%+v", s)
	}
	if len(e.Groups) != 1 || len(e.Recordings) != 1 || len(e.Recordings[0].Detected) != 5 {
		t.Errorf("%+v", e)
	}
}

func TestRecordingsWithoutHitsAreNamed(t *testing.T) {
	set := newSet(t, map[string][]float32{"a": sequence(), "b": make([]float32, 44100)}, data.Recording{ID: "a"}, data.Recording{ID: "b"})
	_, sum := segmented(t, set, Default())
	if want := "1 recordings without any hit: b.wav"; !slices.Contains(sum.Notes, want) {
		t.Errorf("notes %q, want %q", sum.Notes, want)
	}
}

// Marks that are all late mean the hits before them: the last one too, which lies behind the end. What
// means no hit there is outside, and no hit of any mode lies there.
func TestLateMarksBehindTheEnd(t *testing.T) {
	at := []int{20000, 31000, 45000, 59500, 72000}
	late := int(0.1 * float64(rate))
	x := bursts(at[4]+late-800, 1e-4, 300, at...)
	for _, mode := range []string{modeCorrected, modeDetect, modeSnap, modeAnnotation} {
		set := newSet(t, map[string][]float32{"a": x}, data.Recording{ID: "a", Group: "g"})
		for _, o := range at {
			if err := set.AppendLabels(data.Label{Recording: "a", Onset: o + late, Class: "kick", By: data.ByImport}); err != nil {
				t.Fatal(err)
			}
		}
		stray := len(x) + rate.N(data.MostShift) - 10
		if err := set.AppendLabels(data.Label{Recording: "a", Onset: stray, Class: "hat", By: data.ByImport}); err != nil {
			t.Fatal(err)
		}
		c := Default()
		c.Onsets = mode
		hits, sum := segmented(t, set, c)
		marks, _ := marksOf(hits)
		want := []int{at[0] + late, at[1] + late, at[2] + late, at[3] + late, at[4] + late}
		outside := 1
		if mode == modeAnnotation {
			want, outside = want[:4], 2
		}
		if !reflect.DeepEqual(marks, want) {
			t.Errorf("%s: marks %v, want %v", mode, marks, want)
		}
		counts(t, sum, map[string]int{"hits": len(want), "labels": 6, "labels_outside": outside})
		if faults, err := set.Check(context.Background(), nil); err != nil || len(faults) > 0 {
			t.Errorf("%s: %v, %v", mode, faults, err)
		}
	}
}
