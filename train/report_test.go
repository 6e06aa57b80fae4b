package train

import (
	"math"
	"reflect"
	"testing"
)

// Six held-out hits of three groups, worked out by hand: confusion
// [[2 1] [1 2]], accuracy 4/6, both F1s 2/3.
var sixOutcomes = []outcome{
	{"a", "ann", 0, 0, []float32{0.95, 0.05}},
	{"b", "ann", 0, 0, []float32{0.25, 0.75}},
	{"c", "bob", 1, 0, []float32{0.75, 0.25}},
	{"d", "bob", 1, 1, []float32{0.25, 0.75}},
	{"e", "cyd", 1, 1, []float32{0.75, 0.25}},
	{"f", "cyd", 1, 1, []float32{0.25, 0.75}},
}

func TestReportAgreesWithHandComputation(t *testing.T) {
	r := Report{Classes: []string{"kick", "snare"}}
	r.score(sixOutcomes)
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: got %g, want %g", what, got, want)
		}
	}
	near("accuracy", r.Accuracy, 4.0/6)
	near("macro F1", r.MacroF1, 2.0/3)
	near("precision of kick", r.PerClass[0].Precision, 2.0/3)
	near("recall of snare", r.PerClass[1].Recall, 2.0/3)
	// (0.9, 1]: one hit at 0.95, right; (0.7, 0.8]: five at 0.75, three right.
	near("ECE", r.Calibration.ECE, (0.05+5*(0.75-0.6))/6)
	if r.Confusion[0][1] != 1 || r.Confusion[1][1] != 2 {
		t.Errorf("confusion: got %v, want [[2 1] [1 2]]", r.Confusion)
	}
	if got := r.Groups[1]; !reflect.DeepEqual(got, PerGroup{"bob", 2, 2, 2, 1, [][]int{{1, 0}, {0, 1}}}) {
		t.Errorf("group bob: got %+v", got)
	}
	// Without each group 3/4, 2/4, 3/4 are right: the jackknife's variance is 1/36, .75 of the
	// binomial's; two groups of mistakes make the design effect half of that and half of 1.3.
	// Wilson's interval of .667 of 6/1.025 hits, 4.303 deviations wide.
	near("low end", r.CI[0], 0.110072)
	near("high end", r.CI[1], 0.970006)
}

func TestLogisticRegressionFindsTheMiddleClass(t *testing.T) {
	var x [][]float64
	var y []int
	for i := range 90 {
		x, y = append(x, []float64{float64(i)}), append(y, i/30)
	}
	m := fitLogistic(x, y, 3)
	right := 0
	for i := range x {
		if m.classify(x[i]) == y[i] {
			right++
		}
	}
	if right < 86 {
		t.Errorf("got %d of 90 right, want at least 86", right)
	}
}

func TestLaterWeightsAreKeptWithinOneStandardError(t *testing.T) {
	// Of 100 validated hits, 0.80 has a standard error of 0.04.
	for _, c := range []struct {
		accuracies []float64
		want       bool
	}{
		{[]float64{0.8}, true},
		{[]float64{0.8, 0.77}, true},
		{[]float64{0.8, 0.75}, false},
		{[]float64{0.8, 0.77, 0.75}, false}, // compared with the best, not with the last kept
		{[]float64{0.8, 0.75, 0.9}, true},
	} {
		f := fit{validation: make([]int, 100)}
		for _, a := range c.accuracies {
			f.History = append(f.History, Epoch{ValidationAccuracy: a})
		}
		if got := f.keeps(); got != c.want {
			t.Errorf("accuracies %v: kept %v, want %v", c.accuracies, got, c.want)
		}
	}
}
