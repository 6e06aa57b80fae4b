package train

import (
	"slices"
	"strings"
	"testing"

	"prep/data"
	"prep/data/work"
)

// All of a training is one stage, whose end is in sight from its first step: folds that ran at once, were
// trained again and stopped early, and the final model.
func TestATrainingIsOneProgress(t *testing.T) {
	set := makeSet(t, 4, 3)
	var steps []data.Step
	e := work.On(set, func(s data.Step) { steps = append(steps, s) })
	if _, err := Run(t.Context(), e, smallConfig()); err != nil {
		t.Fatal(err)
	}
	if len(steps) == 0 {
		t.Fatal("no step was told")
	}
	for i, s := range steps {
		if s.Stage != "train" || s.Done > s.Total || i > 0 && s.Total-s.Done > steps[i-1].Total-steps[i-1].Done {
			t.Errorf("step %d is %+v", i, s)
		}
	}
	last := steps[len(steps)-1]
	if last.Done != last.Total || !slices.ContainsFunc(steps, func(s data.Step) bool { return strings.HasPrefix(s.Note, "fold") }) {
		t.Errorf("it ends with %+v", last)
	}
}
