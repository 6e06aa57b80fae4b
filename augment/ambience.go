package augment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"

	"prep/data"
)

// ambiences are the transforms that add recorded sound at a ratio of the hit's
// power to its own: room tone's over the same samples, a background's over the
// whole window.
func ambiences() []Transform {
	return []Transform{{
		Name: "room_tone", Unit: "snr_db", Lo: -10, Hi: 80, Identity: math.Inf(1),
		About: "The recording's own background, from its quietest stretch, louder than it was: " +
			"noise of the kind that the room and the microphone make.",
		material: readTone,
		apply: func(w *window, a amounts, _ span, rng *rand.Rand) {
			noise := spread(w.material, len(w.samples), w.seconds(grainSeconds), rng)
			w.addAt(noise, rms(noise[w.at:w.at+w.post]), a["snr_db"])
		},
	}, {
		Name: "background", Unit: "snr_db", Lo: -10, Hi: 80, Identity: math.Inf(1),
		About: "Another recording of the training groups, hits and all, behind this one. " +
			"Salamon and Bello (2017) mix scenes with weights of 0.1 to 0.5, 19 to 0 dB; below 10 dB another's hit may drown this one.",
		also:     []amount{{"place", 0, 1, false}}, // in the other recording
		material: readBackground,
		apply: func(w *window, a amounts, _ span, _ *rand.Rand) {
			// Over all of it: if it is quiet behind the hit, let it be.
			w.addAt(w.material, rms(w.material), a["snr_db"])
		},
	}}
}

const (
	// toneSeconds of quiet are looked for; a third of a recording at most.
	toneSeconds = 0.200
	// toneBlock is the resolution of the search.
	toneBlock = 0.010
	// grainSeconds is the length of the pieces that room tone is laid out in.
	grainSeconds = 0.046
)

// tone is the quietest stretch of a recording.
type tone struct{ from, samples int }

// readTone reads a tone, which is in the parent's own recording.
func readTone(s source, step data.Transform, _ int) ([]float32, error) {
	from, n := step.Amounts["from"], step.Amounts["samples"]
	if length := float64(s.recording.Len()); !(from >= 0 && n >= 1 && from+n <= length) {
		return nil, fmt.Errorf("samples %v to %v are not in a recording of %v", from, from+n, length)
	}
	return data.ReadSpan(s.recording, int(from), int(from+n))
}

// readBackground reads n samples of the recording that the step names.
func readBackground(s source, step data.Transform, n int) ([]float32, error) {
	_, id, _ := strings.Cut(step.Name, ":")
	if s.open == nil {
		return nil, errors.New("no other recording is at hand")
	}
	r, err := s.open(id)
	if err != nil {
		return nil, err
	}
	if c, ok := r.(io.Closer); ok {
		defer c.Close()
	}
	if r.SampleRate() != s.recording.SampleRate() {
		return nil, fmt.Errorf("its rate is %d, the recording's %d", r.SampleRate(), s.recording.SampleRate())
	}
	from := int(step.Amounts["place"] * float64(max(r.Len()-n, 0)))
	return data.ReadSpan(r, from, from+n)
}

// spread returns n samples made of pieces of x from random places, overlapped
// by half under sine windows, which keeps the power of noise.
func spread(x []float32, n, grain int, rng *rand.Rand) []float32 {
	grain = max(min(grain, len(x)), 2) / 2 * 2
	out := make([]float32, n)
	if len(x) < grain {
		return out
	}
	for start := -grain / 2; start < n; start += grain / 2 {
		piece := x[rng.IntN(len(x)-grain+1):]
		lo, hi := data.Overlap(start, grain, n)
		for i := lo; i < hi; i++ {
			out[start+i] += piece[i] * float32(math.Sin(math.Pi*(float64(i)+0.5)/float64(grain)))
		}
	}
	return out
}

// quietest returns the quietest stretch of r that is not digital silence, or
// nil when there is none.
func quietest(r data.Reader) (*tone, error) {
	block := max(1, int(toneBlock*float64(r.SampleRate())))
	blocks := r.Len() / block
	want := min(int(toneSeconds/toneBlock), blocks/3)
	if want < 1 {
		return nil, nil
	}
	power := make([]float64, blocks)
	buf := make([]float32, block)
	for i := range power {
		if err := r.ReadAt(buf, i*block); err != nil {
			return nil, err
		}
		if level := rms(buf); level > 0 {
			power[i] = level * level
		} else {
			power[i] = math.Inf(1)
		}
	}
	best, at := math.Inf(1), -1
	for i := range blocks - want + 1 {
		var sum float64
		for _, v := range power[i : i+want] {
			sum += v
		}
		if sum < best {
			best, at = sum, i
		}
	}
	if at < 0 {
		return nil, nil
	}
	return &tone{at * block, want * block}, nil
}

// toneOf returns the room tone of a recording of the set, or nil.
func toneOf(set *data.Set, id string) (*tone, error) {
	audio, err := set.Audio(id)
	if err != nil {
		return nil, err
	}
	defer audio.Close()
	return quietest(audio)
}

// complete adds to a drawn step what depends on the surroundings; it reports
// false when they do not offer it.
func (near Surroundings) complete(step *data.Transform, rng *rand.Rand) bool {
	switch step.Name {
	case "room_tone":
		if near.tone == nil {
			return false
		}
		step.Amounts["from"], step.Amounts["samples"] = float64(near.tone.from), float64(near.tone.samples)
	case "background":
		if len(near.others) == 0 {
			return false
		}
		step.Name += ":" + near.others[rng.IntN(len(near.others))].ID
	}
	return true
}

// has reports whether the plan names a transform, and where.
func (c Config) has(transform string) (line int, ok bool) {
	line = slices.IndexFunc(c.Plan, func(s Step) bool { return s.Transform == transform })
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
	if _, ok := c.has("room_tone"); ok {
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
	line, ok := c.has("background")
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
