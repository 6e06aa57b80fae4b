//go:build measure

package main

import (
	"cmp"
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"testing"

	"prep/cmd/internal/config"
	"prep/cmd/internal/console"
	"prep/cmd/internal/line"
	"prep/cmd/internal/variants"
	"prep/data"
	"prep/data/work"
	"prep/train/sweep"
)

// exchanged is the recipe of an arm with wrong labels.
type exchanged struct {
	Recipe any     `json:"recipe"` // of the arm with right ones
	Share  float64 `json:"share"`  // of the hits
}

// TestSweepMeasureNullAndPlanted is docs/sweep.md's measurement on VOPEC: five
// pairs of seeds of one configuration, and an arm in which a tenth of the labels,
// of what it learns from and of what it is tested on, are wrong.
//
//	PREP_VOPEC=DIR go test -tags measure ./cmd/prep -run TestSweepMeasure -v -timeout 2h
//
// The trainings are kept in the set, as those of every sweep.
func TestSweepMeasureNullAndPlanted(t *testing.T) {
	set, err := data.OpenWriter(vopecSet(t))
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	a := &app{}
	if a.config, err = config.Load([]string{"--config", "../../examples/sweep-null.yaml"}); err != nil {
		t.Fatal(err)
	}
	arms, err := arms(set, a.config)
	if err != nil {
		t.Fatal(err)
	}
	planted := arms[0]
	planted.Settings = sweep.Settings{"name": "planted"}
	planted.Recipe = exchanged{planted.Recipe, 0.1}
	r := measureSweep(t, set, a.config.Sweep, append(arms, planted))
	variants.Text(os.Stdout, r)
	for _, row := range r.Rows[1:] {
		want := sweep.None
		if row.Arm == "planted" {
			want = sweep.Worse
		}
		if got := row.Difference.Verdict(); got != want {
			t.Errorf("%s: %s, want %s", row.Arm, got, want)
		}
	}
}

// measureSweep trains the arms, exchanging labels where a recipe asks for it.
func measureSweep(t *testing.T, set *data.Set, c sweep.Config, arms []sweep.Arm) sweep.Report {
	t.Helper()
	progress := console.NewProgress(os.Stderr, console.Text)
	prepare := variants.Prepare(line.Render, progress)
	s, err := sweep.New(set, c, arms, func(ctx context.Context, v *data.Set, a sweep.Arm) error {
		if x, ok := a.Recipe.(exchanged); ok {
			a.Recipe = x.Recipe
			return errors.Join(prepare(ctx, v, a), exchange(v, x.Share))
		}
		return prepare(ctx, v, a)
	}, work.Shard{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(context.Background(), progress); err != nil {
		t.Fatal(err)
	}
	r, err := s.Report()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// exchange lets pairs of hits of each group say each other's class, until a
// share of the group's is wrong or there is one class left. Which hits, their
// IDs decide; how many there are of a class stays.
func exchange(v *data.Set, share float64) error {
	examples, err := v.Examples()
	if err != nil {
		return err
	}
	groups := map[string][]data.Example{}
	for _, e := range examples {
		if e.Class != "" && e.Parent == "" {
			groups[e.Group] = append(groups[e.Group], e)
		}
	}
	var wrong []data.Label
	for _, hits := range groups {
		wrong = append(wrong, exchangeIn(hits, int(math.Round(share*float64(len(hits)))))...)
	}
	return v.AppendLabels(wrong...)
}

// exchangeIn returns the wrong labels of one group, about n.
func exchangeIn(hits []data.Example, n int) (wrong []data.Label) {
	draw := func(e data.Example) uint64 { return data.Rand(1, e.ID).Uint64() }
	slices.SortFunc(hits, func(a, b data.Example) int { return cmp.Compare(draw(a), draw(b)) })
	say := func(e data.Example, class string) {
		wrong = append(wrong, data.Label{Recording: e.Recording, Onset: e.Onset, Class: class, By: data.ByHuman, Who: "planted"})
	}
	var waiting []data.Example // of one class
	for _, e := range hits {
		switch {
		case len(wrong) >= n:
			return wrong
		case len(waiting) == 0 || waiting[0].Class == e.Class:
			waiting = append(waiting, e)
		default:
			say(e, waiting[0].Class)
			say(waiting[0], e.Class)
			waiting = waiting[1:]
		}
	}
	return wrong
}
