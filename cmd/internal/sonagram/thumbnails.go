package sonagram

import (
	"context"
	"runtime"

	"prep/data"
	"prep/data/work"
)

// Place is a stretch of one recording of a set.
type Place struct {
	Recording string // its ID
	Span
}

// Thumbnails draws places in a set, each Rows x Rows bytes as Plan.Draw does, in
// parallel. Neighbours of one recording share its file. It fails when a
// recording cannot be read, and when ctx ends.
func (c Config) Thumbnails(ctx context.Context, set *data.Set, places []Place) ([][]byte, error) {
	draw := func(_ context.Context, run []Place) ([][]byte, error) { return c.drawRun(set, run) }
	var all [][]byte
	for _, r := range work.Map(ctx, runs(places), runtime.GOMAXPROCS(0), draw) {
		if r.Err != nil {
			return nil, r.Err
		}
		all = append(all, r.Value...)
	}
	return all, nil
}

// runs cuts places where the recording changes, and after 100 of one.
func runs(places []Place) (all [][]Place) {
	for len(places) > 0 {
		n := 1
		for n < min(len(places), 100) && places[n].Recording == places[0].Recording {
			n++
		}
		all, places = append(all, places[:n]), places[n:]
	}
	return all
}

// drawRun draws places in one recording.
func (c Config) drawRun(set *data.Set, run []Place) (all [][]byte, err error) {
	audio, err := set.Audio(run[0].Recording)
	if err != nil {
		return nil, err
	}
	defer audio.Close()
	plan := c.NewPlan(audio.SampleRate())
	for _, at := range run {
		t, err := plan.Draw(audio, at.Span, c.Rows)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}
