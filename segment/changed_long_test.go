//go:build long

package segment

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"prep/data"
	"prep/data/corpus"
	"prep/ingest/resample"
)

// What recordings suffer before they reach us costs few onsets: takes of seeds
// 301 and 302 at 30 dB, changed before detection, with the least F at 5 ms that
// each change must leave. Levels are re the take's peak. `-v` prints the table of
// docs/segment.md.
func TestChangedTakes(t *testing.T) {
	var takes []corpus.Take
	for _, seed := range []uint64{301, 302} {
		made := corpus.Default()
		made.TakesPerVoice, made.SNRDB, made.Seed = 1, 30, seed
		takes = slices.AppendSeq(takes, corpus.Generate(made))
	}
	for _, c := range []struct {
		name  string
		least float64
		do    change
		rate  int // 0 is that of the takes
		codec string
	}{
		{"none", 0.98, keep, 0, ""},
		{"DC of .3", 0.98, wave(0.3, 0), 0, ""},
		{"a drift of 1.3 Hz of .3", 0.98, wave(0.3, 1.3), 0, ""},
		{"hum of 50, 100, 150, 250 Hz at -20 dB", 0.98, hum(-20), 0, ""},
		{"hum at 0 dB", 0.97, hum(0), 0, ""},
		{"clipped by 12 dB", 0.98, clipped(12), 0, ""},
		{"clipped by 20 dB", 0.96, clipped(20), 0, ""},
		{"clipped by 30 dB", 0.93, clipped(30), 0, ""},
		{"peak at -50 dB in 16 bits", 0.98, quantized(-50), 0, "PCM 16-bit"},
		{"peak at -60 dB in 16 bits", 0.96, quantized(-60), 0, "PCM 16-bit"},
		{"white noise at -40 dB", 0.97, noisy(-40, 0), 0, ""},
		{"white noise at -30 dB", 0.95, noisy(-30, 0), 0, ""},
		{"brown noise at -30 dB", 0.96, noisy(-30, 0.999), 0, ""},
		{"8 kHz", 0.95, keep, 8000, ""},
		{"16 kHz", 0.97, keep, 16000, ""},
		{"22.05 kHz", 0.98, keep, 22050, ""},
	} {
		var pooled Comparison
		for i, take := range takes {
			x := c.do(take.Clip.Samples, rand.New(rand.NewPCG(301, uint64(i))))
			pooled.Add(comparedAt(t, take, c.codec, x, data.Rate(cmp.Or(c.rate, int(rate)))))
		}
		s := pooled.Scores()
		t.Logf("| %s | %.3f | %.3f | %.2f |", c.name, s.Tolerances[0].F, s.Tolerances[3].F, s.ErrorMs.P95Abs)
		if f := s.Tolerances[3].F; f < c.least {
			t.Errorf("%s: F at 5 ms is %.3f, want at least %v", c.name, f, c.least)
		}
	}
}

// comparedAt compares the onsets of a take changed to x, at a rate, with the
// truth.
func comparedAt(t *testing.T, take corpus.Take, codec string, x []float32, at data.Rate) Comparison {
	var want []int
	for _, e := range take.Truth {
		want = append(want, e.Onset)
	}
	c := Default()
	c.floor = floorOf(codec)
	a, err := c.attacks(data.Clip{Rate: at, Samples: resampled(t, x, at)}, blockFrames)
	if err != nil {
		t.Fatal(err)
	}
	return Compare(seconds(want, rate), seconds(onsetsOf(a), at))
}

// resampled brings x to a rate.
func resampled(t *testing.T, x []float32, at data.Rate) []float32 {
	plan, err := resample.NewPlan(int(rate), int(at))
	if err != nil {
		t.Fatal(err)
	}
	s := plan.New()
	return s.Close(s.Append(nil, x))
}
