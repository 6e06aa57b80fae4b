package ingest

import (
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
	"prep/data/work"
)

func planned(t *testing.T, dir string, c Config) (*work.Plan, error) {
	t.Helper()
	plan := &work.Plan{}
	return plan, Plan(t.Context(), data.At(dir), c, plan)
}

// plannedReason returns why an ingest would run, or "".
func plannedReason(t *testing.T, dir string, c Config) string {
	t.Helper()
	plan, err := planned(t, dir, c)
	if err != nil {
		t.Fatal(err)
	}
	return plan.Stages[0].Why
}

// TestPlan holds that a plan foresees what Run does, and that it writes nothing.
func TestPlan(t *testing.T) {
	root := tree(t, map[string]string{
		"ann/a.wav": string(wav16(44100, 1, beep(44100, 10))), "ann/a.txt": "0.1\t0.1\tK\n", "ann/no.wav": "no audio, but a name that says so",
	})
	dir := filepath.Join(t.TempDir(), "set")
	c := config(root)
	steps := []struct {
		name   string
		change func()
		want   string // how the reason begins
	}{
		{"a new set", func() {}, "2 of 2 files are new: ann/a.wav, ann/no.wav"},
		{"another label", func() { write(t, filepath.Join(root, "ann", "a.txt"), "0.2\t0.2\tK\n") }, "2 labels are new or different"},
		{"another group", func() { c.GroupFrom = "a" }, "names, groups or classes"},
		{"a folder as a class", func() { c.LabelFrom = labelFromDir }, "names, groups or classes"},
		{"an alias of nothing", func() { c.Labels = map[string]*string{"never": nil} }, "files or settings"},
		{"a copy", func() { write(t, filepath.Join(root, "z.wav"), string(wav16(44100, 1, beep(44100, 10)))) }, "names, groups or classes"},
		{"many files", func() {
			for i := range maxFaults + 1 {
				write(t, filepath.Join(root, string(rune('b'+i))+".wav"), string(wav16(44100, 1, beep(441, float64(20+i)))))
			}
		}, "6 of 9 files are new: b.wav"},
	}
	mustPlan := func(name, want string) {
		t.Helper()
		if got := plannedReason(t, dir, c); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, step := range steps {
		step.change()
		before := map[string]string{}
		if step.name != "a new set" {
			before = snapshot(t, dir)
		}
		mustPlan(step.name, step.want)
		if step.name != "a new set" && len(snapshot(t, dir)) != len(before) {
			t.Errorf("%s: the plan has written", step.name)
		}
		mustRun(t, dir, c)
		mustPlan("after "+step.name, "")
	}
	c.Rate = 48000
	if _, err := planned(t, dir, c); err == nil || !strings.Contains(err.Error(), "44100") {
		t.Errorf("another rate: %v", err)
	}
}
