package train

import (
	"context"
	"os"
	"reflect"
	"testing"

	"prep/data/work"
)

func crossValidate(t *testing.T, s Study) CrossValidation {
	t.Helper()
	v, err := CrossValidate(context.Background(), makeSet(t, 6, 3), smallConfig(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A study of everything has Run's folds, chooses the same epochs in them, and
// tests what Run trains again.
func TestCrossValidateChoosesAsRun(t *testing.T) {
	set := makeSet(t, 6, 3)
	v, err := CrossValidate(context.Background(), set, smallConfig(), Study{Groups: 1, Hits: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(set.Path("models", "small")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	r, err := Run(context.Background(), work.On(set, nil), smallConfig())
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range v.Report.Folds {
		want := r.Report.Folds[i]
		// 2 of 6 groups are tested, 1 validates and is then learnt from.
		if more := want.TrainHits - got.TrainHits; more < want.ValidationHits {
			t.Errorf("fold %d: trained again on %d hits more, want the %d of validation and their copies", i+1, more, want.ValidationHits)
		}
		got.TrainHits, got.Accuracy = want.TrainHits, want.Accuracy
		if !reflect.DeepEqual(got, want) {
			t.Errorf("fold %d: got %+v, want %+v", i+1, got, want)
		}
	}
	p, err := ReadPredictions(set.Path("models", "small"))
	if err != nil || len(p) != len(v.Predictions) || reflect.DeepEqual(p, v.Predictions) {
		t.Errorf("%d predictions, Run's are %d and others: %v", len(v.Predictions), len(p), err)
	}
}

func TestStudyOfAPart(t *testing.T) {
	all, groups, hits := crossValidate(t, Study{Groups: 1, Hits: 1}), crossValidate(t, Study{Groups: 0.5, Hits: 1}),
		crossValidate(t, Study{Groups: 1, Hits: 0.5})
	// 3 folds of 6 groups of 12 hits and a copy: 2 are tested, 1 validates, 3 train.
	for _, c := range []struct {
		name         string
		got          CrossValidation
		hits, groups float64
	}{{"all", all, 39, 3}, {"half the groups", groups, 26, 2}, {"half the hits", hits, 19.5, 3}} {
		if c.got.TrainGroups != c.groups || c.got.TrainHits < c.hits-1.5 || c.got.TrainHits > c.hits+1.5 {
			t.Errorf("%s: %g hits of %g groups, want about %g of %g", c.name, c.got.TrainHits, c.got.TrainGroups, c.hits, c.groups)
		}
		if c.got.Report.Hits != all.Report.Hits || len(c.got.Predictions) != 72 {
			t.Errorf("%s: %d hits tested, want 72", c.name, len(c.got.Predictions))
		}
	}
	if _, err := CrossValidate(context.Background(), makeSet(t, 4, 2), smallConfig(), Study{Groups: 1}, nil); err == nil {
		t.Error("a study of no hits: no error")
	}
}

// The test's classes are bumps in bands 4k to 4k+3 of 16, at all times: cells
// 2k and 2k+1 of 8 are where silence must hurt.
func TestSightIsWhereTheClassIs(t *testing.T) {
	c := smallConfig()
	c.Epochs = 20
	v, err := CrossValidate(context.Background(), makeSet(t, 6, 3), c, Study{Groups: 1, Hits: 1, Look: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k, o := range v.Sight.Classes {
		if o.Hits != 12 {
			t.Errorf("class %d: %d hits looked at, want 12", k, o.Hits)
		}
		inside, outside := 0.0, 0.0
		for i, lost := range o.Lost {
			if i/OcclusionCells/2 == k {
				inside += lost / 16 // cells
			} else {
				outside += lost / 48
			}
		}
		if inside <= 3*max(outside, 0) {
			t.Errorf("class %d: a cell in its bands has %.3f bits, one outside %.3f", k, inside, outside)
		}
	}
	if k := v.Sight.First; k.Bands != 3 || k.Frames != 3 || k.Inputs != 1 || k.Filters != 8 || len(k.Values) != 72 {
		t.Errorf("kernels %dx%dx%dx%d of %d values, want 3x3x1x8", k.Bands, k.Frames, k.Inputs, k.Filters, len(k.Values))
	}
}
