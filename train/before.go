package train

import (
	"errors"
	"io/fs"
	"math"
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
	s.before = make([][]float64, len(s.examples))
	for i, e := range s.examples {
		if e.Parent != "" {
			continue
		}
		var err error
		if s.before[i], err = before(set, e.Hit); errors.Is(err, fs.ErrNotExist) {
			s.before = nil
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// before returns the mean power of each octave before a hit, dB re full scale.
func before(set *data.Set, h data.Hit) ([]float64, error) {
	audio, err := set.Audio(h.Recording)
	if err != nil {
		return nil, err
	}
	defer audio.Close()
	rate := audio.SampleRate()
	x, err := data.ReadSpan(audio, max(h.Start-rate.N(beforeSpan), 0), h.Start)
	if err != nil {
		return nil, err
	}
	n := 1
	for n < max(rate.N(beforeSpan), 16) {
		n *= 2
	}
	plan := stft.NewPlan(n)
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
