package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sort"

	"prep/data"
	"prep/data/tcn"
	"prep/train/conv"
)

// Sequence is a recording as a detector hears it, and where its onsets are.
type Sequence struct {
	Frames int
	Levels []float32 // frames x bands x channels
	Onsets []float64 // in frames
	// Unsure are frames around which nobody knows whether there is an onset.
	Unsure []float64
}

// DetectorConfig says how a detector is trained.
type DetectorConfig struct {
	// Steps of Batch crops, each of Crop frames.
	Steps        int     `yaml:"steps" json:"steps"`
	Batch        int     `yaml:"batch" json:"batch"`
	Crop         int     `yaml:"crop" json:"crop"`
	LearningRate float64 `yaml:"learning_rate" json:"learning_rate"`
	WeightDecay  float64 `yaml:"weight_decay" json:"weight_decay"`
	Dropout      float64 `yaml:"dropout" json:"dropout"`
	Seed         uint64  `yaml:"seed" json:"seed"`
	// Lead is by how many frames the frame that an output speaks of lies behind the
	// middle of what the network sees for it.
	Lead int `yaml:"lead" json:"lead"`
}

// DefaultDetector returns the training of the detectors that come with prep.
func DefaultDetector() DetectorConfig {
	return DetectorConfig{Steps: 1500, Batch: 16, Crop: 384, LearningRate: 2e-3, WeightDecay: 1e-2, Dropout: 0.1, Seed: 1}
}

// Validate says which field is out of range.
func (c DetectorConfig) Validate() error {
	for _, f := range []struct {
		name          string
		value, lo, hi float64
	}{
		{"steps", float64(c.Steps), 1, 1e6}, {"batch", float64(c.Batch), 1, 4096}, {"crop", float64(c.Crop), 64, 1 << 16},
		{"learning_rate", c.LearningRate, 1e-9, 10}, {"weight_decay", c.WeightDecay, 0, 1}, {"dropout", c.Dropout, 0, 0.9},
		{"lead", float64(c.Lead), 0, 1000},
	} {
		if !(f.value >= f.lo && f.value <= f.hi) {
			return fmt.Errorf("detector: %s is %g, want %g to %g", f.name, f.value, f.lo, f.hi)
		}
	}
	if c.Crop%cropUnit != 0 {
		return fmt.Errorf("detector: crop is %d, want a multiple of %d", c.Crop, cropUnit)
	}
	return nil
}

// cropUnit divides by every dilation in use.
const cropUnit = 16

// width is how many frames from an onset the target falls to zero: marks and hops are
// not finer.
const width = 2.5

// unsure is how many frames around an unsure one do not count: 60 ms.
const unsure = 12

// TrainDetector trains a network of n's shape to tell the frames of onsets from others.
// The same sequences, configuration and seed give the same bits on one kernel path. It
// fails when c is invalid, when there is nothing to learn from, and when ctx ends.
func TrainDetector(ctx context.Context, c DetectorConfig, n tcn.Network, from []Sequence, p data.Progress) (tcn.Network, error) {
	if err := c.Validate(); err != nil {
		return n, err
	}
	f, err := newDetectorFit(c, n, from)
	if err != nil {
		return n, err
	}
	for step := range c.Steps {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		f.draw(step)
		loss, err := f.step(step)
		if err != nil {
			return n, err
		}
		p.Report(data.Step{Stage: "train: detector", Done: step + 1, Total: c.Steps, Note: fmt.Sprintf("loss %.4f", loss)})
	}
	return f.average.folded(n), nil
}

// detectorFit is a training in progress.
type detectorFit struct {
	*sequence
	c       DetectorConfig
	from    []Sequence
	ends    []int // running sum of the sequences' frames
	average weights
	solver  *conv.Adam
	loss    float64 // smoothed
}

func newDetectorFit(c DetectorConfig, n tcn.Network, from []Sequence) (*detectorFit, error) {
	f := &detectorFit{c: c, from: from, solver: conv.NewAdam(c.LearningRate)}
	f.solver.WeightDecay = c.WeightDecay
	total, onsets := 0, 0
	for _, s := range from {
		total += s.Frames
		onsets += len(s.Onsets)
		f.ends = append(f.ends, total)
	}
	if onsets == 0 {
		return nil, errors.New("detector: no onsets to learn from; import labels, or place some onsets")
	}
	w := newSequenceWeights(n, data.Rand(c.Seed, "detector/weights"))
	f.average = w.clone()
	var err error
	f.sequence, err = newSequence(n, w, c.Batch, c.Crop, c.Dropout, data.Rand(c.Seed, "detector/dropout").Uint64())
	return f, err
}

// step trains on the batch and returns the smoothed loss.
func (f *detectorFit) step(number int) (float64, error) {
	done := float64(number) / float64(f.c.Steps)
	f.solver.LearningRate = f.c.LearningRate * (1 + math.Cos(math.Pi*done)) / 2 * min(1, float64(number+1)/warmup)
	loss, err := f.sequence.step(f.solver, uint64(number))
	if number == 0 {
		f.loss = loss
	}
	f.loss += 0.02 * (loss - f.loss)
	f.average.follow(f.weights, averageShare(uint64(number)))
	return f.loss, err
}

// warmup is over how many steps the rate rises.
const warmup = 50

// draw fills the batch of a step: crops of sequences, as likely as they are long.
func (f *detectorFit) draw(step int) {
	random := data.Rand(f.c.Seed, fmt.Sprintf("detector/%d", step))
	for i := range f.batch {
		at := random.IntN(f.ends[len(f.ends)-1])
		s := &f.from[sort.SearchInts(f.ends, at+1)]
		f.crop(i, s, random.IntN(max(1, s.Frames-f.frames/2))-f.frames/4, random)
	}
}

// crop writes the frames of s from frame first on to row i of the batch. Frames beyond
// the recording are silent.
func (f *detectorFit) crop(i int, s *Sequence, first int, random *rand.Rand) {
	values := f.net.Bands * f.net.Channels
	x := f.x[i*f.frames*values:][:f.frames*values]
	j := newLevelJitter(f.net, random)
	for t := range f.frames {
		row := x[t*values:][:values]
		if at := first + t; at >= 0 && at < s.Frames {
			copy(row, s.Levels[at*values:])
			j.apply(row)
		} else {
			for k := range row {
				row[k] = silence
			}
		}
	}
	targets, counts := f.targets[i*f.frames:][:f.frames], f.counts[i*f.frames:][:f.frames]
	for t := range targets {
		targets[t], counts[t] = 0, 1
	}
	near := f.net.Reach() / 2
	clear(counts[:near])
	clear(counts[len(counts)-near:])
	origin := float64(first + f.c.Lead)
	for _, o := range s.Onsets {
		spread(targets, o-origin, width, func(t int, d float64) { targets[t] = max(targets[t], float32(1-d/width)) })
	}
	for _, o := range s.Unsure {
		spread(counts, o-origin, unsure, func(t int, _ float64) { counts[t] = 0 })
	}
}

// silence is the level of a silent frame, as segment has it.
const silence = -2

// spread calls fn for each of the frames that lie nearer than reach to a place, and how
// near.
func spread(frames []float32, at, reach float64, fn func(t int, distance float64)) {
	for t := max(0, int(math.Ceil(at-reach))); t < len(frames) && float64(t) < at+reach; t++ {
		fn(t, math.Abs(float64(t)-at))
	}
}

// levelJitter moves the levels of a crop: all of them, and from low to high bands.
type levelJitter struct {
	shifts []float32 // a value of a frame
}

// The spread of the jitter, in levels: 3 dB of gain, and 3 dB from the middle band to
// either end.
const (
	gainSigma = 0.15
	tiltSigma = 0.15
)

func newLevelJitter(n tcn.Network, random *rand.Rand) levelJitter {
	gain, tilt := gainSigma*random.NormFloat64(), tiltSigma*random.NormFloat64()
	j := levelJitter{make([]float32, n.Bands*n.Channels)}
	for i := range j.shifts {
		band := float64(i / n.Channels)
		j.shifts[i] = float32(gain + tilt*(2*band/float64(n.Bands-1)-1))
	}
	return j
}

// apply moves a frame. What is silent stays so.
func (j levelJitter) apply(frame []float32) {
	for i, s := range j.shifts {
		frame[i] = max(frame[i]+s, silence)
	}
}
