package features

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"prep/data"
	"prep/data/num"
	"prep/data/work"
)

// errSilent is the reason for a hit whose patch would hold no sound at all:
// every sample under it is zero.
var errSilent = errors.New("silent: every sample under the patch is zero")

// transform makes one plane of a patch. It owns its scratch memory.
type transform interface {
	// plane writes bands x frames, row-major, to dst.
	plane(dst []float32, r data.Reader, at place) error
	// clone returns a transform for another goroutine; tables are shared.
	clone() transform
	// bands describes the rows.
	bands() []band
}

// continuous is a transform that hears the recording before the hit. It goes
// on from the place of the plane before unless it is told to begin anew.
type continuous interface{ begin() }

// place is where a patch lies.
type place struct {
	moment int // the sample that frame 0 stands for
	silent int // the first frame that counts as silence
}

// band is a row of a plane: its centre, the distance to its neighbours and the
// length of the samples it looks at.
type band struct {
	centreHz, widthHz float64
	window            int
}

// transforms holds how to make each kind at a rate.
var transforms = map[string]func(Config, data.Rate) (transform, error){
	"linear":     newLinear,
	"mel":        newMel,
	"mfcc":       newMFCC,
	"pcen":       newPCEN,
	"modulation": newModulation,
	"cqt":        newCQT,
	"vqt":        newVQT,
}

// AllKinds returns the names of the kinds, sorted.
func AllKinds() []string { return slices.Sorted(maps.Keys(transforms)) }

// Extractor makes the patches of one Config at one rate. It holds tables and
// scratch memory: make one and use it for many hits, and give every goroutine
// a Clone.
type Extractor struct {
	config Config
	rate   data.Rate
	planes []transform
	ahead  int // the first sample any frame looks at, less frame 0's moment
}

// New prepares the extraction of patches from recordings of the given rate. It
// fails when c is not valid or does not fit the rate.
func New(c Config, rate data.Rate) (*Extractor, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if rate < 1 {
		return nil, fmt.Errorf("a rate of %d samples a second", rate)
	}
	if _, err := c.fmaxHz(rate); err != nil {
		return nil, err
	}
	e := &Extractor{config: c, rate: rate}
	for _, kind := range c.Kinds() {
		t, err := transforms[kind](c, rate)
		if err != nil {
			return nil, err
		}
		e.planes = append(e.planes, t)
		first, _ := e.support(t.bands())
		e.ahead = min(e.ahead, first+rate.N(c.PreRoll))
	}
	return e, nil
}

// Clone returns an extractor for another goroutine.
func (e *Extractor) Clone() *Extractor {
	c := *e
	c.planes = make([]transform, len(e.planes))
	for i, p := range e.planes {
		c.planes[i] = p.clone()
	}
	return &c
}

// Patch returns the patch of one hit of r: Channels x Bands x Frames. It fails
// when r does, when r has another rate, when a sample it needs is not finite
// or too large, and when all of them are silent. See Patches for many hits of a
// recording.
func (e *Extractor) Patch(r data.Reader, h data.Hit) (data.Patch, error) {
	e.begin()
	return e.nextPatch(r, h)
}

// Patches returns the patch or the error of each hit of r, as Patch would.
// Hits in the order of their onsets cost pcen one pass over the recording
// instead of one a hit.
func (e *Extractor) Patches(r data.Reader, hits []data.Hit) []work.Result[data.Patch] {
	e.begin()
	results := make([]work.Result[data.Patch], len(hits))
	for i, h := range hits {
		results[i].Value, results[i].Err = e.nextPatch(r, h)
	}
	return results
}

// begin forgets the recording before.
func (e *Extractor) begin() {
	for _, p := range e.planes {
		if c, ok := p.(continuous); ok {
			c.begin()
		}
	}
}

func (e *Extractor) nextPatch(r data.Reader, h data.Hit) (data.Patch, error) {
	c := &e.config
	p := data.Patch{Hit: h.ID, Channels: len(e.planes), Bands: c.Bands, Frames: c.Frames}
	if r.SampleRate() != e.rate {
		return p, fmt.Errorf("%d samples a second, where %d are expected", r.SampleRate(), e.rate)
	}
	if h.Onset < 0 || h.Onset >= r.Len() {
		return p, fmt.Errorf("onset %d: outside the recording of %d samples", h.Onset, r.Len())
	}
	size := c.Bands * c.Frames
	p.Values = make([]float32, len(e.planes)*size)
	at := e.place(h)
	ear := &checked{Reader: r, from: at.moment + e.ahead}
	for i, t := range e.planes {
		if err := t.plane(p.Values[i*size:][:size], ear, at); err != nil {
			return p, err
		}
	}
	if !ear.sound {
		return p, errSilent
	}
	return p, checkFinite(p.Values)
}

func (e *Extractor) place(h data.Hit) place {
	p := place{moment: h.Onset - e.rate.N(e.config.PreRoll), silent: e.config.Frames}
	if e.config.Mask {
		p.silent = framesBefore(h.End-p.moment, e.config.Hop, e.config.Frames)
	}
	return p
}

// framesBefore returns how many of the frames 0, hop, 2 hop, ... lie before n.
func framesBefore(n, hop, frames int) int {
	return min(max((n+hop-1)/hop, 0), frames)
}

// checkFinite fails when a value overflowed.
func checkFinite(values []float32) error {
	if num.FirstNotFinite(values) >= 0 {
		return errors.New("the patch is not finite: the samples are too large for float32 powers")
	}
	return nil
}

// checked is a Reader that refuses samples that are not finite and notices
// whether there was any sound at or after a sample.
type checked struct {
	data.Reader
	from  int
	sound bool
}

// ReadAt implements data.Reader.
func (c *checked) ReadAt(dst []float32, pos int) error {
	if err := c.Reader.ReadAt(dst, pos); err != nil {
		return err
	}
	if largestBits(dst) >= infinite {
		i := num.FirstNotFinite(dst)
		return fmt.Errorf("sample %d is %v", pos+i, dst[i])
	}
	if !c.sound {
		c.sound = largestBits(dst[min(max(c.from-pos, 0), len(dst)):]) > 0
	}
	return nil
}

// infinite is the bits of +Inf: those of NaN are larger, of numbers smaller.
const infinite = 0x7f800000

// largestBits returns the bits of the largest magnitude: integers are compared
// faster than numbers that may be none.
func largestBits(x []float32) (bits uint32) {
	for _, v := range x {
		bits = max(bits, math.Float32bits(v)&^(1<<31))
	}
	return bits
}

// silence clears the masked frames of a plane of powers or magnitudes.
func silence(plane []float32, frames, silent int) {
	if silent == frames {
		return
	}
	for row := range slices.Chunk(plane, frames) {
		clear(row[silent:])
	}
}

// hzAt returns the frequency of a DFT bin, which may be a fraction.
func hzAt(bin float64, fft int, rate data.Rate) float64 {
	return bin * float64(rate) / float64(fft)
}

// binFor returns the DFT bin of a frequency, as a fraction.
func binFor(hz float64, fft int, rate data.Rate) float64 {
	return hz * float64(fft) / float64(rate)
}

// firstBin returns the first bin at or above a frequency.
func firstBin(hz float64, fft int, rate data.Rate) int {
	return int(math.Ceil(binFor(hz, fft, rate) - 1e-9))
}
