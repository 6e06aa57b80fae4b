package gallery

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"prep/data"
	"prep/data/document"
	"prep/data/pcm"
)

const (
	// before and after are silence around a hit that is played by itself: outputs swallow what
	// sounds while they wake.
	before = 60 * time.Millisecond
	after  = 40 * time.Millisecond
	// loudest is the peak that hits are played at, so that all can be heard.
	loudest = 0.7
	// groupsHeard bounds the hits of a class that are heard, one a group.
	groupsHeard = 12
)

// sound returns a hit to be heard; what it is goes before its place in the title.
func (g *gallery) sound(what string, e data.Example) (document.Sound, error) {
	audio, err := g.audio.of(e.Recording)
	if err != nil {
		return document.Sound{}, err
	}
	rate := audio.SampleRate()
	samples := make([]float32, rate.N(before)+e.End-e.Start+rate.N(after))
	hit := samples[rate.N(before):][:e.End-e.Start]
	if err := audio.ReadAt(hit, e.Start); err != nil {
		return document.Sound{}, err
	}
	var peak float32
	for _, x := range hit {
		peak = max(peak, x, -x)
	}
	for i := range hit {
		hit[i] *= loudest / max(peak, 1e-6)
	}
	wav, err := pcm.Int16.Encode(data.Clip{Rate: rate, Samples: samples})
	place := fmt.Sprintf("%s at %.3f s", g.recordings[e.Recording].Name, float64(e.Onset)/float64(rate))
	return document.Sound{Title: what + ": " + place, WAV: wav}, err
}

// soundsOfClass returns the surest hit of each group, to be heard, in the order of the groups.
func (g *gallery) soundsOfClass(examples []data.Example) (all []document.Sound, err error) {
	surest := map[string]data.Example{}
	for _, e := range slices.Backward(examples) { // the surest is the first
		surest[e.Group] = e
	}
	groups := slices.Sorted(maps.Keys(surest))
	for _, group := range groups[:min(len(groups), groupsHeard)] {
		e := surest[group]
		s, err := g.sound(e.Group, e)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}
