package augment

import (
	"fmt"

	"prep/data"
)

// Sound is one sound of a preview.
type Sound struct {
	// Name is "original" or the transform's; Amount how much of it: "2 semitones".
	Name, Amount string
	// Clip is the audio with its context; the hit has its positions in it.
	Clip data.Clip
	Hit  data.Hit
}

// Preview renders a hit as it is and then, by each step of the plan alone, at
// both ends of the step's range. near offers what room tone and backgrounds
// need: see Surroundings.
func (c Config) Preview(m Renderer, r data.Reader, h data.Hit, near Surroundings) ([]Sound, error) {
	shown := []Sound{}
	show := func(name, amount string, lineage ...data.Transform) error {
		copy := h
		copy.ID, copy.Parent, copy.Lineage, copy.Seed = h.ID+"+"+name, h.ID, lineage, c.Seed
		return m.Render(r, h, copy, func(rendered data.Reader, at data.Hit) error {
			samples, err := data.ReadSpan(rendered, 0, rendered.Len())
			shown = append(shown, Sound{name, amount, data.Clip{Rate: r.SampleRate(), Samples: samples}, at})
			return err
		})
	}
	if err := show("original", ""); err != nil {
		return nil, err
	}
	for i, s := range c.Plan {
		t := catalogue[s.Transform]
		for k, v := range []float64{s.Min, s.Max} {
			rng := data.Rand(c.Seed, fmt.Sprintf("preview/%d/%d", i, k))
			step := t.draw(v, v, rng)
			if k == 1 && s.Min == s.Max || !near.complete(&step, rng) {
				continue
			}
			if err := show(t.Name, fmt.Sprintf("%v %s", v, t.Unit), step); err != nil {
				return nil, err
			}
		}
	}
	return shown, nil
}
