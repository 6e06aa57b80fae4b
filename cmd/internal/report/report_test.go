package report

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
	"prep/data/document"
	"prep/data/num"
	"prep/segment"
	"prep/train"
)

var write = flag.Bool("write", false, "write testdata/report.md")

func example(recording, group, class string) data.Example {
	return data.Example{Hit: data.Hit{Recording: recording}, Group: group, Class: class}
}

// run is what a small run left.
func run() View {
	v := View{
		Recordings: []data.Recording{
			{ID: "r1", Group: "ann", Codec: "PCM 16-bit", SourceRate: 44100, Channels: 2, Rate: 44100, Samples: 44100 * 60},
			{ID: "r2", Group: "ann", Codec: "MP3", SourceRate: 48000, Channels: 1, Rate: 44100, Samples: 44100 * 30},
			{ID: "r3", Group: "bob", Codec: "MP3", SourceRate: 48000, Channels: 1, Rate: 44100, Samples: 44100 * 30},
		},
		Examples: []data.Example{example("r1", "ann", "kick"), example("r1", "ann", "kick"), example("r2", "ann", "hat"),
			example("r3", "bob", "kick"), example("r3", "bob", "")},
		Stages: []data.Summary{
			{Stage: "ingest", Skips: []data.Skip{{Item: "a|b.txt", Reason: "not audio"}}},
			{Stage: "features-mel", Notes: []string{"3.0 of 64 frames a hit look past its end, on average"}},
		},
		Model: train.Report{Protocol: "2 folds by group, 2 groups", Features: "mel", Net: "compact", Parameters: 54647, Classes: []string{"hat", "kick"},
			Hits: 4, Accuracy: 0.75, CI: [2]float64{0.5, 1}, Baselines: train.Baselines{Majority: 0.75, DurationOnly: 0.5, LevelOnly: 0.25},
			PerClass: []train.PerClass{{Class: "hat", Hits: 1}, {Class: "kick", Hits: 3, Precision: 0.75, Recall: 1, F1: 0.857}},
			Groups:   []train.PerGroup{{Group: "ann", Fold: 1, Hits: 3, Accuracy: 2. / 3}, {Group: "bob", Fold: 2, Hits: 1, Accuracy: 1}},
			Notes:    []string{"Class hat has 1 hit."}},
		Pictures: []document.Picture{{Section: "The set", Path: "plots/overview.png", Title: "What the set holds", Caption: "Hits by class."}},
	}
	v.Onsets.Onsets = segment.Scores{Reference: 5, Estimated: 4, ErrorMs: segment.ErrorMs{Median: -0.25, P95Abs: 1.5},
		Tolerances: []segment.Tolerance{{Ms: 50, Score: num.Score{F: 0.889, Precision: 1, Recall: 0.8}},
			{Ms: 2, Score: num.Score{F: 0.444, Precision: 0.5, Recall: 0.4}}}}
	v.Onsets.Recordings = make([]segment.RecordingScores, 3)
	return v
}

func text(t *testing.T, v View) string {
	t.Helper()
	var b strings.Builder
	if err := Page(v).Markdown(&b, true); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The page of a run, word for word: `go test ./cmd/internal/report -write` where
// other words are meant.
func TestWords(t *testing.T) {
	const file = "testdata/report.md"
	got := text(t, run())
	if *write {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What a page says is that of the edition.
func TestEdition(t *testing.T) {
	datatest.NewGolden(t, "cmd/internal/report", "", Edition).Exact("page", Page(run()))
}

// What there is not is said, and nothing panics on a set without anything.
func TestPageOfNothing(t *testing.T) {
	got := text(t, View{})
	for _, want := range []string{"Nothing: every file, recording and hit was taken.", "No onset is annotated", "| all | 0 | 0 |"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestLabelsOnNoHitAreLeftOut(t *testing.T) {
	stages := []data.Summary{{Stage: "segment", Counts: map[string]int{"labels_unmatched": 3, "labels_outside": 1}}}
	if got, want := nothingLeft(stages), "; 4 labels are on no hit, and listed in unattached.jsonl."; !strings.HasSuffix(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// What own hits are worth has three tables, without what nothing was given to; a model of one
// person's says whose hits its accuracy is of.
func TestOwnHits(t *testing.T) {
	e := func(v float64) num.Estimate { return num.Estimate{Value: v, CI: [2]float64{v - 0.1, v + 0.1}} }
	m := train.Report{Shots: []train.Shots{{Rest: train.Reading{People: 9}}, {Shots: 5,
		Rest:       train.Reading{People: 8, Hits: 70, Personal: e(0.8), General: e(0.7), Alone: e(0.6), Gain: e(0.1)},
		OtherTakes: train.Reading{People: 3, Hits: 20, Personal: e(0.75), General: e(0.7), Gain: e(0.05)},
		Promise:    train.Promise{People: 8, Less: e(-0.02), Covered: 6}}}}
	s := shotSection(m)
	want := [][]string{
		{"5", "8", "70", "0.800 (0.700 to 0.900)", "0.700 (0.600 to 0.800)", "0.600 (0.500 to 0.700)", "+0.100 (+0.000 to +0.200)"},
		{"5", "3", "20", "0.750 (0.650 to 0.850)", "0.700 (0.600 to 0.800)", "+0.050 (-0.050 to +0.150)"},
		{"5", "8", "-0.020 (-0.120 to +0.080)", "6"},
	}
	for i, table := range s.Tables {
		if len(table.Rows) != 1 || !slices.Equal(table.Rows[0], want[i]) || len(table.Head) != len(want[i]) {
			t.Errorf("table %d: %q, want %q", i+1, table.Rows, want[i])
		}
	}
	if tested(m) == tested(train.Report{Personal: &train.Personal{}}) {
		t.Error("a person's own accuracy is told as that of people it has not heard")
	}
}
