package gates

import (
	"context"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
	"prep/data/num"
	"prep/data/work"
	"prep/segment"
	"prep/train"
)

// small is a set of 14 hits of 7 classes in 2 groups, with patches and the
// model "tiny".
const small = "../../prep/testdata/set-0.1.0"

func smallView(t *testing.T) View {
	t.Helper()
	return View{Set: datatest.CopySet(t, small), Model: "tiny", Detector: segment.Default()}
}

// judgeOne judges a set by a configuration that asks for one thing.
func judgeOne(t *testing.T, v View, c Config) Gate {
	t.Helper()
	judged, err := Judge(t.Context(), v, c)
	if err != nil || len(judged) != 1 {
		t.Fatalf("got %+v, %v; want one gate", judged, err)
	}
	return judged[0]
}

// writeJSON replaces a file of a set.
func writeJSON(t *testing.T, set *data.Set, name string, v any) {
	t.Helper()
	f, err := os.Create(set.Path(name))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(data.EncodeJSON(f, v), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// Each gate is passed at its bound and failed beyond it.
func TestGatesHoldASetToItsBounds(t *testing.T) {
	none, third := 0.0, 0.34
	skipped := func(t *testing.T, v View) {
		writeJSON(t, v.Set, "runs/ingest.json", map[string]any{"stage": "ingest", "config": nil,
			"summary": data.Summary{Stage: "ingest", Counts: map[string]int{"files": 3}, Skips: []data.Skip{{Item: "a.wav", Reason: "no audio"}}}})
	}
	unlabelled := func(t *testing.T, v View) { remove(t, v.Set, data.LabelsFile) }
	for _, c := range []struct {
		name   string
		change func(t *testing.T, v View)
		config Config
		want   Gate
	}{
		{"hits", nil, Config{LeastHits: 2}, Gate{"least_hits", true, 2, 2, `class "click" has 2 hits, want at least 2 of each`}},
		{"too few hits", nil, Config{LeastHits: 3}, Gate{"least_hits", false, 2, 3, `class "click" has 2 hits, want at least 3 of each`}},
		{"no labels", unlabelled, Config{LeastHits: 1}, Gate{"least_hits", false, 0, 1, "no hit has a class, want at least 1 of each"}},
		{"groups", nil, Config{LeastGroups: 2}, Gate{"least_groups", true, 2, 2, "2 groups have labelled hits, want at least 2"}},
		{"too few groups", nil, Config{LeastGroups: 3}, Gate{"least_groups", false, 2, 3, "2 groups have labelled hits, want at least 3"}},
		{"no skips", nil, Config{MostSkips: &none}, Gate{"most_skips", true, 0, 0, "0 of 2 files were skipped, want at most 0 of them"}},
		{"a skip", skipped, Config{MostSkips: &none}, Gate{"most_skips", false, 1.0 / 3, 0, "1 of 3 files were skipped, want at most 0 of them"}},
		{"a skip allowed", skipped, Config{MostSkips: &third}, Gate{"most_skips", true, 1.0 / 3, 0.34, "1 of 3 files were skipped, want at most 0.34 of them"}},
		{"onsets", nil, Config{LeastOnsetF: 0.9}, Gate{"least_onset_f", true, 1, 0.9, "F is 1.000 of 14 annotated onsets within 50 ms (precision 1.000, recall 1.000), want at least 0.9"}},
		{"no onsets", unlabelled, Config{LeastOnsetF: 0.9}, Gate{"least_onset_f", false, 0, 0.9, segment.ErrNoAnnotation.Error()}},
		{"no copies", nil, Config{NoDuplicates: true}, Gate{"no_duplicates", true, 0, 0, "no hit has a copy in another group"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := smallView(t)
			if c.change != nil {
				c.change(t, v)
			}
			if got := judgeOne(t, v, c.config); got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func remove(t *testing.T, set *data.Set, name string) {
	t.Helper()
	if err := os.RemoveAll(set.Path(name)); err != nil {
		t.Fatal(err)
	}
}

// What is not asked is not judged.
func TestNothingIsAskedByDefault(t *testing.T) {
	judged, err := Judge(t.Context(), smallView(t), Config{})
	if err != nil || judged == nil || len(judged) > 0 {
		t.Errorf("got %v, %v; want a list of none", judged, err)
	}
}

// The same sound in two groups is named with both.
func TestACopyInAnotherGroupFails(t *testing.T) {
	c := datatest.Contents{Audio: map[string][]float32{}}
	for _, who := range []string{"ada", "ben"} {
		c.Audio[who] = datatest.Bursts(1)
		c.Recordings = append(c.Recordings, data.Recording{ID: who, Name: who + ".wav", Group: who, Rate: datatest.BurstRate})
		at := datatest.BurstSpacing
		c.Hits = append(c.Hits, data.Hit{ID: data.HitID(who, at), Recording: who, Start: at - 100, Onset: at, End: at + 2000, Offset: at + 2000,
			Found: data.FoundDetected, Mark: data.NoMark})
	}
	got := judgeOne(t, View{Set: datatest.NewSet(t, c)}, Config{NoDuplicates: true})
	if got.OK || got.Value == 0 || !strings.Contains(got.Word, ` of "ada", like `) && !strings.Contains(got.Word, ` of "ben", like `) ||
		!strings.Contains(got.Word, "(correlation 1.000)") {
		t.Errorf("got %+v, want a copy of correlation 1", got)
	}
}

// The score that a set keeps is taken as it is: no audio is opened for it.
func TestAKeptScoreIsNotMadeAgain(t *testing.T) {
	for _, labelled := range []bool{true, false} {
		v := smallView(t)
		v.Set.Close()
		set, err := data.OpenWriter(v.Set.Path())
		if err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		if v.Set = set; !labelled {
			remove(t, set, data.LabelsFile)
		}
		if _, err := segment.Score(t.Context(), work.On(set, nil), v.Detector); err != nil {
			t.Fatal(err)
		}
		remove(t, set, "audio")
		got := judgeOne(t, v, Config{LeastOnsetF: 0.9})
		if got.OK != labelled || !labelled && got.Word != segment.ErrNoAnnotation.Error() {
			t.Errorf("labelled %v: got %+v", labelled, got)
		}
	}
}

// Groups are judged as they stand now: a hit that was given to another group
// since the training counts there, one that is gone where it was.
func TestAGroupOnBothSidesOfAFoldFails(t *testing.T) {
	v := smallView(t)
	passed := judgeOne(t, v, Config{NoSharedGroups: true})
	if want := (Gate{"no_shared_groups", true, 0, 0, `model "tiny": every group is on one side of each fold`}); passed != want {
		t.Errorf("got %+v, want %+v", passed, want)
	}
	recordings, err := os.ReadFile(v.Set.Path(data.RecordingsFile))
	if err != nil {
		t.Fatal(err)
	}
	moved := strings.ReplaceAll(string(recordings), `"group":"voice-02"`, `"group":"voice-01"`)
	if err := os.WriteFile(v.Set.Path(data.RecordingsFile), []byte(moved), 0o666); err != nil {
		t.Fatal(err)
	}
	failed := judgeOne(t, v, Config{NoSharedGroups: true})
	if want := (Gate{"no_shared_groups", false, 1, 0, `model "tiny": 1 groups are on both sides of a fold, want none; the first is "voice-01"`}); failed != want {
		t.Errorf("got %+v, want %+v", failed, want)
	}
	gone := sharedGroups(nil, []train.Prediction{{Hit: "x", Group: "zoe", Fold: 1}, {Hit: "y", Group: "zoe", Fold: 2}, {Hit: "z", Group: "ada", Fold: 2}})
	if len(gone) != 1 || gone[0] != "zoe" {
		t.Errorf("of hits that are gone: got %v, want zoe", gone)
	}
}

// Accuracy counts by the lower end of its interval, and not at all where groups
// were on both sides.
func TestAccuracyIsThatOfGroupsHeldOut(t *testing.T) {
	v := smallView(t)
	dir := train.ModelDir(v.Set, v.Model)
	r, err := train.ReadReport(dir)
	if err != nil {
		t.Fatal(err)
	}
	r.Accuracy, r.CI, r.Protocol = 0.8, [2]float64{0.7, 0.9}, "2 folds"
	r.Baselines = train.Baselines{Majority: 0.2, DurationOnly: 0.3, LevelOnly: 0.4, BeforeOnly: 0.25}
	report := "models/tiny/report.json"
	word := `model "tiny": accuracy 0.800, lower end of its interval 0.700, want at least `
	r.Shots = []train.Shots{{Shots: 5, Rest: train.Reading{People: 7, Hits: 80, Personal: num.Estimate{Value: 0.9, CI: [2]float64{0.86, 0.93}}}}}
	ownHits := `model "tiny": after 5 own hits of each class 0.900 (0.860 to 0.930) of 80 hits of 7 groups, +0.000 (+0.000 to +0.000) over the network without them, ` +
		`lower end of its interval 0.860, want at least 0.85 (2 folds)`
	leak := "a hit's length alone gives accuracy 0.300, its level alone 0.400 and the 20 ms before it alone 0.250 (the commonest class 0.200), want at most "
	for _, c := range []struct {
		leaky  bool
		config Config
		want   Gate
	}{
		{false, Config{LeastAccuracy: Accuracy{AtLeast: 0.7}}, Gate{"least_accuracy", true, 0.7, 0.7, word + "0.7 (2 folds)"}},
		{false, Config{LeastAccuracy: Accuracy{AtLeast: 0.75}}, Gate{"least_accuracy", false, 0.7, 0.75, word + "0.75 (2 folds)"}},
		{true, Config{LeastAccuracy: Accuracy{AtLeast: 0.7}}, Gate{"least_accuracy", false, 0.7, 0.7, word + "0.7 (2 folds)"}},
		{false, Config{LeastAccuracy: Accuracy{Shots: 5, AtLeast: 0.85}}, Gate{"least_accuracy", true, 0.86, 0.85, ownHits}},
		{false, Config{LeastAccuracy: Accuracy{Shots: 3, AtLeast: 0.85}}, Gate{"least_accuracy", false, 0, 0.85,
			`model "tiny": its report does not tell of 3 own hits of each class; ` + "`prep train --shots 3` does"}},
		{false, Config{MostLeakage: 0.4}, Gate{"most_leakage", true, 0.4, 0.4, leak + "0.4"}},
		{false, Config{MostLeakage: 0.35}, Gate{"most_leakage", false, 0.4, 0.35, leak + "0.35"}},
	} {
		r.Leaky = c.leaky
		writeJSON(t, v.Set, report, r)
		if got := judgeOne(t, v, c.config); got != c.want {
			t.Errorf("got  %+v\nwant %+v", got, c.want)
		}
	}
}

// The figures of a model are those of the labels that it learned: once they have
// changed, its gates are not passed.
func TestAStaleModelFailsItsGates(t *testing.T) {
	v := smallView(t)
	c := Config{MostLeakage: 1}
	if got := judgeOne(t, v, c); !got.OK {
		t.Fatalf("as it was trained: %+v", got)
	}
	path := v.Set.Path(data.LabelsFile)
	labels, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	swapped := strings.NewReplacer(`"kick"`, `"snare"`, `"snare"`, `"kick"`).Replace(string(labels))
	if err := os.WriteFile(path, []byte(swapped), 0o666); err != nil {
		t.Fatal(err)
	}
	want := "but labels, groups or patches have changed since it was trained; `prep train` again"
	if got := judgeOne(t, v, c); got.OK || !strings.HasSuffix(got.Word, want) {
		t.Errorf("with other labels: %+v", got)
	}
}

// A model that is not there, or that has tested nothing, fails its gates; it is
// no error.
func TestAModelThatWasNotMadeFails(t *testing.T) {
	v := smallView(t)
	v.Model = "big"
	for _, c := range []Config{{NoSharedGroups: true}, {LeastAccuracy: Accuracy{AtLeast: 0.1}}, {MostLeakage: 0.1}} {
		got := judgeOne(t, v, c)
		if got.OK || got.Word != "model \"big\": there is none; `prep train` makes one" {
			t.Errorf("got %+v", got)
		}
	}
	v.Model = "tiny"
	if err := os.Truncate(v.Set.Path("models/tiny/predictions.jsonl"), 0); err != nil {
		t.Fatal(err)
	}
	if got := judgeOne(t, v, Config{NoSharedGroups: true}); got.OK || !strings.Contains(got.Word, "there is none") {
		t.Errorf("without predictions: got %+v", got)
	}
}

// What cannot be read is an error that names the gate, and so is the end of the
// context.
func TestFaultsNameTheirGate(t *testing.T) {
	half := 0.5
	over, cancel := context.WithCancel(context.Background())
	cancel()
	damage := func(name string) func(*data.Set) {
		return func(set *data.Set) { os.WriteFile(set.Path(name), []byte("{\n{"), 0o666) }
	}
	for _, c := range []struct {
		name   string
		ctx    context.Context
		damage func(*data.Set)
		config Config
	}{
		{"least_hits", t.Context(), damage(data.HitsFile), Config{LeastHits: 1}},
		{"least_groups", t.Context(), damage(data.LabelsFile), Config{LeastGroups: 1}},
		{"most_skips", t.Context(), damage("runs/ingest.json"), Config{MostSkips: &half}},
		{"least_onset_f", t.Context(), damage(data.RecordingsFile), Config{LeastOnsetF: 0.5}},
		{"least_onset_f", over, nil, Config{LeastOnsetF: 0.5}},
		{"no_duplicates", over, nil, Config{NoDuplicates: true}},
		{"no_shared_groups", t.Context(), damage(data.HitsFile), Config{NoSharedGroups: true}},
		{"no_shared_groups", t.Context(), damage("models/tiny/predictions.jsonl"), Config{NoSharedGroups: true}},
		{"least_accuracy", t.Context(), damage("models/tiny/report.json"), Config{LeastAccuracy: Accuracy{AtLeast: 0.5}}},
		{"most_leakage", t.Context(), damage("models/tiny/report.json"), Config{MostLeakage: 0.5}},
	} {
		v := smallView(t)
		if c.damage != nil {
			c.damage(v.Set)
		}
		judged, err := Judge(c.ctx, v, c.config)
		if err == nil || !strings.HasPrefix(err.Error(), "gate "+c.name+": ") || judged != nil {
			t.Errorf("%s: got %v, %v; want an error that names it", c.name, judged, err)
		}
	}
}

func TestValidateNamesTheSettingOutOfRange(t *testing.T) {
	minus, one := -0.1, 1.0
	for _, c := range []struct {
		config Config
		want   string
	}{
		{Config{}, ""},
		{Config{LeastHits: 3, LeastGroups: 2, MostSkips: &one, LeastOnsetF: 1, LeastAccuracy: Accuracy{AtLeast: 1}, MostLeakage: 1}, ""},
		{Config{LeastHits: -1}, "least_hits and least_groups"},
		{Config{LeastGroups: -1}, "least_hits and least_groups"},
		{Config{MostSkips: &minus}, "most_skips: -0.1"},
		{Config{LeastOnsetF: 1.1}, "least_onset_f: 1.1"},
		{Config{LeastAccuracy: Accuracy{AtLeast: 90}}, "least_accuracy: 90"},
		{Config{LeastAccuracy: Accuracy{Shots: 5}}, "least_accuracy: shots is 5 and at_least 0"},
		{Config{LeastAccuracy: Accuracy{Shots: -1, AtLeast: 0.5}}, "least_accuracy: shots is -1"},
		{Config{MostLeakage: math.NaN()}, "most_leakage: NaN"},
	} {
		err := c.config.Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: got %v, want %q", c.config, err, c.want)
		}
	}
}

func TestVerdictIsAWord(t *testing.T) {
	if got := (Gate{OK: true}).Verdict() + " " + (Gate{}).Verdict(); got != "passed FAILED" {
		t.Errorf("got %q", got)
	}
}
