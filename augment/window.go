package augment

import (
	"math"
	"slices"

	"prep/data"
)

// contextSeconds is the audio kept before a copy's start and after its end:
// three windows of the longest features, and tails that reach into the cut.
const contextSeconds = 0.150

// span is a stretch of audio around an onset: so many samples before it and
// so many from it on.
type span struct{ before, after int }

// extend returns s with more audio in front.
func (s span) extend(samples int) span { return span{s.before + samples, s.after} }

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

// read reads the stretch s of r around the onset of h, over what was read
// before.
func (b *buffer) read(r data.Reader, h data.Hit, s span) (window, error) {
	b.samples = slices.Grow(b.samples[:0], s.before+s.after)[:s.before+s.after]
	return window{
		rate: r.SampleRate(), samples: b.samples, at: s.before,
		pre: h.Onset - h.Start, post: h.End - h.Onset, tail: h.Offset - h.Onset,
	}, r.ReadAt(b.samples, h.Onset-s.before)
}

// crop reduces w to the stretch s around its onset.
func (w *window) crop(s span) {
	w.samples = w.samples[w.at-s.before : w.at+s.after]
	w.at = s.before
}

// scale moves the hit's start and end as a stretch by factor does. The hit
// stays below data.MaxHit unless it was longer before.
func (w *window) scale(factor float64) {
	longest := max(w.pre+w.post, data.LongestHit(w.rate))
	w.pre = int(math.Round(float64(w.pre) * factor))
	w.post = max(1, min(int(math.Round(float64(w.post)*factor)), longest-w.pre))
	w.tail = max(1, int(math.Round(float64(w.tail)*factor)))
}

// hit returns the samples of the hit from its onset on.
func (w *window) hit() []float32 { return w.samples[w.at : w.at+w.post] }

// seconds returns how many samples last s seconds.
func (w *window) seconds(s float64) int { return int(math.Round(s * float64(w.rate))) }
