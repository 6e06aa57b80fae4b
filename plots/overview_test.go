package plots

import (
	"io"
	"slices"
	"strings"
	"testing"

	"prep/data"
)

// Hits without a class are no class of their own, nor are those of which a model says that they are none.
func TestHitsWithoutAClassAreNone(t *testing.T) {
	classes := classesOf([]data.Example{{Class: data.None}, {Class: "kick"}, {}, {Class: "hat"}})
	if want := []string{"hat", "kick", data.None, unlabelled}; !slices.Equal(classes, want) {
		t.Errorf("got %q, want %q", classes, want)
	}
	if got := named(classes); !slices.Equal(got, []string{"hat", "kick"}) {
		t.Errorf("classes: got %q", got)
	}
	keys := classKeys(classes)
	if keys[2].color != keys[3].color || keys[0].color != category(0) {
		t.Errorf("got %v", keys)
	}
}

func TestManyClassesAreMerged(t *testing.T) {
	var hits []data.Example
	for i := range 300 {
		for range 1 + i%3 {
			hits = append(hits, data.Example{Class: strings.Repeat("x", i)})
		}
	}
	merged := mergeRare(hits)
	if n := len(classesOf(merged)); n != maxClasses {
		t.Errorf("%d classes, want %d", n, maxClasses)
	}
	if hits[0].Class == rare || merged[0].Class != rare {
		t.Errorf("the caller's hits were changed, or a rare class was kept: %q, %q", hits[0].Class, merged[0].Class)
	}
	if err := DrawConfusion(io.Discard, square(maxConfusion+1)); err == nil {
		t.Error("a confusion matrix without end was drawn")
	}
}

func TestLengthsThatAreAllOneAreSaid(t *testing.T) {
	hits := make([]data.Example, 20)
	q := quantity{"level (dB)", func(e data.Example) float64 { return e.PeakDB }, false}
	for i := range hits {
		hits[i].PeakDB = -3
	}
	hits[0].PeakDB = -20
	if value, n := q.commonValue(hits); value != -3 || n != 19 {
		t.Errorf("got %v of %d hits, want -3 of 19", value, n)
	}
	for i := range 4 {
		hits[i].PeakDB = -20
	}
	if _, n := q.commonValue(hits); n != 0 {
		t.Errorf("got %d of 20 hits, want no common value", n)
	}
}

func TestFullScaleIsNotAboveIt(t *testing.T) {
	hits := []data.Example{{Hit: data.Hit{PeakDB: 0}}, {Hit: data.Hit{PeakDB: -60}}}
	q := quantity{"level (dB)", func(e data.Example) float64 { return e.PeakDB }, false}
	lo, hi, step := q.bins(hits)
	bins := q.tally(hits, []string{unlabelled}, stretch{lo, hi}, step)
	if hi != 0 || bins[0].total() != 1 || bins[len(bins)-1].total() != 1 {
		t.Errorf("range %v to %v in steps of %v, %d and %d hits at its ends", lo, hi, step, bins[0].total(), bins[len(bins)-1].total())
	}
}
