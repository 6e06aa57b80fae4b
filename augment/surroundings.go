package augment

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"

	"prep/data"
)

// Surroundings are what a hit's recording and group offer to its copies. The
// zero value offers nothing: steps that need something are left out.
type Surroundings struct {
	tone   *tone            // nil when the recording has no room tone
	others []data.Recording // to take backgrounds from
}

// complete adds to a drawn step what depends on the surroundings; it reports
// false when they do not offer it.
func (near Surroundings) complete(step *data.Transform, rng *rand.Rand) bool {
	switch step.Name {
	case roomTone.Name:
		if near.tone == nil {
			return false
		}
		step.Amounts["from"], step.Amounts["samples"] = float64(near.tone.from), float64(near.tone.samples)
	case background.Name:
		if len(near.others) == 0 {
			return false
		}
		step.Name += ":" + near.others[rng.IntN(len(near.others))].ID
	}
	return true
}

// Surroundings returns what the recording of a hit, and those of its group,
// offer to its copies. It reads the recording once when the plan asks for room
// tone.
func (c Config) Surroundings(set *data.Set, recording string) (Surroundings, error) {
	recordings, err := set.Recordings()
	if err != nil {
		return Surroundings{}, err
	}
	i := slices.IndexFunc(recordings, func(r data.Recording) bool { return r.ID == recording })
	if i < 0 {
		return Surroundings{}, fmt.Errorf("augment: the set has no recording %q", recording)
	}
	near := Surroundings{others: c.others(recordings, recordings[i])}
	if _, ok := c.has(roomTone); ok {
		near.tone, err = toneOf(set, recording)
	}
	return near, err
}

// has reports whether the plan names a transform, and in which line.
func (c Config) has(t Transform) (line int, ok bool) {
	line = slices.IndexFunc(c.Plan, func(s Step) bool { return s.Transform == t.Name })
	return line, line >= 0
}

// survey looks up the surroundings of each recording that has parents: only
// what the plan asks for.
func (c Config) survey(ctx context.Context, set *data.Set, parents []data.Example) (map[string]Surroundings, error) {
	recordings, err := set.Recordings()
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, e := range parents {
		used[e.Recording] = true
	}
	near := map[string]Surroundings{}
	for _, r := range recordings {
		if used[r.ID] {
			near[r.ID] = Surroundings{others: c.others(recordings, r)}
		}
	}
	if err := c.checkBackgrounds(near); err != nil {
		return nil, err
	}
	if _, ok := c.has(roomTone); ok {
		err = listen(ctx, set, near)
	}
	return near, err
}

// others returns the recordings that may lie behind r: those of the training
// groups, or of its own.
func (c Config) others(recordings []data.Recording, r data.Recording) (others []data.Recording) {
	for _, o := range recordings {
		inside := o.Group == r.Group
		if len(c.Groups) > 0 {
			inside = slices.Contains(c.Groups, o.Group)
		}
		if inside && o.ID != r.ID {
			others = append(others, o)
		}
	}
	return others
}

// checkBackgrounds fails when the plan asks for backgrounds and no recording
// has any.
func (c Config) checkBackgrounds(near map[string]Surroundings) error {
	line, ok := c.has(background)
	if !ok {
		return nil
	}
	for _, s := range near {
		if len(s.others) > 0 {
			return nil
		}
	}
	return fmt.Errorf("augment: plan[%d]: background: no recording has another one of its groups to lie behind it", line)
}

// listen finds the room tone of each recording.
func listen(ctx context.Context, set *data.Set, near map[string]Surroundings) error {
	ids := slices.Sorted(maps.Keys(near))
	one := func(_ context.Context, id string) (*tone, error) { return toneOf(set, id) }
	for id, result := range data.Map(ctx, ids, runtime.GOMAXPROCS(0), one) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if result.Err != nil {
			return fmt.Errorf("augment: room tone of %s: %w", id, result.Err)
		}
		s := near[id]
		s.tone = result.Value
		near[id] = s
	}
	return nil
}
