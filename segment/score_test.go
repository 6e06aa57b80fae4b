package segment

import (
	"errors"
	"os"
	"reflect"
	"testing"

	"prep/data"
	"prep/data/work"
)

// A second Score listens to nothing, says the same, and is done again when a
// label comes in.
func TestScoreIsKept(t *testing.T) {
	set := newSet(t, map[string][]float32{"r": sequence()}, data.Recording{ID: "r", Group: "g"})
	set.AppendLabels(data.Label{Recording: "r", Onset: truth[0], Class: "kick", By: data.ByImport})
	steps := 0
	e := work.On(set, func(data.Step) { steps++ })
	first, err := Score(t.Context(), e, Default())
	if err != nil || first.Onsets.Reference != 1 || len(first.Recordings) != 1 || len(first.Recordings[0].Detected) == 0 {
		t.Fatalf("got %+v, %v", first, err)
	}
	listened := steps
	again, err := Score(t.Context(), e, Default())
	if err != nil || !reflect.DeepEqual(again, first) || steps != listened {
		t.Errorf("again: %+v, %v after %d steps; want what the first said after %d", again, err, steps, listened)
	}
	set.AppendLabels(data.Label{Recording: "r", Onset: truth[1], Class: "kick", By: data.ByImport})
	if more, err := Score(t.Context(), e, Default()); err != nil || more.Onsets.Reference != 2 || steps == listened {
		t.Errorf("with another label: %+v, %v", more.Onsets, err)
	}
	os.WriteFile(set.Path(OnsetsFile), []byte("{"), 0o666)
	if _, err := ReadScore(set); err == nil {
		t.Error("half a file passes for an evaluation")
	}
}

func TestScoreWithoutAnnotation(t *testing.T) {
	set := newSet(t, map[string][]float32{"r": sequence()}, data.Recording{ID: "r", Group: "g"})
	if _, err := ReadScore(set); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("before: %v", err)
	}
	e, err := Score(t.Context(), work.On(set, nil), Default())
	if err != nil || e.Onsets.Reference != 0 {
		t.Errorf("got %+v, %v", e, err)
	}
}
