package augment

import (
	"math"

	"prep/data"
)

// contextSeconds is the audio kept before a copy's start and after its end:
// three windows of the longest features, and tails that reach into the cut.
const contextSeconds = 0.150

// span is a stretch of audio around an onset: so many samples before it and
// so many from it on.
type span struct{ before, after int }

// longer returns s with more audio in front.
func (s span) longer(samples int) span { return span{s.before + samples, s.after} }

// window is audio around a hit. The onset is samples[at]; the hit starts pre
// samples before it, ends post after it and has died down tail after it.
type window struct {
	rate            data.Rate
	samples         []float32
	at              int
	pre, post, tail int
	// material is other audio that the step at hand works with.
	material []float32
}

// read reads the stretch s of r around the onset of h.
func read(r data.Reader, h data.Hit, s span) (window, error) {
	x, err := data.ReadSpan(r, h.Onset-s.before, h.Onset+s.after)
	return window{
		rate: r.SampleRate(), samples: x, at: s.before,
		pre: h.Onset - h.Start, post: h.End - h.Onset, tail: h.Offset - h.Onset,
	}, err
}

// crop reduces w to the stretch s around its onset.
func (w *window) crop(s span) {
	w.samples = w.samples[w.at-s.before : w.at+s.after]
	w.at = s.before
}

// scale moves the hit's start and end as a stretch by factor does. The hit
// stays under 50 ms unless it was longer before.
func (w *window) scale(factor float64) {
	longest := max(w.pre+w.post, (int(w.rate)*50-1)/1000)
	w.pre = int(math.Round(float64(w.pre) * factor))
	w.post = max(1, min(int(math.Round(float64(w.post)*factor)), longest-w.pre))
	w.tail = max(1, int(math.Round(float64(w.tail)*factor)))
}

// hit returns the samples of the hit from its onset on.
func (w *window) hit() []float32 { return w.samples[w.at : w.at+w.post] }

// seconds returns how many samples last s seconds.
func (w *window) seconds(s float64) int { return int(math.Round(s * float64(w.rate))) }

// multiply scales all samples.
func (w *window) multiply(gain float32) {
	for i := range w.samples {
		w.samples[i] *= gain
	}
}

// add adds gain*x to the samples; x is as long as they are.
func (w *window) add(x []float32, gain float32) {
	s := w.samples[:len(x)]
	for i, v := range x {
		s[i] += gain * v
	}
}

// rms returns the root mean square of x, 0 for none.
func rms(x []float32) float64 {
	if len(x) == 0 {
		return 0
	}
	var a, b float64
	for i := 0; i+1 < len(x); i += 2 {
		a += float64(x[i]) * float64(x[i])
		b += float64(x[i+1]) * float64(x[i+1])
	}
	if len(x)%2 == 1 {
		last := float64(x[len(x)-1])
		a += last * last
	}
	return math.Sqrt((a + b) / float64(len(x)))
}

// peak returns the largest magnitude of x, or a value that is not finite when
// a sample is not. Without their sign, floats are ordered as their bits are,
// and what is not finite comes last.
func peak(x []float32) float32 {
	const magnitude = 1<<31 - 1
	var a, b, c, d uint32
	for len(x) >= 4 {
		a = max(a, math.Float32bits(x[0])&magnitude)
		b = max(b, math.Float32bits(x[1])&magnitude)
		c = max(c, math.Float32bits(x[2])&magnitude)
		d = max(d, math.Float32bits(x[3])&magnitude)
		x = x[4:]
	}
	for _, v := range x {
		a = max(a, math.Float32bits(v)&magnitude)
	}
	return math.Float32frombits(max(a, b, c, d))
}

// ratio returns the amplitude ratio of db.
func ratio(db float64) float64 { return math.Pow(10, db/20) }
