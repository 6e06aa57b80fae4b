package augment

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"prep/data"
)

func patch(channels, bands, frames int, seed uint64) data.Patch {
	rng := rand.New(rand.NewPCG(seed, 1))
	p := data.Patch{Hit: "h", Channels: channels, Bands: bands, Frames: frames}
	for range channels * bands * frames {
		p.Values = append(p.Values, float32(rng.NormFloat64()))
	}
	return p
}

func TestMasksHideAtMostACross(t *testing.T) {
	p := patch(2, 64, 48, 1)
	before := slices.Clone(p.Values)
	hidden := 0
	for seed := range uint64(200) {
		m := Masks(p, rand.New(rand.NewPCG(seed, 2)))
		bands, frames := map[int]bool{}, map[int]bool{}
		for c := range 2 {
			for b := range 64 {
				for f := range 48 {
					if m.At(c, b, f) == p.At(c, b, f) {
						bands[b], frames[f] = true, true // seen somewhere
					}
				}
			}
		}
		if len(bands) < 64-8 || len(frames) < 48-6 {
			t.Fatalf("seed %d: %d bands and %d frames are left, want 56 and 42 at least", seed, len(bands), len(frames))
		}
		hidden += 64 - len(bands)
	}
	if hidden < 200*2 || hidden > 200*6 {
		t.Errorf("%d bands hidden in 200 patches, want 4 each on average", hidden)
	}
	if !slices.Equal(p.Values, before) {
		t.Error("the patch given has changed")
	}
}

func TestMixupIsTheMixture(t *testing.T) {
	a, b := patch(1, 8, 8, 1), patch(1, 8, 8, 2)
	m, err := Mixup(a, b, 0.25)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Values {
		if want := 0.25*a.Values[i] + 0.75*b.Values[i]; math.Abs(float64(m.Values[i]-want)) > 1e-6 {
			t.Fatalf("value %d is %v, want %v", i, m.Values[i], want)
		}
	}
	if one, _ := Mixup(a, b, 1); !slices.Equal(one.Values, a.Values) {
		t.Error("a share of one is not the first patch")
	}
	if _, err := Mixup(a, patch(1, 8, 4, 1), 0.5); err == nil {
		t.Error("patches of different shapes are mixed")
	}
}
