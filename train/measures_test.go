package train

import (
	"math"
	"strings"
	"testing"
)

// The figures of six hits, worked out by hand: [[2 1] [1 2]] has the correlation (2*2 - 1*1) / 9.
func TestMeasuresAgreeWithHandComputation(t *testing.T) {
	r := Report{Classes: []string{"kick", "snare"}}
	r.score(sixOutcomes)
	var predictions []Prediction
	for _, o := range sixOutcomes {
		predictions = append(predictions, Prediction{o.Hit, o.Group, 1, r.Classes[o.Class], r.Classes[o.answer()], o.Probabilities})
	}
	kick := ClassCurves(r.Classes, predictions)[0]
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"balanced accuracy", r.Measures.Balanced.Value, 2. / 3}, {"macro F1", r.Measures.MacroF1.Value, 2. / 3},
		{"MCC", r.Measures.MCC.Value, 1. / 3},
		// Of nine pairs the kick is more a kick than the snare in six, and as much in one.
		{"AUC", kick.AUC, 6.5 / 9},
		{"average precision", kick.AveragePrecision, 1./3 + 2./9 + 1./6},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s: got %v, want %v", c.name, c.got, c.want)
		}
	}
	if e := r.Measures.MCC; e.CI[0] < -1 || e.CI[1] > 1 || e.CI[0] >= e.Value || e.CI[1] <= e.Value || len(e.Each) != 3 {
		t.Errorf("interval of the correlation: %v", e)
	}
	if len(kick.Points) != 3 || kick.Points[1] != (CurveAt{0.75, 2. / 3, 2. / 3, 1. / 3}) {
		t.Errorf("points of the curve: %+v", kick.Points)
	}
	if rows := r.confusionRows(); len(rows) != 7 || strings.Join(rows[1], ",") != "ann,1,kick,kick,1" {
		t.Errorf("confusion by group: %v", rows)
	}
	if got := r.Method(); !strings.Contains(got, "0.667") || !strings.Contains(got, "3 groups") {
		t.Errorf("the method in words: %s", got)
	}
}

func TestOneClassHasNoCorrelation(t *testing.T) {
	for _, c := range [][][]int{nil, {{3, 0}, {0, 0}}, {{2, 0}, {3, 0}}} {
		if got := matthews(c); got != 0 {
			t.Errorf("%v: got %v", c, got)
		}
	}
	if got := matthews([][]int{{5, 0}, {0, 7}}); got != 1 {
		t.Errorf("all right: got %v", got)
	}
}

// A model that is right where another is wrong is better, one compared with itself is not.
func TestModelsAreComparedOverGroups(t *testing.T) {
	var a, b []Prediction
	for i := range 120 {
		p := Prediction{Hit: string(rune('a'+i%26)) + strings.Repeat("x", i/26), Group: string(rune('A' + i%12)), Class: []string{"kick", "snare"}[i%2], Called: "kick"}
		b = append(b, p)
		p.Called = p.Class
		a = append(a, p)
	}
	c, err := Compare(a, b)
	if err != nil || c.Hits != 120 || c.Groups != 12 || math.Abs(c.Accuracy.Value-0.5) > 1e-12 || math.Abs(c.MCC.Value-0.5) > 1e-12 {
		t.Fatalf("got %+v, %v", c, err)
	}
	if same, err := Compare(a, a); err != nil || same.Accuracy.Value != 0 || same.P != 1 || same.Accuracy.CI[0] >= 0 {
		t.Errorf("with itself: %+v, %v", same, err)
	}
	if _, err := Compare(a, nil); err == nil {
		t.Error("nothing was compared")
	}
}
