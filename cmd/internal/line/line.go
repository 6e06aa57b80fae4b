package line

import (
	"context"
	"errors"

	"prep/augment"
	"prep/cmd/internal/config"
	"prep/cmd/internal/duplicate"
	"prep/cmd/internal/gallery"
	"prep/data"
	"prep/data/work"
	"prep/ingest"
	"prep/segment"
	"prep/train"
)

// Result is what came of the whole line.
type Result struct {
	Stages   []data.Summary // from ingest to features
	Train    train.Result
	Pictures gallery.Drawn
	Again    *Again // of a report that was made again
}

// Step is a part of the line that is done: some stages, or the training, or the
// pictures.
type Step struct {
	Stages   []data.Summary
	Train    *train.Result
	Pictures *gallery.Drawn
}

// Run runs every stage, draws the first look and writes the report. It calls
// done when a step is, for all of them take minutes.
func Run(ctx context.Context, e work.Engine, c config.Config, done func(Step)) (all Result, err error) {
	if all.Stages, err = inTurn(preparation(ctx, e, c), done); err != nil {
		return all, err
	}
	return all, all.measure(ctx, e, c, done)
}

// measure trains, draws and reports.
func (r *Result) measure(ctx context.Context, e work.Engine, c config.Config, done func(Step)) (err error) {
	if r.Train, err = Train(ctx, e, c); err != nil {
		return err
	}
	done(Step{Train: &r.Train})
	if r.Pictures, err = gallery.Draw(ctx, e, GalleryConfig(c)); err != nil {
		return err
	}
	done(Step{Pictures: &r.Pictures})
	_, err = Report(ctx, e, c)
	return err
}

// TakeIn runs the stages from one person's recordings to hits, whatever their groups. It calls
// done when one is.
func TakeIn(ctx context.Context, e work.Engine, c config.Config, done func(Step)) ([]data.Summary, error) {
	return inTurn([]func() ([]data.Summary, error){
		alone(func() (data.Summary, error) { return ingest.Run(ctx, e, c.Ingest) }),
		alone(func() (data.Summary, error) { return segment.Run(ctx, e, c.Segment) }),
	}, done)
}

// alone makes a stage one of several.
func alone(run func() (data.Summary, error)) func() ([]data.Summary, error) {
	return func() ([]data.Summary, error) {
		sum, err := run()
		return []data.Summary{sum}, err
	}
}

// inTurn runs stages one after the other.
func inTurn(stages []func() ([]data.Summary, error), done func(Step)) (all []data.Summary, err error) {
	for _, stage := range stages {
		sums, err := stage()
		if err != nil {
			return all, err
		}
		all = append(all, sums...)
		done(Step{Stages: sums})
	}
	return all, nil
}

// preparation returns the stages from recordings to patches.
func preparation(ctx context.Context, e work.Engine, c config.Config) []func() ([]data.Summary, error) {
	return []func() ([]data.Summary, error){
		alone(func() (data.Summary, error) { return Ingest(ctx, e, c.Ingest) }),
		alone(func() (data.Summary, error) { return segment.Run(ctx, e, c.Segment) }),
		alone(func() (data.Summary, error) { return augment.Run(ctx, e, c.Augment) }),
		func() ([]data.Summary, error) { return Features(ctx, e, c) },
	}
}

// Train trains the configured network, and tells of sounds and people that are
// in two groups: a fold then tests what it has learnt.
func Train(ctx context.Context, e work.Engine, c config.Config) (train.Result, error) {
	r, err := train.Run(ctx, e, c.Train)
	if err != nil || e.Mode != nil || r.Unchanged {
		return r, err
	}
	copies, err := duplicate.Find(ctx, e.Set, e.Progress)
	if len(copies.Twins) > 0 {
		r.Notes = append(r.Notes, copies.Word()+": the accuracy counts sounds that were learnt from")
	} else if copies.Sampled() {
		r.Notes = append(r.Notes, copies.Word())
	}
	if err != nil {
		return r, err
	}
	people, err := duplicate.People(ctx, e.Set)
	if len(people) > 0 {
		r.Notes = append(r.Notes, duplicate.PersonWord(people)+": the accuracy may count people who were learnt from")
	}
	return r, err
}

// GalleryConfig returns what the pictures of a line show.
func GalleryConfig(c config.Config) gallery.Config {
	return gallery.Config{Kind: c.Train.Features, Features: c.Kinds()[0]}
}

// Plan asks every stage of the line what it would do to the set in dir, which
// need not be there, and why.
func Plan(ctx context.Context, dir string, c config.Config) ([]work.Planned, error) {
	set, err := data.Look(dir)
	if err != nil {
		return nil, err
	}
	plan := &work.Plan{}
	e := work.Engine{Set: set, Mode: plan}
	if err := ingest.Plan(ctx, e.Set, c.Ingest, plan); err != nil {
		return nil, err
	}
	for _, stage := range preparation(ctx, e, c)[1:] {
		if _, err := stage(); err != nil {
			return nil, err
		}
	}
	_, trained := Train(ctx, e, c)
	_, drawn := gallery.Draw(ctx, e, GalleryConfig(c))
	_, reported := Report(ctx, e, c)
	return plan.Stages, errors.Join(trained, drawn, reported)
}
