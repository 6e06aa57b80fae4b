package features

import (
	"fmt"
	"math"
	"slices"
	"time"

	"prep/data"
)

// pcen is per-channel energy normalization (Wang et al., Trainable Frontend
// for Robust and Far-Field Keyword Spotting, ICASSP 2017; Lostanlen et al.,
// Per-Channel Energy Normalization: Why and How, IEEE SPL 2019) as
// librosa.pcen has it, of the mel filters' outputs for magnitude spectra:
//
//	E[b,t] = 2^31 sum over k of w[b,k] |X[k,t]|
//	M[b,t] = (1-s) M[b,t-1] + s E[b,t],  M[b,-1] by PCEN.Start
//	P[b,t] = (E[b,t] / (eps + M[b,t])^gain + bias)^power - bias^power
//	s      = (sqrt(1 + 4 T^2) - 1) / (2 T^2),  T = time constant in frames
//
// M runs over the whole recording from its first sample, in frames that stand
// for the multiples of the hop, and the patch is cropped from it: frame 0 is
// the one nearest to its moment, at most half a hop away. Frames before the
// recording's first count as silence.
type pcen struct {
	*banded
	smoothing float64
	heard     heard     // before the patch
	after     heard     // with the patch, where a later one goes on
	block     []float32 // bands x blockFrames
}

// heard is what the level remembers of a recording.
type heard struct {
	level []float64 // M after frame next-1; empty before the first
	next  int
}

// PCEN has the parameters of pcen.
type PCEN struct {
	Gain  float64 `yaml:"gain" json:"gain"`
	Bias  float64 `yaml:"bias" json:"bias"`
	Power float64 `yaml:"power" json:"power"`
	Eps   float64 `yaml:"eps" json:"eps"`
	// TimeConstant is how long the level remembers.
	TimeConstant time.Duration `yaml:"time_constant" json:"time_constant"`
	// Start is the level before the recording's first frame: see the constants.
	Start string `yaml:"start" json:"start,omitempty"`
}

// Values of PCEN.Start. The equations leave M[b,-1] open; it decides what becomes of a recording that
// begins with its hit.
const (
	startFirst = ""      // E[b,0], the first frame's: "M is initialized with the first frame" (Wang et al., section 2)
	startOne   = "one"   // 1, the steady state that scipy's lfilter_zi gives librosa.pcen by default
	startLevel = "level" // the same in all bands: the mean over them of the patch's length from the first sample on
)

// defaultPCEN returns librosa's defaults.
func defaultPCEN() PCEN {
	return PCEN{Gain: 0.98, Bias: 2, Power: 0.5, Eps: 1e-6, TimeConstant: 400 * time.Millisecond}
}

// pcenScale takes full scale to the 32-bit integers for which the default eps
// and bias are meant (librosa.pcen's note).
const pcenScale = 1 << 31

func (p PCEN) validate() error {
	if p.TimeConstant < time.Millisecond || p.TimeConstant > time.Hour {
		return fmt.Errorf("pcen: time_constant: %v: must be from 1ms to 1h", p.TimeConstant)
	}
	if p.Start != startFirst && p.Start != startOne && p.Start != startLevel {
		return fmt.Errorf("pcen: start: %q: must be %s, %s, or nothing for the first frame", p.Start, startOne, startLevel)
	}
	for _, f := range []struct {
		name        string
		value, most float64
	}{{"gain", p.Gain, 10}, {"bias", p.Bias, 1e6}, {"power", p.Power, 10}, {"eps", p.Eps, 1e6}} {
		if !(f.value > 0 && f.value <= f.most) {
			return fmt.Errorf("pcen: %s: %v: must be above 0 and at most %v", f.name, f.value, f.most)
		}
	}
	return nil
}

func newPCEN(c Config, rate data.Rate) (transform, error) {
	b, err := newMelBanded(&c, rate)
	if err != nil {
		return nil, err
	}
	b.rootPower = true
	frames := c.PCEN.TimeConstant.Seconds() * float64(rate) / float64(c.Hop)
	return &pcen{banded: b, smoothing: (math.Sqrt(1+4*frames*frames) - 1) / (2 * frames * frames)}, nil
}

func (p *pcen) clone() transform {
	return &pcen{banded: p.copy(), smoothing: p.smoothing}
}

// begin forgets the recording.
func (p *pcen) begin() { p.heard.begin(); p.after.begin() }

func (h *heard) begin() { h.level, h.next = h.level[:0], 0 }

func (p *pcen) plane(dst []float32, r data.Reader, at place) error {
	c := p.config
	first := int(math.Round(float64(at.moment) / float64(c.Hop)))
	if err := p.listen(r, first); err != nil {
		return err
	}
	before := min(max(-first, 0), c.Frames)
	if err := p.powers(dst, r, first*c.Hop, c.Frames); err != nil {
		return err
	}
	level := append(p.after.level[:0], p.heard.level...)
	for t := before; t < c.Frames; t++ {
		level = p.follow(level, dst[t:], c.Frames)
		p.compress(dst[t:], level)
	}
	p.after = heard{level, max(first+c.Frames, 0)}
	for row := range slices.Chunk(dst, c.Frames) {
		clear(row[:before])
	}
	silence(dst, c.Frames, at.silent)
	return nil
}

// listen follows the recording up to the given frame.
func (p *pcen) listen(r data.Reader, frame int) error {
	if frame < p.heard.next {
		p.begin()
	}
	if p.heard.next <= p.after.next && p.after.next <= frame {
		p.heard, p.after = p.after, p.heard
	}
	if err := p.start(r); err != nil {
		return err
	}
	for p.heard.next < frame {
		n := min(frame-p.heard.next, blockFrames)
		block := p.room(n)
		if err := p.powers(block, r, p.heard.next*p.config.Hop, n); err != nil {
			return err
		}
		for t := range n {
			p.heard.level = p.follow(p.heard.level, block[t:], n)
		}
		p.heard.next += n
	}
	return nil
}

// room returns room for so many frames.
func (p *pcen) room(frames int) []float32 {
	p.block = slices.Grow(p.block[:0], p.config.Bands*frames)[:p.config.Bands*frames]
	return p.block
}

// start sets the level before a recording's first frame, where that is not the first frame's own.
func (p *pcen) start(r data.Reader) error {
	c := p.config
	if len(p.heard.level) > 0 || c.PCEN.Start == startFirst {
		return nil
	}
	level := 1.0
	if c.PCEN.Start == startLevel {
		block := p.room(c.Frames)
		if err := p.powers(block, r, 0, c.Frames); err != nil {
			return err
		}
		level = 0
		for _, e := range block {
			level += pcenScale * float64(e) / float64(len(block))
		}
	}
	for range c.Bands {
		p.heard.level = append(p.heard.level, level)
	}
	return nil
}

// follow returns the level after one more frame, whose bands are stride apart.
func (p *pcen) follow(level []float64, frame []float32, stride int) []float64 {
	if len(level) == 0 {
		for b := range p.config.Bands {
			level = append(level, pcenScale*float64(frame[b*stride]))
		}
	}
	for b, m := range level {
		level[b] = m + p.smoothing*(pcenScale*float64(frame[b*stride])-m)
	}
	return level
}

// compress replaces one frame's magnitudes by their normalized values.
func (p *pcen) compress(frame []float32, level []float64) {
	c := &p.config.PCEN
	rest := math.Pow(c.Bias, c.Power)
	for b, m := range level {
		v := &frame[b*p.config.Frames]
		e := pcenScale * float64(*v) * power(c.Eps+m, -c.Gain)
		*v = float32(power(e+c.Bias, c.Power) - rest)
	}
}

// power is math.Pow for positive x, to 1e-8.
func power(x, y float64) float64 {
	if y == 0.5 { // librosa's default
		return math.Sqrt(x)
	}
	z := y * ln(x)
	if x < 1e-300 || x > 1e300 || math.Abs(z) > 700 {
		return math.Pow(x, y)
	}
	return exp(z)
}

func (p *pcen) describe(ch *Channel) {
	p.banded.describe(ch)
	ch.Unit = "normalized energy (PCEN)"
	ch.Note = fmt.Sprintf("smoothing %.6g a frame over the recording from its first sample; frame 0 is the multiple of the hop nearest to its moment", p.smoothing)
}
