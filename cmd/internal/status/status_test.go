package status

import (
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/data"
	"prep/data/datatest"
	"prep/data/work"
	"prep/segment"
)

// plainly is how a stage is run again, for tests.
func plainly(set *data.Set, stage string) string { return "prep again " + stage }

// newSet returns a set of two voices whose hits have classes, as far as stages have run.
func newSet(t *testing.T, stages ...string) *data.Set {
	t.Helper()
	c := datatest.Contents{Recordings: []data.Recording{
		{ID: "000000000000000a", Name: "ada/1.wav", Group: "ada", Rate: 44100, Samples: 44100},
		{ID: "000000000000000b", Name: "ben/1.wav", Group: "ben", Rate: 44100, Samples: 44100}}}
	if slices.Contains(stages, "segment") {
		for i, r := range []string{"000000000000000a", "000000000000000a", "000000000000000b"} {
			at := 1000 + 5000*i
			c.Hits = append(c.Hits, data.Hit{ID: data.HitID(r, at), Recording: r, Start: at - 100, Onset: at, End: at + 2000, Found: "detect"})
		}
	}
	set := datatest.NewSet(t, c)
	for _, stage := range stages {
		ran(t, set, stage, nil)
	}
	return set
}

// ran leaves the record of a stage.
func ran(t *testing.T, set *data.Set, stage string, settings any) {
	t.Helper()
	outputs := map[string][]string{"segment": {work.OriginalHits}}[stage]
	job := work.Job{Stage: stage, Editions: work.Editions{"segment": segment.Edition}, Config: settings, Outputs: outputs}
	if err := work.Record(set, job, data.Summary{Stage: stage}); err != nil {
		t.Fatal(err)
	}
}

func label(t *testing.T, set *data.Set, classes ...string) {
	t.Helper()
	hits, err := set.Hits()
	if err != nil {
		t.Fatal(err)
	}
	for i, class := range classes {
		l := data.Label{Recording: hits[i].Recording, Onset: hits[i].Onset, Class: class, By: data.ByHuman}
		if err := set.AppendLabels(l); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatComesNextIsWhatTheSetLacks(t *testing.T) {
	for name, c := range map[string]struct {
		set  func(t *testing.T) *data.Set
		want string
	}{
		"recordings": {func(t *testing.T) *data.Set {
			return datatest.NewSet(t, datatest.Contents{Recordings: []data.Recording{}})
		}, "prep ingest RECORDINGS --set "},
		"hits":  {func(t *testing.T) *data.Set { return newSet(t, "ingest") }, "prep segment --set "},
		"names": {func(t *testing.T) *data.Set { return newSet(t, "ingest", "segment") }, "prep label --set "},
		"a second name": {func(t *testing.T) *data.Set {
			set := newSet(t, "ingest", "segment")
			label(t, set, "kick", "kick")
			return set
		}, "prep label --set "},
		"patches": {func(t *testing.T) *data.Set {
			set := newSet(t, "ingest", "segment")
			label(t, set, "kick", "hat")
			return set
		}, "prep features --set "},
		"hits that are those of today": {func(t *testing.T) *data.Set {
			set := newSet(t, "ingest", "segment")
			hits, err := set.Hits()
			if err != nil {
				t.Fatal(err)
			}
			hits[0].End++
			if err := set.WriteHits(hits); err != nil {
				t.Fatal(err)
			}
			return set
		}, "prep again segment"},
	} {
		set := c.set(t)
		s, err := Of(set, work.Whole, plainly)
		if err != nil || !strings.HasPrefix(s.Next, c.want) {
			t.Errorf("a set that lacks %s: got %q, %v, want %q", name, s.Next, err, c.want)
		}
		if got := After("segment", set.Path(), "", false, plainly); got != s.Next {
			t.Errorf("a set that lacks %s, at a glance: got %q, want %q", name, got, s.Next)
		}
	}
}

func TestACommandLeadsWhereItsListSays(t *testing.T) {
	set := newSet(t, "ingest")
	for _, c := range []struct {
		command, model string
		shard          bool
		want           string
	}{
		{"demo", "", false, "prep start"},
		{"adapt", "a set/models/mine", false, "prep predict TAKE.wav --model 'a set/models/mine'"},
		{"segment", "", true, "prep merge segment --set " + set.Path()},
		{"export", "", false, ""},
		{"sweep", "", true, ""},
	} {
		if got := After(c.command, set.Path(), c.model, c.shard, plainly); got != c.want {
			t.Errorf("after %s: got %q, want %q", c.command, got, c.want)
		}
	}
	if got := After("ingest", t.TempDir(), "", false, plainly); got != "" {
		t.Errorf("where there is no set: got %q", got)
	}
}

func TestAStatusCountsAndDoubts(t *testing.T) {
	set := newSet(t, "ingest", "segment")
	label(t, set, "kick", "kicks")
	s, err := Of(set, work.Whole, plainly)
	if err != nil {
		t.Fatal(err)
	}
	if s.Recordings != 2 || s.Hits != 3 || s.Unlabelled != 1 || !maps.Equal(s.Classes, map[string]int{"kick": 1, "kicks": 1}) || len(s.Groups) != 2 {
		t.Errorf("got %+v", s)
	}
	var text strings.Builder
	s.Text(&text)
	for _, want := range []string{"2 recordings of 2 groups, 3 hits\n", "classes: kick 1, kicks 1; 1 without a class\n",
		"note: every recording is a group of its own"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if err := set.WriteFile("models/mine/report.json", func(w io.Writer) error { _, err := io.WriteString(w, "{"); return err }); err != nil {
		t.Fatal(err)
	}
	if s, err = Of(set, work.Whole, plainly); err != nil || !strings.Contains(strings.Join(s.Notes, "\n"), "models/mine has no report that can be read") {
		t.Errorf("a model without a report: %v, %q", err, s.Notes)
	}
}

// A stage is run again with the flags that stand for its last settings, and with no others.
func TestACommandLineHasTheFlagsOfTheLastRun(t *testing.T) {
	set := newSet(t, "ingest", "segment")
	then := segment.Default()
	then.Onsets, then.Threshold = "snap", 0.5
	ran(t, set, "segment", then)
	c := config.Default()
	if command := Recall(set, "segment", &c); command != "segment" || c.Segment != then {
		t.Errorf("got %s, %+v", command, c.Segment)
	}
	root, cmd := &cobra.Command{Use: "prep"}, &cobra.Command{Use: "segment", Run: func(*cobra.Command, []string) {}}
	root.AddCommand(cmd)
	was := segment.Default()
	cmd.Flags().StringVar(&was.Onsets, "onsets", was.Onsets, "")
	cmd.Flags().Float64Var(&was.Threshold, "threshold", was.Threshold, "")
	cmd.Flags().BoolVar(&was.AllHits, "all-hits", was.AllHits, "")
	was = c.Segment
	if got, want := CommandLine(root, "segment", "my set", "prep.yaml"), "prep segment --set 'my set' --config prep.yaml --onsets snap --threshold 0.5"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if command := Recall(set, "features-mel+cqt", &c); command != "features" || c.Features.Kind != "mel+cqt" {
		t.Errorf("got %s, %s", command, c.Features.Kind)
	}
}
