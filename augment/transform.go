package augment

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"prep/data"
)

// amounts are what a step of a lineage was drawn: by name, with units.
type amounts = map[string]float64

// Transform describes one transform of the catalogue.
type Transform struct {
	Name string
	// Unit is the name of the amount whose range a plan sets ("semitones").
	Unit string
	// Lo and Hi bound the ranges that make sense; Identity is the amount that
	// changes no sample.
	Lo, Hi, Identity float64
	// About says in a sentence what it does and where its range comes from.
	About string

	log bool // amounts are drawn evenly on a logarithmic scale
	// also draws further amounts.
	also func(a amounts, rng *rand.Rand)
	// factor returns by how much durations grow; nil for one.
	factor func(a amounts) float64
	// need returns the audio that it takes to make out; nil for out itself.
	need func(a amounts, rate data.Rate, out span) span
	// apply changes w. It leaves the onset at w.at with at least out around it.
	apply func(w *window, a amounts, out span, rng *rand.Rand)
}

// Catalogue returns the transforms that a plan can name, by name.
func Catalogue() []Transform {
	all := slices.Concat(levels(), warps(), noises(), rooms(), equalizers())
	slices.SortFunc(all, func(a, b Transform) int { return strings.Compare(a.Name, b.Name) })
	return all
}

var catalogue = func() map[string]Transform {
	m := map[string]Transform{}
	for _, t := range Catalogue() {
		m[t.Name] = t
	}
	return m
}()

// find returns the transform of a name, or an error that names the known ones.
func find(name string) (Transform, error) {
	t, ok := catalogue[name]
	if !ok {
		var names []string
		for _, t := range Catalogue() {
			names = append(names, t.Name)
		}
		return t, fmt.Errorf("unknown transform %q, want one of %s", name, strings.Join(names, ", "))
	}
	return t, nil
}

// draw draws a step of a lineage with an amount between lo and hi.
func (t Transform) draw(lo, hi float64, rng *rand.Rand) data.Transform {
	u := rng.Float64()
	v := lo + (hi-lo)*u
	if t.log {
		v = lo * math.Pow(hi/lo, u)
	}
	a := amounts{t.Unit: min(max(tidy(v), lo), hi)}
	if t.also != nil {
		t.also(a, rng)
	}
	return data.Transform{Name: t.Name, Amounts: a}
}

// tidy rounds an amount to four decimals: finer than any ear or feature, and
// legible in hits.jsonl.
func tidy(v float64) float64 { return math.Round(v*1e4) / 1e4 }
