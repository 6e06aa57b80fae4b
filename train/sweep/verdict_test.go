package sweep

import (
	"context"
	"math"
	"testing"

	"prep/data/num"
	"prep/data/work"
	"prep/train"
)

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		d    Difference
		want Verdict
	}{
		{Difference{Once: true, Holm: 0.001}, Once},
		{Difference{Estimate: num.Estimate{Value: 0.1}, Holm: 0.2}, None},
		{Difference{Estimate: num.Estimate{Value: 0.1}, Holm: 0.01}, Better},
		{Difference{Estimate: num.Estimate{Value: -0.1}, Holm: 0.01}, Worse},
	} {
		if got := c.d.Verdict(); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.d, got, c.want)
		}
	}
}

func TestReachIsTheMedianHalfWidth(t *testing.T) {
	r := Report{Rows: make([]Row, 1)}
	if got := r.Reach(); got != 0 {
		t.Errorf("of the base alone: got %v, want 0", got)
	}
	for _, half := range []float64{0.03, 0.01, 0.02, 0.05} {
		r.Rows = append(r.Rows, Row{Difference: Difference{Estimate: num.Estimate{CI: [2]float64{-half, half}}}})
	}
	if got := r.Reach(); math.Abs(got-0.025) > 1e-15 {
		t.Errorf("got %v, want 0.025", got)
	}
}

func TestCurveAtAnAmount(t *testing.T) {
	c := Curve{Of: ofGroups, Floor: 0.1, Scale: 0.8, Power: 0.5}
	if got := c.At(4); math.Abs(got-0.5) > 1e-15 {
		t.Errorf("got %v, want 0.5", got)
	}
	p := Point{Groups: 4, Hits: 72}
	if got := c.Amount(p); got != 4 {
		t.Errorf("counts groups: got %v", got)
	}
	if c.Of = ofHits; c.Amount(p) != 72 {
		t.Errorf("counts hits: got %v", c.Amount(p))
	}
}

func TestAccuracyOfNoHits(t *testing.T) {
	if got := (tally{hits: []float64{0}, right: [][]float64{{0}}}).estimate(); got != 0 {
		t.Errorf("got %v, want 0", got)
	}
}

func TestOwnNetworks(t *testing.T) {
	for key, want := range map[string]bool{"train.net": true, "train.layers": true, "net.width": false} {
		if got := (Settings{key: "x"}).OwnNetwork(); got != want {
			t.Errorf("%s: got %v, want %v", key, got, want)
		}
	}
}

func TestExtentsKeepTheirText(t *testing.T) {
	for _, e := range []Extent{{Ms: 2.5, Hz: 900}, {Bins: train.Size{Bands: 3, Frames: 5}}} {
		text, err := e.MarshalText()
		var back Extent
		if err != nil || back.UnmarshalText(text) != nil || back != e {
			t.Errorf("%+v: %q came back as %+v, %v", e, text, back, err)
		}
	}
}

// An estimate of the jobs is made of the speeds of the arms that fit.
func TestEstimate(t *testing.T) {
	arms := variedArms()
	s := open(t, makeSet(t, testGroups), testConfig(), arms, work.Shard{})
	speeds, err := s.Speeds()
	if err != nil || len(speeds) != 4 {
		t.Fatalf("%d speeds, %v; want those of four arms that can be trained", len(speeds), err)
	}
	for arm, v := range speeds {
		if !(v > 0) {
			t.Errorf("%s: %v patches a second", arm, v)
		}
	}
	missing, err := s.Missing()
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.Estimate(context.Background())
	if err != nil || e.Jobs != missing || e.Most <= 0 {
		t.Errorf("got %+v, %v; want %d jobs and some time", e, err, missing)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := s.Estimate(ctx); err == nil {
		t.Error("an estimate that was stopped came to something")
	}
}
