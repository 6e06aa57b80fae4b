package variants

import (
	"context"

	"prep/augment"
	"prep/data"
	"prep/data/work"
	"prep/features"
	"prep/train/sweep"
)

// recipe is all that an arm's patches depend on besides the set.
type recipe struct {
	Editions work.Editions   `json:"editions"`
	Features features.Config `json:"features"`
	Augment  *augment.Config `json:"augment,omitempty"` // nil for no copies
}

// Prepare returns what makes the copies and the patches of an arm that Variant
// gave. render makes the audio of a set's copies.
func Prepare(render func(*data.Set) data.Render, p data.Progress) sweep.Prepare {
	return func(ctx context.Context, v *data.Set, a sweep.Arm) error {
		r, e := a.Recipe.(recipe), work.On(v, p)
		if r.Augment != nil {
			if _, err := augment.Run(ctx, e, *r.Augment); err != nil {
				return err
			}
		}
		_, err := features.Run(ctx, e, r.Features, render(v))
		return err
	}
}
