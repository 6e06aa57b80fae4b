package duplicate

import (
	"context"
	"fmt"
	"runtime"

	"prep/data"
	"prep/data/num"
	"prep/data/work"
)

// same is the correlation from which two hits count as copies. White noise 6 dB
// below a sound takes it down to 0.9, MP3 at 128 kbit/s only to 0.95; what two
// people strike or say, however alike, has noise of its own in most bands and
// stays well below (docs/ci.md has figures).
const same = 0.9

// Twin is a hit and the first one behind it, in the order of the set, that is
// of another group and a copy of the same sound; where some hits are looked at,
// the first one anywhere.
type Twin struct {
	Hit, Other  data.Example
	Correlation float64 // from 0.9 to 1
}

// Copies is what a search found. Where a set has too many hits to compare each with each, Looked of
// them, spread evenly over it, were compared with all Of.
type Copies struct {
	Twins      []Twin
	Looked, Of int
}

// Sampled reports whether some hits were not looked at.
func (c Copies) Sampled() bool { return c.Looked < c.Of }

// Word says what was found.
func (c Copies) Word() string {
	word := "no hit has a copy in another group"
	if len(c.Twins) > 0 {
		t := c.Twins[0]
		word = fmt.Sprintf("%d hits have a copy in another group; the first is %s of %q, like %s of %q (correlation %.3f)",
			len(c.Twins), t.Hit.ID, t.Hit.Group, t.Other.ID, t.Other.Group, t.Correlation)
	}
	if c.Sampled() {
		word += fmt.Sprintf("; %d of %d hits were looked at, spread over the set", c.Looked, c.Of)
	}
	return word
}

// pairsMost bounds how many pairs are compared: all of 20,000 hits take some ten seconds.
const pairsMost = 20_000 * 20_000

// Find returns the original hits of the set that have a copy in another group. Of a set of more than
// 20,000 hits it looks at some, and compares each with the fifty most alike: what was taken into two groups has
// many copies.
//
// Two hits are compared by the largest magnitude of their cross-correlation at
// any lag, so that level, polarity and the exact cut do not matter. Before, the
// ends of both are tapered and the bands of their spectra made equally strong:
// else a low thud would be like any other, and so would two sharp cuts. (Full
// whitening is the phase transform of Knapp and Carter, "The Generalized
// Correlation Method for Estimation of Time Delay", 1976; here it is by bands,
// so that the shape of a spectrum counts too.)
//
// Few pairs need the correlation: it is at most the scalar product of the
// magnitudes of the spectra (triangle inequality), and that at most the one of
// the magnitudes in cells of the spectrum (Cauchy-Schwarz), which is cheap. No
// copy is missed by it. The time grows with the square of the number of hits up to
// 20,000, and memory by 1.6 kB a hit.
//
// Find fails when ctx ends or the set cannot be read.
func Find(ctx context.Context, set *data.Set, p data.Progress) (Copies, error) {
	return find(ctx, set, p, pairsMost)
}

func find(ctx context.Context, set *data.Set, p data.Progress, most int) (c Copies, err error) {
	examples, err := originals(set)
	if err != nil || len(examples) == 0 {
		return c, err
	}
	s, err := newSearch(ctx, set, examples)
	if err != nil {
		return c, err
	}
	looked := s.all()
	if n := len(examples); n*n > most {
		looked, s.sampled = num.Thin(looked, max(most/n, 1)), true
	}
	c.Looked, c.Of = len(looked), len(examples)
	done := 0
	for i, r := range work.Map(ctx, looked, runtime.GOMAXPROCS(0), s.twin) {
		if r.Err != nil {
			return c, fmt.Errorf("hit %s: %w", examples[i].ID, r.Err)
		}
		if r.Value != nil {
			c.Twins = append(c.Twins, *r.Value)
		}
		done++
		p.Report(data.Step{Stage: "check: duplicates", Done: done, Total: len(looked)})
	}
	return c, nil
}

// originals returns the hits that are no augmented copies.
func originals(set *data.Set) ([]data.Example, error) {
	examples, err := set.Examples()
	var o []data.Example
	for _, e := range examples {
		if e.Parent == "" {
			o = append(o, e)
		}
	}
	return o, err
}
