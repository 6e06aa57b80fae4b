package features

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func recipeOf(t *testing.T, c Config) Recipe {
	t.Helper()
	e, err := New(c, 44100)
	if err != nil {
		t.Fatal(err)
	}
	return e.Recipe()
}

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

func TestTheRecipeSaysWhatAPatchLooksAt(t *testing.T) {
	c := Default()
	c.FFT = 512
	r := recipeOf(t, c)
	ch := r.Channels[0]
	if !near(r.HopMs, 0.7256, 1e-4) || !near(r.WindowMs, 11.61, 0.01) || !near(r.Overlap, 0.9375, 1e-9) || !near(r.BinHz, 86.13, 0.01) {
		t.Errorf("hop %v ms, window %v ms, overlap %v, bin %v Hz", r.HopMs, r.WindowMs, r.Overlap, r.BinHz)
	}
	if ch.SupportSamples != 2528 || ch.FirstSample != -132-256 {
		t.Errorf("support of %d samples from %d, want 2528 from -388", ch.SupportSamples, ch.FirstSample)
	}
	if !near(ch.Highest.Ms*ch.Highest.Hz, 1000*ch.Highest.Hz/129.2, 1) || !near(ch.Lowest.Ms, 7.74, 0.01) {
		t.Errorf("cells %+v, %+v", ch.Lowest, ch.Highest)
	}
	if ch.EmptyRows != 0 || ch.IndependentCells < 100 || ch.IndependentCells > 448 {
		t.Errorf("%d empty rows, %v independent cells", ch.EmptyRows, ch.IndependentCells)
	}
	// The last frame stands for 2016 samples after frame 0 and looks 255 ahead:
	// one frame of each 32 samples past 2204.
	if r.FramesPast50ms != 3 {
		t.Errorf("%d frames past 50 ms, want 3", r.FramesPast50ms)
	}
}

func TestRecipeCountsEmptyFilters(t *testing.T) {
	c := Default()
	c.FFT, c.HTK = 512, true
	if got := recipeOf(t, c).Channels[0].EmptyRows; got < 1 || got > 3 {
		t.Errorf("HTK at an FFT of 512: %d empty filters, want one to three", got)
	}
}

func TestRecipeOfEveryKind(t *testing.T) {
	r := recipeOf(t, kindConfig(strings.Join(AllKinds(), "+")))
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseRecipe(raw)
	if err != nil {
		t.Fatal(err)
	}
	if back.Config != r.Config || len(back.Channels) != len(AllKinds()) {
		t.Errorf("got %+v", back)
	}
	for _, ch := range back.Channels {
		if ch.Unit == "" || ch.IndependentCells < 1 || ch.SupportSamples < 2017 {
			t.Errorf("%+v", ch)
		}
	}
}

func TestModulationAxis(t *testing.T) {
	ch := recipeOf(t, kindConfig("modulation")).Channels[0]
	if ch.Columns != "modulation Hz" || !near(ch.ColumnStep, 10.77, 0.01) || !strings.Contains(ch.Note, "resolves 21.53 Hz") {
		t.Errorf("%+v", ch)
	}
}

// What an axis does not have is 0: mfcc's rows are no frequencies, modulation's
// columns no times.
func TestAnAxisThatIsNotThereHasNoSpacing(t *testing.T) {
	for _, c := range []struct {
		kind             string
		hopMs, hzPerBand float64
	}{
		{"mel", 0.7256, 327.5}, {"linear", 0.7256, 344.5}, {"mfcc", 0.7256, 0}, {"modulation", 0, 327.5}, {"mfcc+mel", 0.7256, 0},
	} {
		hopMs, hzPerBand := recipeOf(t, kindConfig(c.kind)).Spacing()
		if !near(hopMs, c.hopMs, 1e-4) || !near(hzPerBand, c.hzPerBand, 1) {
			t.Errorf("%s: frames %v ms apart, bands %v Hz, want %v and %v", c.kind, hopMs, hzPerBand, c.hopMs, c.hzPerBand)
		}
	}
	if hopMs, hzPerBand := (Recipe{HopMs: 1}).Spacing(); hopMs != 0 || hzPerBand != 0 {
		t.Errorf("a recipe without channels: %v ms, %v Hz", hopMs, hzPerBand)
	}
}

func TestParseRecipeRefuses(t *testing.T) {
	for _, raw := range []string{"", "{", `{"version": 99}`, `[]`} {
		if _, err := ParseRecipe([]byte(raw)); err == nil {
			t.Errorf("%q: no error", raw)
		}
	}
}

func FuzzRecipe(f *testing.F) {
	e, err := New(Default(), 44100)
	if err != nil {
		f.Fatal(err)
	}
	raw, err := json.Marshal(e.Recipe())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte("{}"))
	f.Add([]byte(`{"config":{"kind":"mel","bands":64,"frames":64},"channels":[{"column_step":1e-300,"row_hz":[0,0]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := DecodeRecipe(raw)
		if err != nil {
			return
		}
		r.Spacing()
		if n := r.Config.Bands * r.Config.Frames; n < 1 || n > maxSide*maxSide || len(r.Channels) == 0 {
			t.Errorf("patches of %d values, %d channels", n, len(r.Channels))
		}
	})
}
