package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"prep/data"
	"prep/ingest"
)

// stdin stands for the standard input among the files of predict.
const stdin = "-"

// listen names the hits of raw samples from the standard input as they come and
// prints each as a line of JSON.
func (a *app) listen(ctx context.Context, dir string, raw ingest.PCM) error {
	if info, err := os.Stdin.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		return usagef("predict -: pipe raw samples into it: arecord -f S16_LE -r 44100 | prep predict - --model %s", dir)
	}
	p, err := newPredictor(dir, a.config)
	if err != nil {
		return err
	}
	if p.recipe.Config.Mask {
		return usagef("predict -: the patches of %s are masked past the end of a hit, which is known only when the next has begun; train without features.mask", dir)
	}
	live, err := ingest.NewLive(os.Stdin, raw, p.recipe.Rate)
	if err != nil {
		return usagef("predict -: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- a.name(p, live) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done(): // a read from the standard input cannot be interrupted
		return ctx.Err()
	}
}

// name prints the hits of a recording that may still be going on.
func (a *app) name(p *predictor, r data.Reader) error {
	lines := json.NewEncoder(a.stdout)
	return p.config.Segment.Stream(r, func(h data.Hit) error {
		patch, err := p.patch(r, h)
		if err != nil {
			fmt.Fprintf(a.stderr, "skipped the hit at %.4f s: %v\n", p.seconds(h.Onset), err)
			if !a.allowSkips {
				a.code = exitSkips
			}
			return nil
		}
		probabilities, err := p.model.Predict([]data.Patch{patch})
		if err != nil {
			return err
		}
		return lines.Encode(p.name(h, probabilities[0]))
	})
}

// contextSeconds is how much of a live recording a patch knows of: 20 times
// what pcen's level remembers (0.4 s), and less than a live recording keeps.
const contextSeconds = 8

// patch returns the patch of a hit of a live recording.
func (p *predictor) patch(r data.Reader, h data.Hit) (data.Patch, error) {
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
