package segment

import (
	"math"
	"time"

	"prep/data"
)

const (
	// nearest is the shortest time between onsets: hits of VOPEC follow each other
	// after 39 ms.
	nearest = 24 * time.Millisecond
	// soon is how much of that a causal detector waits for after an onset.
	soon = 5 * time.Millisecond
	// blockFrames are read at once: 1.3 s.
	blockFrames = 256
)

// Function is the detection function of a recording: value i belongs to sample i*Hop.
type Function struct {
	Rate      data.Rate
	Hop       int       // samples
	Values    []float64 // probability
	Threshold float64   // probability; a local maximum that reaches it is an onset
}

// Function returns the detection function of a recording, for pictures, in at most so many values,
// each the largest of as many frames of 5 ms; 0 is a value a frame. It fails when r or the
// detector's file does.
func (c Config) Function(r data.Reader, most int) (Function, error) {
	g, every := newGrid(r.SampleRate()), 1
	if n := g.count(r.Len()); most > 0 {
		every = (n + most - 1) / most
	}
	fn := Function{Rate: r.SampleRate(), Hop: g.hop * every, Threshold: c.Threshold}
	frame := 0
	err := c.scan(r, blockFrames, func(p point) error {
		if frame%every == 0 {
			fn.Values = append(fn.Values, 0)
		}
		last := &fn.Values[len(fn.Values)-1]
		*last = max(*last, p.probability)
		frame++
		return nil
	})
	return fn, err
}

// point is a frame of the detection function.
type point struct {
	at          int     // sample
	value       float64 // logarithm of the odds
	noise       float64 // level
	probability float64
	power       float64 // of what begins there
	onset       bool
}

// scan calls fn for every frame of a recording, whose length may become known
// only as it is read.
func (c Config) scan(r data.Reader, block int, fn func(point) error) error {
	d, err := c.Open()
	if err != nil || r.Len() == 0 {
		return err
	}
	g := newGrid(r.SampleRate())
	l := newListener(g, d, r, block, c)
	k := newPicker(g, c, d)
	for t := -k.ahead; t < g.count(r.Len()); t++ {
		v := float32(noOnset)
		if t+k.ahead < g.count(r.Len()) {
			if v, err = l.value(); err != nil {
				return err
			}
		}
		k.ring[(t+k.ahead)%len(k.ring)] = v
		if t < 0 {
			continue
		}
		p := k.pick(t, l.noises[t%len(l.noises)])
		p.power = l.power(t)
		p.onset = p.onset && !l.switchedOn(t, c.Causal)
		if err := fn(p); err != nil {
			return err
		}
	}
	return nil
}

// noOnset is the output where nothing can be.
const noOnset = -100

// picker decides which frames are onsets.
type picker struct {
	grid
	*Detector
	threshold   float64
	near, ahead int       // frames
	ring        []float32 // the outputs from frame t-near to t+ahead
}

func newPicker(g grid, c Config, d *Detector) *picker {
	k := &picker{grid: g, Detector: d, threshold: c.Threshold, near: g.frames(nearest)}
	if k.ahead = k.near; c.Causal {
		k.ahead = g.frames(soon)
	}
	k.ring = make([]float32, k.near+k.ahead+1)
	for i := range k.ring {
		k.ring[i] = noOnset
	}
	return k
}

// pick returns frame t, around which noise has a level.
func (k *picker) pick(t int, noise float32) point {
	v := float64(k.at(t))
	p := point{at: t * k.hop, value: v, noise: float64(noise), probability: k.probability(v, float64(noise))}
	if p.onset = p.probability >= k.threshold && k.peaks(t); p.onset {
		p.at += int(math.Round(k.vertex(t) * float64(k.hop)))
	}
	return p
}

// probability returns that of an onset where the output is v and noise has a level, to a
// millionth: so far it is the same on every processor.
func (d *Detector) probability(v, noise float64) float64 {
	odds := float64(d.Slope*v) + float64(d.Noise*(noise-quietest)) + d.Shift
	return math.Round(1e6/(1+math.Exp(-odds))) / 1e6
}

// Peak is a place that a detector may call an onset, what its network says there, and
// the noise around it, as levels: from half the decimal logarithm of 60 dB below the
// loudest sound, 0, to that of 10 dB.
type Peak struct {
	Onset         int // samples
	Output, Noise float64
}

// Peaks returns all places where the output of c's detector peaks above a value, for its
// calibration. It fails when r does, or the detector's file.
func Peaks(r data.Reader, c Config, above float64) (peaks []Peak, err error) {
	fine, last := refiner{r: r}, noneBefore
	c.Threshold = 0
	err = c.scan(r, blockFrames, func(p point) error {
		if !p.onset || p.value < above {
			return nil
		}
		a, ok, err := c.refineAttack(&fine, p, last)
		if err == nil && ok && a.onset > last {
			peaks, last = append(peaks, Peak{a.onset, p.value, p.noise - quietest}), a.onset
		}
		return err
	})
	return peaks, err
}

// at returns the output of a frame of the ring.
func (k *picker) at(t int) float32 { return k.ring[(t+len(k.ring))%len(k.ring)] }

// peaks reports whether the output of frame t is the largest around it, the first
// of equals.
func (k *picker) peaks(t int) bool {
	v := k.at(t)
	for i := 1; i <= k.near; i++ {
		if k.at(t-i) >= v || i <= k.ahead && k.at(t+i) > v {
			return false
		}
	}
	return true
}

// vertex returns by how many frames the vertex of the parabola through a peak and
// its neighbours lies behind it.
func (k *picker) vertex(t int) float64 {
	before, v, after := float64(k.at(t-1)), float64(k.at(t)), float64(k.at(t+1))
	if bend := before - 2*v + after; bend < 0 {
		return min(max((before-after)/(2*bend), -0.5), 0.5)
	}
	return 0
}
