package augment

import (
	"fmt"
	"math"
	"math/rand/v2"
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
	// also are further amounts, drawn from their whole ranges.
	also []amount
	// factor returns by how much durations grow; nil for one.
	factor func(a amounts) float64
	// need returns the audio that it takes to make out; nil for out itself.
	need func(a amounts, rate data.Rate, out span) span
	// material reads other audio for apply, for a window of n samples; nil for
	// none.
	material func(s source, step data.Transform, n int) ([]float32, error)
	// apply changes w. It leaves the onset at w.at with at least out around it.
	apply func(w *window, a amounts, out span, rng *rand.Rand)
}

// amount is a further amount of a transform: its name with its unit, and its range.
type amount struct {
	name   string
	lo, hi float64
	log    bool
}

// draw draws an amount.
func (a amount) draw(rng *rand.Rand) float64 {
	u := rng.Float64()
	v := a.lo + (a.hi-a.lo)*u
	if a.log {
		v = a.lo * math.Pow(a.hi/a.lo, u)
	}
	return min(max(tidy(v), a.lo), a.hi)
}

// transforms returns those that a plan can name, by name.
func transforms() []Transform {
	return []Transform{background, clipping, codec, gain, highpass, lowpass, microphone, noisePink, noiseWhite,
		pitch, pitchFormant, polarity, reverb, roomTone, shift, stretch, tilt}
}

// catalogue holds the transforms by name.
var catalogue = func() map[string]Transform {
	m := map[string]Transform{}
	for _, t := range transforms() {
		m[t.Name] = t
	}
	return m
}()

// find returns the transform of a name, or an error that names the known ones.
func find(name string) (Transform, error) {
	t, ok := catalogue[name]
	if !ok {
		var names []string
		for _, t := range transforms() {
			names = append(names, t.Name)
		}
		return t, fmt.Errorf("unknown transform %q, want one of %s", name, strings.Join(names, ", "))
	}
	return t, nil
}

// draw draws a step of a lineage with an amount between lo and hi.
func (t Transform) draw(lo, hi float64, rng *rand.Rand) data.Transform {
	a := amounts{t.Unit: amount{t.Unit, lo, hi, t.log}.draw(rng)}
	for _, further := range t.also {
		a[further.name] = further.draw(rng)
	}
	return data.Transform{Name: t.Name, Amounts: a}
}

// check says which amount is missing or out of its range.
func (t Transform) check(a amounts) error {
	if v, ok := a[t.Unit]; ok && v == t.Identity {
		return nil
	}
	for _, want := range append([]amount{{t.Unit, t.Lo, t.Hi, t.log}}, t.also...) {
		v, ok := a[want.name]
		switch {
		case !ok:
			return fmt.Errorf("%s: %s is missing", t.Name, want.name)
		case !(v >= want.lo && v <= want.hi):
			return fmt.Errorf("%s: %s is %v, want %v to %v", t.Name, want.name, v, want.lo, want.hi)
		}
	}
	return nil
}

// tidy rounds an amount to four decimals: finer than any ear or feature, and
// legible in hits.jsonl.
func tidy(v float64) float64 { return math.Round(v*1e4) / 1e4 }
