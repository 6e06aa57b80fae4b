package augment

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"prep/data"
)

// Renderer makes the audio of copies.
type Renderer struct {
	// Open opens another recording of the set, for copies with a background;
	// it may be nil when there are none. What it returns is closed after use
	// if it is an io.Closer.
	Open func(recording string) (data.Reader, error)
}

// Render makes the audio of a copy from its parent's recording r and hands it
// to use: a window with at least 150 ms before the copy's start and after its
// end (zeros lie beyond), good until use returns, and the copy with its Start,
// Onset, End and Offset in that window. It depends on the samples of the
// recordings, on parent's positions, and on copy.Lineage and copy.Seed alone. A
// copy without lineage is its parent, bit for bit.
//
// Where the parent's window stays within full scale so does the copy's: it is
// turned down as a whole if need be. Render fails when r does, when a step is
// unknown or its amount impossible, and when the copy would be silent or not
// finite; errors of use are returned as they are.
func (m Renderer) Render(r data.Reader, parent, copy data.Hit, use func(data.Reader, data.Hit) error) error {
	buf := buffers.Get().(*buffer)
	defer buffers.Put(buf)
	w, err := render(source{r, m.Open}, buf, parent, copy)
	if err != nil {
		return fmt.Errorf("augment: %s: %w", copy.ID, err)
	}
	copy.Start, copy.Onset, copy.End = w.at-w.pre, w.at, w.at+w.post
	copy.Offset = max(copy.Onset+1, min(w.at+w.tail, copy.End))
	return use(data.Clip{Rate: w.rate, Samples: w.samples}, copy)
}

// source is the audio that a copy can draw on.
type source struct {
	recording data.Reader
	open      func(recording string) (data.Reader, error)
}

// buffer is memory for the audio of one rendering after the other.
type buffer struct{ samples []float32 }

var buffers = sync.Pool{New: func() any { return new(buffer) }}

func render(s source, buf *buffer, parent, copy data.Hit) (window, error) {
	if h, n := parent, s.recording.Len(); !(0 <= h.Start && h.Start <= h.Onset && h.Onset < h.End && h.End <= n) {
		return window{}, fmt.Errorf("start %d, onset %d and end %d are no hit in %d samples", h.Start, h.Onset, h.End, n)
	}
	steps, err := resolve(copy.Lineage)
	if err != nil {
		return window{}, err
	}
	spans := plan(s.recording.SampleRate(), parent, copy.Lineage, steps)
	w, err := buf.read(s.recording, parent, spans[0])
	if err != nil {
		return w, err
	}
	quiet := isSilent(w.hit())
	for i, t := range steps {
		if err := w.take(s, t, copy, i, spans[i+1]); err != nil {
			return w, err
		}
		w.crop(spans[i+1])
	}
	top, err := w.check(quiet)
	if err != nil || top <= 1 {
		return w, err
	}
	original, err := new(buffer).read(s.recording, parent, spans[0])
	w.limit(top, max(1, peak(original.samples)))
	return w, err
}

// check returns the peak of w. It fails when that is not finite, or the hit
// silent and its parent not quiet.
func (w *window) check(quiet bool) (top float32, err error) {
	top = peak(w.samples)
	switch {
	case !(top <= math.MaxFloat32):
		return top, errors.New("the result is not finite")
	case !quiet && isSilent(w.hit()):
		return top, errors.New("the result is silent")
	}
	return top, nil
}

// take does step i of a copy's lineage, of which the stretch out is kept.
func (w *window) take(s source, t Transform, copy data.Hit, i int, out span) (err error) {
	l := copy.Lineage[i]
	if l.Amounts[t.Unit] == t.Identity {
		return nil
	}
	if t.material != nil {
		if w.material, err = t.material(s, l, len(w.samples)); err != nil {
			return fmt.Errorf("%s: %w", l.Name, err)
		}
	}
	t.apply(w, l.Amounts, out, data.Rand(copy.Seed, fmt.Sprintf("%d/%s", i, t.Name)))
	return nil
}

// resolve finds the transforms of a lineage and checks its amounts.
func resolve(lineage []data.Transform) ([]Transform, error) {
	steps := make([]Transform, len(lineage))
	for i, l := range lineage {
		name, _ := l.Parts()
		t, err := find(name)
		if err != nil {
			return nil, err
		}
		if err := t.check(l.Amounts); err != nil {
			return nil, err
		}
		steps[i] = t
	}
	return steps, nil
}

// plan returns the audio that each step needs and, last, that of the copy.
func plan(rate data.Rate, h data.Hit, lineage []data.Transform, steps []Transform) []span {
	w := window{rate: rate, pre: h.Onset - h.Start, post: h.End - h.Onset}
	for i, t := range steps {
		if t.factor != nil && lineage[i].Amounts[t.Unit] != t.Identity {
			w.scale(t.factor(lineage[i].Amounts))
		}
	}
	context := w.seconds(contextSeconds)
	spans := make([]span, len(steps)+1)
	spans[len(steps)] = span{w.pre + context, w.post + context}
	for i := len(steps) - 1; i >= 0; i-- {
		spans[i] = spans[i+1]
		if a := lineage[i].Amounts; steps[i].need != nil && a[steps[i].Unit] != steps[i].Identity {
			spans[i] = steps[i].need(a, rate, spans[i+1])
		}
	}
	return spans
}

// isSilent reports whether x is nothing but zeros.
func isSilent(x []float32) bool {
	return !slices.ContainsFunc(x, func(v float32) bool { return v != 0 })
}

// limit turns w, whose peak is top, down as a whole to a ceiling.
func (w *window) limit(top, ceiling float32) {
	if top > ceiling {
		scale(w.samples, ceiling/top)
		clip(w.samples, ceiling) // rounding
	}
}
