// Package teach makes detectors of onsets: it gathers what a network learns from (the
// recordings of a set whose onsets people gave, performances mixed of their hits, the
// synthetic corpus, all of it in other rooms), has it trained, and measures it on people
// that it has not heard.
package teach

import (
	"fmt"
	"slices"

	"prep/data"
	"prep/data/corpus"
)

// Plan says what a detector learns from, beside the recordings themselves.
type Plan struct {
	// Surrounded is how many times each recording comes in another room.
	Surrounded int `yaml:"surrounded" json:"surrounded"`
	// Mixes is how many performances of six seconds are mixed of the recordings' hits.
	Mixes int `yaml:"mixes" json:"mixes"`
	// Voices of the synthetic corpus, five takes each.
	Voices int `yaml:"voices" json:"voices"`
	// Noises are takes of six seconds without a hit.
	Noises int    `yaml:"noises" json:"noises"`
	Seed   uint64 `yaml:"seed" json:"seed"`
}

// DefaultPlan returns what the detectors that come with prep learned from.
func DefaultPlan() Plan { return Plan{Surrounded: 8, Mixes: 150, Voices: 10, Noises: 60, Seed: 1} }

// take is something to learn from: audio with its onsets.
type take struct {
	name   string
	group  string // of the recording; "" for what is made
	render func() (heard, error)
}

// heard is a take's audio.
type heard struct {
	clip           data.Clip
	onsets, unsure []int // samples
}

// recording is one of a set, with the onsets that it is known to have.
type recording struct {
	data.Recording
	truth         []corpus.Event // by onset
	marks, unsure []int
}

// takes returns all that a plan makes of recordings.
func (p Plan) takes(set *data.Set, from []recording) ([]take, error) {
	var all []take
	cuts := map[string][]corpus.Cut{}
	for _, r := range from {
		clip, err := whole(set, r.ID)
		if err != nil {
			return nil, err
		}
		cuts[r.Group] = append(cuts[r.Group], cutsOf(clip, r)...)
		h := heard{clip, onsetsIn(r.truth), r.unsure}
		all = append(all, take{r.Name, r.Group, func() (heard, error) { return h, nil }})
		for i := range p.Surrounded {
			name := fmt.Sprintf("%s/%d", r.ID, i)
			all = append(all, take{name, r.Group, func() (heard, error) {
				return heard{corpus.Surround(clip, p.Seed, name), h.onsets, h.unsure}.interrupted(p.Seed, name), nil
			}})
		}
	}
	if len(from) > 0 {
		all = append(all, p.mixes(cuts, from[0].Rate)...)
		all = append(all, p.synthetic(from[0].Rate)...)
		all = append(all, p.noises(from[0].Rate)...)
	}
	return all, nil
}

func onsetsIn(truth []corpus.Event) (onsets []int) {
	for _, e := range truth {
		onsets = append(onsets, e.Onset)
	}
	return onsets
}

// whole reads a recording's audio.
func whole(set *data.Set, id string) (data.Clip, error) {
	audio, err := set.Audio(id)
	if err != nil {
		return data.Clip{}, err
	}
	defer audio.Close()
	x, err := data.ReadSpan(audio, 0, audio.Len())
	return data.Clip{Rate: audio.SampleRate(), Samples: x}, err
}

const (
	leadS    = 0.004 // of a cut before its onset
	beforeS  = 0.006 // that a cut ends before the next onset
	longestS = 0.45
	briefest = 0.027 // s
)

// cutsOf returns the hits of a recording, each until the next.
func cutsOf(clip data.Clip, r recording) (cuts []corpus.Cut) {
	n := func(s float64) int { return int(s * float64(clip.Rate)) }
	for i, e := range r.truth {
		end := min(e.Onset+n(longestS), len(clip.Samples))
		if i+1 < len(r.truth) {
			end = min(end, r.truth[i+1].Onset-n(beforeS))
		}
		start := max(e.Onset-n(leadS), 0)
		if end-start < n(briefest) {
			continue
		}
		cuts = append(cuts, corpus.Cut{Class: e.Class, Onset: e.Onset - start, Samples: slices.Clone(clip.Samples[start:end])})
	}
	return cuts
}

// burstEvery is which of the mixes is of noise bursts.
const burstEvery = 5

// mixes returns performances of each group in turn, a third of them with another's hits
// among theirs, a fifth of bursts; two of three in another room.
func (p Plan) mixes(cuts map[string][]corpus.Cut, rate data.Rate) (all []take) {
	var groups []string
	for g, c := range cuts {
		if len(c) > 0 {
			groups = append(groups, g)
		}
	}
	slices.Sort(groups)
	if len(groups) == 0 {
		return nil
	}
	mix, bursts := corpus.DefaultMix(rate, p.Seed), corpus.Bursts(rate, p.Seed, 200)
	for i := range p.Mixes {
		name := fmt.Sprintf("mix-%d", i)
		from, mix := cuts[groups[i%len(groups)]], mix
		if i%burstEvery == 0 {
			from = bursts
			if i%(2*burstEvery) == 0 {
				mix.ClosestS, mix.FarthestS = 0.036, 0.12 // rolls
			}
		} else if i/len(groups)%3 == 2 {
			from = append(slices.Clone(from), cuts[groups[(i*7+3)%len(groups)]]...)
		}
		all = append(all, take{name, "", func() (heard, error) {
			t := mix.Perform(name, from)
			return p.surrounded(t, i%3 > 0), nil
		}})
	}
	return all
}

// surrounded returns a made take, in another room or not.
func (p Plan) surrounded(t corpus.Take, elsewhere bool) heard {
	h := heard{clip: t.Clip, onsets: onsetsIn(t.Truth)}
	if elsewhere {
		h.clip = corpus.Surround(t.Clip, p.Seed, t.Name)
		return h.interrupted(p.Seed, t.Name)
	}
	return h
}

// interruptShare is the share of takes that are interrupted.
const interruptShare = 0.12

// interrupted returns some takes as a recorder has them that is switched on late, or
// whose gate opens a little before some of the hits: digital silence that ends is no
// attack.
func (h heard) interrupted(seed uint64, name string) heard {
	random := data.Rand(seed, "interrupted/"+name)
	if random.Float64() >= interruptShare || len(h.onsets) == 0 {
		return h
	}
	n := func(s float64) int { return int(s * float64(h.clip.Rate)) }
	between := func(lo, hi float64) int { return n(lo + (hi-lo)*random.Float64()) }
	h.clip.Samples = slices.Clone(h.clip.Samples)
	first := slices.Min(append(slices.Clone(h.unsure), h.onsets...))
	clear(h.clip.Samples[:max(0, first-between(0.03, 0.5))])
	for i, at := range h.onsets {
		lo, hi := at-between(0.05, 0.15), at-between(0.002, 0.04)
		if i > 0 && h.onsets[i-1]+n(0.06) < lo && random.Float64() < 0.5 {
			clear(h.clip.Samples[lo:max(lo, hi)])
		}
	}
	return h
}

// synthetic returns the takes of the synthetic corpus, every other one in another room.
func (p Plan) synthetic(rate data.Rate) (all []take) {
	if p.Voices == 0 {
		return nil
	}
	c := corpus.Default()
	c.Voices, c.Rate, c.Seed = p.Voices, rate, p.Seed+1000
	i := 0
	for t := range corpus.Generate(c) {
		elsewhere := i%2 > 0
		all = append(all, take{t.Name, "", func() (heard, error) { return p.surrounded(t, elsewhere), nil }})
		i++
	}
	return all
}

// noises returns takes in which nothing happens.
func (p Plan) noises(rate data.Rate) (all []take) {
	for i := range p.Noises {
		name := fmt.Sprintf("noise-%d", i)
		all = append(all, take{name, "", func() (heard, error) {
			random := data.Rand(p.Seed, name)
			x := make([]float64, 6*int(rate))
			corpus.AddNoise(x, random, -20, 2*random.Float64()-1)
			clip := data.Clip{Rate: rate, Samples: make([]float32, len(x))}
			for j, v := range x {
				clip.Samples[j] = float32(v)
			}
			if i%3 == 1 {
				clip = corpus.Surround(clip, p.Seed, name)
			}
			if i%3 == 2 { // a recorder that is switched on late and off early
				clear(clip.Samples[:random.IntN(len(x)/2)])
				clear(clip.Samples[len(x)-random.IntN(len(x)/4):])
			}
			return heard{clip: clip}, nil
		}})
	}
	return all
}
