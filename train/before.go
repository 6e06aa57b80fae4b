package train

import (
	"errors"
	"io/fs"
	"maps"
	"math"
	"math/bits"
	"slices"
	"time"

	"prep/data"
	"prep/data/num"
	"prep/features/stft"
)

// What comes before a hit is told by the power of its last 20 ms in octaves, the
// lowest below 125 Hz.
const (
	beforeSpan    = 20 * time.Millisecond
	beforeOctaves = 8
	beforeLowHz   = 125
	beforeFloorDB = -120 // re full scale
)

// listen measures what comes before every original: how a microphone and a room
// sound, or what was sounding still. Where the set has no audio nothing is known.
func (s *samples) listen(set *data.Set) error {
	of := map[string][]int{}
	for i, e := range s.examples {
		if e.Parent == "" {
			of[e.Recording] = append(of[e.Recording], i)
		}
	}
	s.before = make([][]float64, len(s.examples))
	var plan *stft.Plan
	for _, recording := range slices.Sorted(maps.Keys(of)) {
		audio, err := set.Audio(recording)
		if errors.Is(err, fs.ErrNotExist) {
			s.before = nil
			return nil
		}
		if err != nil {
			return err
		}
		if plan == nil {
			plan = stft.NewPlan(1 << bits.Len(uint(max(audio.SampleRate().N(beforeSpan), 16)-1)))
		}
		for _, i := range of[recording] {
			if s.before[i], err = before(audio, plan, s.examples[i].Hit); err != nil {
				break
			}
		}
		if err := errors.Join(err, audio.Close()); err != nil {
			return err
		}
	}
	return nil
}

// before returns the mean power of each octave before a hit, dB re full scale.
func before(audio *data.AudioFile, plan *stft.Plan, h data.Hit) ([]float64, error) {
	rate := audio.SampleRate()
	x, err := data.ReadSpan(audio, max(h.Start-rate.N(beforeSpan), 0), h.Start)
	if err != nil {
		return nil, err
	}
	padded, power := make([]float32, plan.Len()), make([]float32, plan.Bins())
	copy(padded, x)
	plan.Power(power, padded)
	octaves := make([]float64, beforeOctaves)
	for k, p := range power {
		hz := float64(k) * float64(rate) / float64(plan.Len())
		octave := max(math.Ilogb(max(hz, 1)/beforeLowHz)+1, 0)
		octaves[min(octave, beforeOctaves-1)] += float64(p) / (float64(plan.Len()) * float64(max(len(x), 1)))
	}
	for k, p := range octaves {
		octaves[k] = num.DB(p, beforeFloorDB)
	}
	return octaves, nil
}
