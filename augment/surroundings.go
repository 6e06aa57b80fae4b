package augment

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"prep/data"
)

// Surroundings are what a hit's recording and group offer to its copies. The
// zero value offers nothing: steps that need something are left out.
type Surroundings struct {
	tone   *tone               // nil when the recording has no room tone
	others [2][]data.Recording // to take backgrounds from: those before it and those behind
}

// complete adds to a drawn step what depends on the surroundings; it reports
// false when they do not offer it.
func (near Surroundings) complete(step *data.Transform, rng *rand.Rand) bool {
	switch step.Name {
	case roomTone.Name:
		if near.tone == nil {
			return false
		}
		step.Amounts["from"], step.Amounts["samples"] = float64(near.tone.From), float64(near.tone.Samples)
	case background.Name:
		before, behind := near.others[0], near.others[1]
		if len(before)+len(behind) == 0 {
			return false
		}
		i := rng.IntN(len(before) + len(behind))
		if i < len(before) {
			step.Name += ":" + before[i].ID
		} else {
			step.Name += ":" + behind[i-len(before)].ID
		}
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
	t, err := c.toneOf(set, recording)
	return Surroundings{t, c.companyOf(recordings).neighbours(recording, recordings[i].Group)}, err
}

// toneOf returns the room tone of a recording if the plan asks for it.
func (c Config) toneOf(set *data.Set, recording string) (*tone, error) {
	if _, ok := c.has(roomTone); ok {
		return toneOf(set, recording)
	}
	return nil, nil
}

// has reports whether the plan names a transform, and in which line.
func (c Config) has(t Transform) (line int, ok bool) {
	line = slices.IndexFunc(c.Plan, func(s Step) bool { return s.Transform == t.Name })
	return line, line >= 0
}

// company is which recordings may lie behind which: those of the training
// groups, or of one's own.
type company struct {
	lists map[string][]data.Recording // by group; of the training groups there is one, ""
	place map[string]int              // of each recording in its list, by ID
	fixed bool                        // there are training groups
}

func (c Config) companyOf(recordings []data.Recording) company {
	k := company{map[string][]data.Recording{}, map[string]int{}, len(c.Groups) > 0}
	for _, r := range recordings {
		if c.allows(r.Group) {
			list := k.list(r.Group)
			k.place[r.ID] = len(k.lists[list])
			k.lists[list] = append(k.lists[list], r)
		}
	}
	return k
}

// list returns the name of a group's list.
func (k company) list(group string) string {
	if k.fixed {
		return ""
	}
	return group
}

// neighbours returns the company of a recording: the part of its list before it,
// and the one behind.
func (k company) neighbours(recording, group string) [2][]data.Recording {
	list := k.lists[k.list(group)]
	i, ok := k.place[recording]
	if !ok {
		return [2][]data.Recording{list}
	}
	return [2][]data.Recording{list[:i], list[i+1:]}
}

// checkBackgrounds fails when the plan asks for backgrounds and no recording
// with parents has any.
func (c Config) checkBackgrounds(k company, parents []family) error {
	line, ok := c.has(background)
	if !ok {
		return nil
	}
	for _, f := range parents {
		if others := k.neighbours(f.recording, f.group); len(others[0])+len(others[1]) > 0 {
			return nil
		}
	}
	return c.fault(fmt.Sprintf("plan[%d]", line), errors.New("background: no recording has another one of its groups to lie behind it"))
}
