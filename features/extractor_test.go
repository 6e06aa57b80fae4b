package features

import (
	"errors"
	"math"
	"slices"
	"testing"

	"prep/data"
)

// patch returns the patch of one hit of r.
func (c Config) patch(r data.Reader, h data.Hit) (data.Patch, error) {
	e, err := New(c, r.SampleRate())
	if err != nil {
		return data.Patch{}, err
	}
	return e.Patch(r, h)
}

func patchOf(t *testing.T, c Config, r data.Reader, h data.Hit) data.Patch {
	t.Helper()
	p, err := c.patch(r, h)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func kindConfig(kind string) Config {
	c := Default()
	c.Kind = kind
	return c
}

// An onset one hop later moves the picture one column to the left. Values are
// compared before decibels, whose reference is the patch's own peak.
func TestALaterOnsetMovesThePicture(t *testing.T) {
	clip := synthetic()
	for _, kind := range []string{"linear", "mel", "pcen", "cqt", "vqt"} {
		c := kindConfig(kind)
		c.Ref = none
		a := patchOf(t, c, clip, data.Hit{Onset: 4960})
		b := patchOf(t, c, clip, data.Hit{Onset: 4960 + c.Hop})
		peak := float64(slices.Max(a.Values))
		for row := range c.Bands {
			for f := range c.Frames - 1 {
				if d := math.Abs(float64(a.At(0, row, f+1) - b.At(0, row, f))); d > 1e-6*peak {
					t.Fatalf("%s row %d frame %d: %v, a hop later %v", kind, row, f, a.At(0, row, f+1), b.At(0, row, f))
				}
			}
		}
	}
}

// The attack is in the column that the pre-roll says, whatever the hit's start.
func TestAttackColumn(t *testing.T) {
	clip := data.Clip{Rate: 44100, Samples: make([]float32, 20000)}
	clip.Samples[9000] = 1
	for _, start := range []int{8868, 8990, 9000} {
		p := patchOf(t, Default(), clip, data.Hit{Start: start, Onset: 9000, End: 11000})
		best := 0
		for f := range p.Frames {
			if p.At(0, 40, f) > p.At(0, 40, best) {
				best = f
			}
		}
		if best != 4 { // 132 samples of pre-roll are 4.1 hops
			t.Errorf("start %d: the click is in column %d, want 4", start, best)
		}
	}
}

func TestLevelDoesNotMatter(t *testing.T) {
	loud, quiet := synthetic(), synthetic()
	for i := range quiet.Samples {
		quiet.Samples[i] /= 64
	}
	for _, kind := range []string{"linear", "mel", "cqt", "vqt", "modulation"} {
		a := patchOf(t, kindConfig(kind), loud, data.Hit{Onset: 5000})
		b := patchOf(t, kindConfig(kind), quiet, data.Hit{Onset: 5000})
		for i := range a.Values {
			if math.Abs(float64(a.Values[i]-b.Values[i])) > 1e-3 {
				t.Fatalf("%s value %d: %v, and %v 36 dB lower", kind, i, a.Values[i], b.Values[i])
			}
		}
	}
}

func TestMask(t *testing.T) {
	clip := synthetic()
	c := Default()
	c.Mask = true
	h := data.Hit{Onset: 5000, End: 5000 + 500}
	p, open := patchOf(t, c, clip, h), patchOf(t, Default(), clip, h)
	for row := range c.Bands {
		for f := range c.Frames {
			past := 5000-132+f*c.Hop >= h.End
			if past && p.At(0, row, f) != -80 || !past && p.At(0, row, f) < open.At(0, row, f)-0.1 {
				t.Fatalf("row %d frame %d: %v masked, %v open", row, f, p.At(0, row, f), open.At(0, row, f))
			}
		}
	}
}

// oddClips are recordings that are hard to make a patch of. The hit is at
// sample 1 where there is one.
func oddClips() map[string][]float32 {
	loud, huge, square := make([]float32, 4000), make([]float32, 4000), make([]float32, 4000)
	burst(loud, 1)
	for i := range huge {
		huge[i], square[i] = loud[i]*1e30, float32(math.Copysign(1, math.Sin(float64(i)/20)))
	}
	nan, inf := slices.Clone(loud), slices.Clone(loud)
	nan[1000], inf[1000] = float32(math.NaN()), float32(math.Inf(-1))
	return map[string][]float32{
		"ten": loud[:10], "two": loud[:2], "clipped": square, "whole": loud,
		"NaN": nan, "infinite": inf, "huge": huge, "silent": make([]float32, 4000), "tiny": {1e-38, 1e-45, 1e-45},
	}
}

func TestOddRecordings(t *testing.T) {
	refused := map[string]bool{"NaN": true, "infinite": true, "huge": true, "silent": true}
	for name, x := range oddClips() {
		for _, kind := range AllKinds() {
			p, err := kindConfig(kind).patch(data.Clip{Rate: 44100, Samples: x}, data.Hit{Onset: 1, End: len(x)})
			if (err != nil) != refused[name] {
				t.Errorf("%s of %s: error %v", kind, name, err)
			}
			if err == nil && checkFinite(p.Values) != nil {
				t.Errorf("%s of %s: not finite", kind, name)
			}
			if name == "silent" && !errors.Is(err, errSilent) {
				t.Errorf("%s of %s: got %v", kind, name, err)
			}
		}
	}
}

func TestOtherRateAndPlace(t *testing.T) {
	e, err := New(Default(), 44100)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Patch(data.Clip{Rate: 48000, Samples: []float32{1, 2}}, data.Hit{}); err == nil {
		t.Error("another rate: no error")
	}
	for _, onset := range []int{-1, 2, math.MaxInt, math.MinInt} {
		if _, err := e.Patch(data.Clip{Rate: 44100, Samples: []float32{1, 2}}, data.Hit{Onset: onset}); err == nil {
			t.Errorf("onset %d of 2 samples: no error", onset)
		}
	}
}

// failing is a medium that fails.
type failing struct{ data.Clip }

var errMedium = errors.New("medium")

func (failing) ReadAt([]float32, int) error { return errMedium }

func TestReaderFails(t *testing.T) {
	for _, kind := range AllKinds() {
		r := failing{data.Clip{Rate: 44100, Samples: make([]float32, 9000)}}
		if _, err := kindConfig(kind).patch(r, data.Hit{Onset: 8000}); !errors.Is(err, errMedium) {
			t.Errorf("%s: got %v", kind, err)
		}
	}
}

func TestChannels(t *testing.T) {
	clip, h := synthetic(), data.Hit{Onset: 5000}
	both := patchOf(t, kindConfig("mel+cqt"), clip, h)
	want := append(patchOf(t, kindConfig("mel"), clip, h).Values, patchOf(t, kindConfig("cqt"), clip, h).Values...)
	if both.Channels != 2 || !slices.Equal(both.Values, want) {
		t.Error("mel+cqt is not mel, then cqt")
	}
}

// Many hits at once give what each gives alone, in any order.
func TestManyHitsGiveWhatEachGivesAlone(t *testing.T) {
	clip := synthetic()
	for _, kind := range AllKinds() {
		c := kindConfig(kind)
		e, err := New(c, clip.Rate)
		if err != nil {
			t.Fatal(err)
		}
		var hits []data.Hit
		for _, onset := range []int{10, 2000, 5000, 5010, 300, 7999} {
			hits = append(hits, data.Hit{Onset: onset})
		}
		for i, got := range e.Patches(clip, hits) {
			if got.Err != nil {
				t.Fatal(got.Err)
			}
			if want := patchOf(t, c, clip, hits[i]); !slices.Equal(got.Value.Values, want.Values) {
				t.Errorf("%s: hit %d differs from the same hit alone", kind, i)
			}
		}
	}
}

func FuzzPatch(f *testing.F) {
	f.Add([]byte{0, 64, 255, 3}, 1, 3, uint8(0), false)
	f.Add(make([]byte, 400), 20, 40, uint8(4), true)
	kinds := append(AllKinds(), "mel+pcen")
	extractors := map[string]*Extractor{}
	for _, kind := range kinds {
		for _, mask := range []bool{false, true} {
			c := kindConfig(kind)
			c.Bands, c.Frames, c.Mask = 16, 8, mask
			e, err := New(c, 44100)
			if err != nil {
				f.Fatal(err)
			}
			extractors[kind+map[bool]string{true: "!"}[mask]] = e
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte, onset, end int, kind uint8, mask bool) {
		x := make([]float32, len(raw)/4)
		for i := range x {
			b := raw[4*i:]
			x[i] = math.Float32frombits(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
		}
		e := extractors[kinds[int(kind)%len(kinds)]+map[bool]string{true: "!"}[mask]]
		p, err := e.Patch(data.Clip{Rate: 44100, Samples: x}, data.Hit{Onset: onset, End: end})
		if err == nil && checkFinite(p.Values) != nil {
			t.Errorf("a patch that is not finite, and no error")
		}
	})
}
