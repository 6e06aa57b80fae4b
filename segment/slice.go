package segment

import (
	"cmp"
	"math"
	"slices"

	"prep/data"
	"prep/data/num"
)

const (
	// quietDB stands in for the level of digital silence: below the -192 dB
	// that 32-bit samples reach.
	quietDB = -200
	// ceiling is the largest positive sample of a 16-bit converter, less half
	// a step, re full scale. Converters of more bits clip above it. A source of floats
	// holds samples above full scale as they were: those are at no ceiling.
	ceiling = (32767 - 0.5) / 32768
	// beforeSpan is how much of the recording before an onset says how loud
	// it was there: half of the shortest time in which hits follow each
	// other (39 ms in VOPEC).
	beforeSpan = 20 // ms
)

// Hits finds the hits of a recording. Recording and ID are left empty and
// Mark is data.NoMark. Memory does not grow with the recording. It fails only
// when r does.
func (c Config) Hits(r data.Reader) ([]data.Hit, error) {
	return c.hits(r, blockFrames)
}

func (c Config) hits(r data.Reader, block int) ([]data.Hit, error) {
	found, err := c.attacks(r, block)
	if err != nil {
		return nil, err
	}
	return c.cut(r, found)
}

// attack is an onset and how sure it is.
type attack struct {
	onset      int
	confidence float64 // how probable it is
	power      float64 // mean over the bands
	found      string  // one of data's Found constants
	mark       int     // the moment of its label, or data.NoMark
	end        int     // where a person said that it ends, or 0
}

// attacks returns the detected onsets in ascending order, no two alike.
func (c Config) attacks(r data.Reader, block int) (found []attack, err error) {
	loudest := 0.0
	err = c.eachAttack(r, block, func(a attack, _ int) error {
		found, loudest = append(found, a), max(loudest, a.power)
		return nil
	})
	return slices.DeleteFunc(found, func(a attack) bool { return a.power < faintest*loudest }), err
}

// eachAttack calls fn with every detected onset, as soon as it is found, and the one
// before it.
func (c Config) eachAttack(r data.Reader, block int, fn func(a attack, last int) error) error {
	fine, last, loudest := refiner{r: r}, noneBefore, 0.0
	return c.scan(r, block, func(p point) error {
		loudest = max(loudest, p.power)
		if !p.onset || p.power < faintest*loudest {
			return nil
		}
		a, ok, err := c.refineAttack(&fine, p, last)
		if err != nil || !ok || a.onset <= last {
			return err
		}
		before := last
		last = a.onset
		return fn(a, before)
	})
}

// noneBefore is an onset that is nowhere near another.
const noneBefore = -1 << 30

// refineAttack moves a coarse onset to its attack, which follows the onset last;
// false when there is none. Its confidence is how probable it is.
func (c Config) refineAttack(fine *refiner, p point, last int) (attack, bool, error) {
	onset, ok, err := fine.refine(p.at, last)
	return attack{
		onset:      min(max(onset, 0), fine.r.Len()-1),
		confidence: p.probability,
		power:      p.power,
		found:      data.FoundDetected,
		mark:       data.NoMark,
	}, ok, err
}

// loudestAttack returns the strongest attack of a recording, however weak; false
// when the recording is silent.
func (c Config) loudestAttack(r data.Reader) (attack, bool, error) {
	best := point{value: noOnset}
	err := c.scan(r, blockFrames, func(p point) error {
		if p.power > 0 && p.value > best.value {
			best = p
		}
		return nil
	})
	if err != nil || best.value == noOnset {
		return attack{}, false, err
	}
	a, _, err := c.refineAttack(&refiner{r: r}, best, noneBefore)
	return a, true, err
}

// strongestAttack returns the loudest attack.
func strongestAttack(attacks []attack) attack {
	return slices.MaxFunc(attacks, func(a, b attack) int { return cmp.Compare(a.power, b.power) })
}

// cut makes a hit of each attack; attacks ascend.
func (c Config) cut(r data.Reader, attacks []attack) ([]data.Hit, error) {
	hits := make([]data.Hit, len(attacks))
	last := noneBefore
	for i, a := range attacks {
		hits[i] = c.hit(r, a, last)
		last = a.onset
	}
	for i := range hits {
		if i+1 < len(hits) {
			hits[i].End = min(hits[i].End, hits[i+1].Start)
		}
		if err := c.measure(r, &hits[i]); err != nil {
			return nil, err
		}
	}
	return hits, nil
}

// hit returns the hit of an attack, which follows the onset last, as it is when
// no other begins before its end.
func (c Config) hit(r data.Reader, a attack, last int) data.Hit {
	rate := r.SampleRate()
	start := max(a.onset-rate.N(c.PreRoll), last+1, 0)
	end := min(start+data.LongestHit(rate), r.Len())
	if a.end > a.onset {
		end = min(end, a.end)
	}
	return data.Hit{
		Start: start, Onset: a.onset, End: end,
		Found: a.found, Mark: a.mark, Confidence: a.confidence,
	}
}

// measure fills in offset and levels of a hit. Levels are taken about the mean
// of all samples looked at, so that an offset of the converter does not count.
func (c Config) measure(r data.Reader, h *data.Hit) error {
	n := int(r.SampleRate()) * beforeSpan / 1000
	x, err := data.ReadSpan(r, h.Onset-n, h.End)
	if err != nil {
		return err
	}
	heard := x[min(max(n-h.Onset, 0), n):] // what of it lies in the recording
	before, sound := heard[:len(heard)-len(x)+n], x[n:]
	peak := 0.0
	for _, v := range sound {
		a := math.Abs(float64(v))
		peak = max(peak, a)
		if a >= ceiling && (a <= 1 || !c.unbounded) {
			h.Clipped++
		}
	}
	mean := mean(heard)
	level := power(sound, mean)
	h.PeakDB = decibels(peak * peak)
	h.RMSDB = decibels(level)
	h.SNRDB = math.Round(1e6*(h.RMSDB-decibels(power(before, mean)))) / 1e6
	h.Offset = h.Onset + offset(sound, mean, int(r.SampleRate())/1000)
	return nil
}

// offset returns the number of samples after which the sound stays 40 dB below
// its peak: the smoothed power over n samples, within which 99.99 % of an
// exponential tail's energy lies.
func offset(sound []float32, mean float64, n int) int {
	n = min(max(n, 1), len(sound))
	sum, top := 0.0, 0.0
	env := make([]float64, len(sound))
	for i, v := range sound {
		d := float64(v) - mean
		sum += float64(d * d)
		if i >= n {
			d = float64(sound[i-n]) - mean
			sum -= float64(d * d)
		}
		env[i] = sum
		top = max(top, sum)
	}
	for i := len(env) - 1; i > 0; i-- {
		if env[i] > 1e-4*top {
			return i + 1
		}
	}
	return 1
}

func mean(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v)
	}
	return sum / float64(max(len(x), 1))
}

// power returns the mean square of x about the given mean.
func power(x []float32, mean float64) float64 {
	sum := 0.0
	for _, v := range x {
		d := float64(v) - mean
		sum += float64(d * d)
	}
	return sum / float64(max(len(x), 1))
}

// decibels returns the level of a power, finite whatever it is, to a millionth: so far
// logarithms are the same on every processor.
func decibels(p float64) float64 {
	if !(p > 0) {
		return quietDB
	}
	return math.Round(1e6*min(num.DB(p, quietDB), -quietDB)) / 1e6
}
