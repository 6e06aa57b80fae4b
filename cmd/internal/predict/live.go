package predict

import (
	"errors"
	"fmt"

	"prep/data"
	"prep/ingest"
)

// ErrMasked says that a model cannot name hits as they come.
var ErrMasked = errors.New("the patches are masked past the end of a hit, which is known only when the next has begun; train without features.mask")

// Live names the hits of raw samples as they come: it calls found with each
// hit's name, or lost with a hit that has no patch. It ends with the samples,
// or with the first error of the reader or of found.
//
// Another predictor that was handed to Succeed meanwhile names the hits from then on.
func (p *Predictor) Live(raw *ingest.Live, found func(Hit) error, lost func(onsetSeconds float64, why error)) error {
	return p.segment.Stream(raw, func(h data.Hit) error {
		p := p
		if next := p.successor.Load(); next != nil {
			p = next
		}
		patch, err := p.patch(raw, h)
		if err != nil {
			lost(p.seconds(h.Onset), err)
			return nil
		}
		probabilities, err := p.model.Predict([]data.Patch{patch})
		if err != nil {
			return err
		}
		return found(p.name(h, probabilities[0]))
	})
}

// Succeed has q name the hits of a Live that is under way, from now on. It may be called
// from any goroutine, once for each q. It fails where q reads another rate.
func (p *Predictor) Succeed(q *Predictor) error {
	if q.recipe.Rate != p.recipe.Rate {
		return fmt.Errorf("%s: reads %d samples a second, not the %d that come", q.Name(), q.recipe.Rate, p.recipe.Rate)
	}
	p.successor.Store(q)
	return nil
}

// Rate returns the sampling rate that the model's patches are made at.
func (p *Predictor) Rate() data.Rate { return p.recipe.Rate }

// CheckLive fails with ErrMasked where the model cannot name hits as they come.
func (p *Predictor) CheckLive() error {
	if p.recipe.Config.Mask {
		return fmt.Errorf("%s: %w", p.dir, ErrMasked)
	}
	return nil
}

// contextSeconds is how much of a live recording a patch knows of: 20 times
// what pcen's level remembers (0.4 s), and less than a live recording keeps.
const contextSeconds = 8

// patch returns the patch of a hit of a live recording.
func (p *Predictor) patch(r data.Reader, h data.Hit) (data.Patch, error) {
	since := max(0, h.Onset-contextSeconds*int(p.recipe.Rate))
	h.Onset -= since
	return p.extract.Patch(later{r, since}, h)
}

// later is a recording without its first samples.
type later struct {
	data.Reader
	since int
}

func (l later) Len() int { return l.Reader.Len() - l.since }

func (l later) ReadAt(dst []float32, pos int) error { return l.Reader.ReadAt(dst, pos+l.since) }
