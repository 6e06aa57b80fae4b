package variants

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"prep/augment"
	"prep/data"
	"prep/data/datatest"
	"prep/features"
	"prep/train"
	"prep/train/sweep"
)

func base(arms ...sweep.Settings) Base {
	b := Base{Features: features.Default(), Augment: augment.Default(), Train: train.Default(), Sweep: sweep.Default()}
	b.Augment.Copies = 0
	b.Sweep.Arms = arms
	return b
}

// arm returns the arm of some settings at 44.1 kHz.
func arm(t *testing.T, b Base) sweep.Arm {
	t.Helper()
	all, err := b.Variants()
	if err != nil {
		t.Fatal(err)
	}
	return all[len(all)-1].Arm(44100)
}

// An axis that is no time, or no frequency, has no distance.
func TestGridOfAnArm(t *testing.T) {
	for _, c := range []struct {
		kind    string
		ms, hz  bool
		columns int
	}{{"mel", true, true, 1}, {"mfcc", true, false, 1}, {"modulation", false, true, 1}, {"mel+pcen", true, true, 2}} {
		a := arm(t, base(sweep.Settings{"features.kind": c.kind}))
		if a.Err != nil || a.Grid.HopMs > 0 != c.ms || a.Grid.HzPerBand > 0 != c.hz {
			t.Errorf("%s: grid %+v (%v), want times %v and frequencies %v", c.kind, a.Grid, a.Err, c.ms, c.hz)
		}
		if want := (train.Shape{Bands: 64, Frames: 64, Channels: c.columns}); a.In != want || a.Train.Features != c.kind {
			t.Errorf("%s: patches %v of kind %s, want %v", c.kind, a.In, a.Train.Features, want)
		}
	}
}

func TestPatchesThatCannotBe(t *testing.T) {
	a := arm(t, base(sweep.Settings{"features.fmax": 30000}))
	if a.Err == nil || !strings.Contains(a.Err.Error(), "fmax") {
		t.Errorf("30 kHz at 44.1 kHz: %v, want a fault of fmax", a.Err)
	}
}

// A network of an arm's own takes the place of the base's family and layers; the
// scale of a family stays where the arm sets it.
func TestArmOfOwnNetwork(t *testing.T) {
	b := base(sweep.Settings{"train.net": "seed", "net.scale": 0.25})
	b.Sweep.Net.Width = 4
	b.Train.Layers = []train.Layer{{Type: "dropout", Rate: 0.5}}
	a := arm(t, b)
	if want := (sweep.Family{Scale: 0.25}); a.Net != want || a.Train.Net != "seed" || a.Train.Layers != nil {
		t.Errorf("family %+v, net %q, layers %v; want the scale of seed alone", a.Net, a.Train.Net, a.Train.Layers)
	}
	if all, err := b.Variants(); err != nil || all[0].Arm(44100).Net.Width != 4 {
		t.Errorf("the base lost its family (%v)", err)
	}
}

// What the patches depend on is in the recipe: the plan of copies only where
// copies are made.
func TestTheRecipeHoldsWhatPatchesDependOn(t *testing.T) {
	text := func(s sweep.Settings) string {
		raw, err := json.Marshal(arm(t, base(s)).Recipe)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	plain, copies := text(sweep.Settings{"train.epochs": 3}), text(sweep.Settings{"augment.copies": 2})
	if strings.Contains(plain, "augment") || !strings.Contains(copies, `"augment":{`) || !strings.Contains(copies, `"copies":2`) {
		t.Errorf("without copies %s\nwith copies %s", plain, copies)
	}
}

func TestVariantsRefuse(t *testing.T) {
	for _, c := range []struct {
		name, want string
		settings   sweep.Settings
	}{
		{"an unknown key", `arm "kernels 5x5": `, sweep.Settings{"net.kernels": "5x5"}},
		{"a setting out of range", "batch is 0", sweep.Settings{"train.batch": 0}},
		{"a setting that is fixed", "train.folds cannot be varied", sweep.Settings{"train.folds": 2}},
		{"a network that cannot be", "depth is -1", sweep.Settings{"net.depth": -1}},
		{"a value that is none", "arm", sweep.Settings{"features.hop": "x"}},
	} {
		if _, err := base(c.settings).Variants(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := base().Variants(); err == nil {
		t.Error("no arms: no error")
	}
}

// An arm's variant of the set has the patches of its kind, of the hits and of
// their copies.
func TestAVariantHasThePatchesOfItsKind(t *testing.T) {
	samples := make([]float32, 22050)
	for i := range samples {
		samples[i] = 1 - float32(i%100)/50
	}
	hit := data.Hit{ID: data.HitID("r1", 9000), Recording: "r1", Start: 8900, Onset: 9000, End: 10000, Offset: 9900, Found: data.FoundDetected, Mark: 9000}
	set := datatest.NewSet(t, datatest.Contents{Recordings: []data.Recording{{ID: "r1", Name: "a.wav", Group: "ann", Rate: 44100}},
		Audio: map[string][]float32{"r1": samples}, Hits: []data.Hit{hit},
		Labels: []data.Label{{Recording: "r1", Onset: 9000, Class: "kick", By: data.ByImport}}})
	render := func(v *data.Set) data.Render {
		return data.Render{Audio: func(r data.Reader, copy data.Hit, use func(data.Reader, data.Hit) error) error { return use(r, copy) }}
	}
	a := arm(t, base(sweep.Settings{"augment.copies": 2, "features.kind": "mfcc"}))
	if err := Prepare(render, nil)(context.Background(), set, a); err != nil {
		t.Fatal(err)
	}
	p, err := set.Patches("mfcc")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if len(p.Hits) != 3 {
		t.Errorf("patches of %d hits, want one and two copies", len(p.Hits))
	}
}
