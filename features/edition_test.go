package features

import (
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// The patches of every kind, at two rates and with other settings, are those of
// the edition, and so are their recipes.
func TestEdition(t *testing.T) {
	golden := datatest.NewGolden(t, "features", "", Edition)
	clip := synthetic()
	slow := data.Clip{Rate: 22050, Samples: clip.Samples}
	hit := data.Hit{Onset: 5000, Start: 4868, End: 7000}
	for _, kind := range AllKinds() {
		settings := map[string]func(*Config){
			"":        func(*Config) {},
			" masked": func(c *Config) { c.Mask = true },
			" power":  func(c *Config) { c.Ref, c.Centred = none, !c.Centred },
			" re one": func(c *Config) { c.Ref = refOne },
		}
		for name, set := range settings {
			c := kindConfig(kind)
			set(&c)
			if c.Validate() != nil {
				continue // not every kind takes every setting
			}
			datatest.Near(golden, kind+name, 1e-5, patchOf(t, c, clip, hit).Values)
		}
		e, err := New(kindConfig(kind), clip.Rate)
		if err != nil {
			t.Fatal(err)
		}
		golden.Exact(kind+" recipe", e.Recipe())
		if _, err := New(kindConfig(kind), slow.Rate); err == nil { // the filters of some do not fit
			datatest.Near(golden, kind+" at 22050 Hz", 1e-5, patchOf(t, kindConfig(kind), slow, hit).Values)
		}
	}
}
