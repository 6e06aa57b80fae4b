package work

import (
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"prep/data"
)

// A set of two stages: "first" makes a, "second" makes b of a and of the labels.
func newTwoStages(t *testing.T) *data.Set {
	t.Helper()
	s, err := data.Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.AppendLabels(data.Label{Recording: "r", Onset: 1, Class: "kick", By: data.ByHuman}); err != nil {
		t.Fatal(err)
	}
	for _, job := range []Job{
		{Stage: "first", Editions: Editions{"x": 1}, Config: 1, Outputs: []string{"a"}},
		{Stage: "second", Editions: Editions{"y": 1}, Config: 1, Inputs: []string{"a", data.LabelsFile}, Outputs: []string{"b"}},
	} {
		if _, err := On(s, nil).Run(job, func() (data.Summary, error) {
			return data.Summary{Stage: job.Stage}, writeText(s, job.Outputs[0], "made")
		}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func writeText(s *data.Set, name, text string) error {
	return s.WriteFile(name, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
}

// A glance and a whole reading say the same of what becomes of a set when it is used.
func TestOutdatedSaysWhatRunsAgainAndWhy(t *testing.T) {
	for name, c := range map[string]struct {
		change func(s *data.Set) error
		want   []Planned
	}{
		"nothing": {func(*data.Set) error { return nil }, []Planned{{"first", false, ""}, {"second", false, ""}}},
		"a file that another stands for": {func(s *data.Set) error { return writeText(s, "a", "edited") },
			[]Planned{{"first", true, "a is not what it wrote"}, {"second", true, "a will be made again"}}},
		"a file that is gone": {func(s *data.Set) error { return os.Remove(s.Path("b")) },
			[]Planned{{"first", false, ""}, {"second", true, "b is not what it wrote"}}},
		"a label": {func(s *data.Set) error {
			return s.AppendLabels(data.Label{Recording: "r", Onset: 2, Class: "hat", By: data.ByHuman})
		}, []Planned{{"first", false, ""}, {"second", true, "labels.jsonl has changed"}}},
	} {
		s := newTwoStages(t)
		if err := c.change(s); err != nil {
			t.Fatal(err)
		}
		for _, look := range []Look{Whole, Glance} {
			got, err := Outdated(s, Editions{"x": 1, "y": 1}, look)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s, look %d: got %v, %v, want %v", name, look, got, err, c.want)
			}
		}
	}
}

// A glance reads no file that is older than the record which names it, but for the labels, for
// lines come to them while a stage is at work.
func TestAGlanceTrustsTheTimesOfFiles(t *testing.T) {
	s := newTwoStages(t)
	long := time.Now().Add(-time.Hour)
	for _, name := range []string{"a", "b", data.LabelsFile} {
		if err := os.WriteFile(s.Path(name), []byte("{\"class\":\"other\"}\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(s.Path(name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Outdated(s, nil, Glance)
	if want := []Planned{{"first", false, ""}, {"second", true, "labels.jsonl has changed"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("at a glance: got %v, %v, want %v", got, err, want)
	}
	got, err = Outdated(s, nil, Whole)
	if want := []Planned{{"first", true, "a is not what it wrote"}, {"second", true, "a will be made again"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("read: got %v, %v, want %v", got, err, want)
	}
}

func TestANewerPrepIsSaidToBeNewer(t *testing.T) {
	s := newTwoStages(t)
	got, err := Outdated(s, Editions{"x": 3}, Whole)
	if want := "prep's x gives other values now (edition 3, it was 1)"; err != nil || got[0].Why != want {
		t.Errorf("of an older one: got %v, %v, want %q", got, err, want)
	}
	if _, err := On(s, nil).Run(Job{Stage: "first", Editions: Editions{"x": 9}, Config: 1, Outputs: []string{"a"}},
		func() (data.Summary, error) { return data.Summary{}, nil }); err != nil {
		t.Fatal(err)
	}
	got, err = Outdated(s, Editions{"x": 3}, Whole)
	if want := "a newer prep made it (edition 9 of its x, this one has 3): use that one, or make it again with this"; err != nil || got[0].Why != want {
		t.Errorf("got %v, %v, want %q", got, err, want)
	}
}
