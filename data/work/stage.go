package work

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"

	"prep/data"
	"prep/data/disk"
)

// Stage is what a heavy stage does: work on each item by itself, then write
// what came of all of them. Work runs one, on one machine or on many.
type Stage[T, R any] interface {
	// Items returns what there is to work on, in an order that the job's
	// configuration and inputs fix.
	Items() ([]T, error)
	// Describe returns a word on an item, and its weight in the progress.
	Describe(item T) (note string, weight int)
	// Do works on one item. It is called from several goroutines, and what it
	// returns is the same wherever and beside whatever the item is worked on.
	// An error leaves the item out: it is a verdict about the item that stands as
	// long as its inputs do. A Fatal ends the stage, and so does whatever wraps an
	// error of the system, which says nothing of the item. Of the error, Take may
	// use the text alone. R is carried from machine to machine by
	// encoding/gob.
	Do(ctx context.Context, item T) (R, error)
	// Take receives what became of each item, one at a time, in their order.
	// Its error ends the stage.
	Take(item T, r Result[R]) error
	// Finish writes the outputs, when all is taken.
	Finish() (data.Summary, error)
}

// Fatal is an error that is not an item's but the set's, such as a full disk.
type Fatal struct{ error }

// NewFatal marks err as Fatal, unless it is nil.
func NewFatal(err error) error {
	if err == nil {
		return nil
	}
	return Fatal{err}
}

// NoAudio returns the Fatal of a recording whose audio cannot be opened, with what
// to do where it is gone or damaged: it is no word on the recording.
func NoAudio(recording string, err error) error {
	if disk.IsOfMoment(err) {
		return NewFatal(fmt.Errorf("audio of %s: %w", recording, err))
	}
	return NewFatal(fmt.Errorf("audio of %s: %w; `prep ingest` brings it in again", recording, err))
}

// Ends reports whether an error of an item ends its stage: it says nothing of the
// item, but of the set or the system.
func Ends(err error) bool {
	var fatal Fatal
	return errors.As(err, &fatal) || disk.IsFault(err)
}

// Unwrap returns the error without its mark.
func (e Fatal) Unwrap() error { return e.error }

// Work does the stage that job describes and returns its summary. Under a Shard
// it does that shard's items and keeps the results for Merge; within Merge it
// takes the results from there. It fails with ctx's error when ctx ends, and
// with the first Fatal.
func Work[T, R any](ctx context.Context, e Engine, job Job, st Stage[T, R]) (data.Summary, error) {
	items, err := st.Items()
	if err != nil {
		return data.Summary{}, err
	}
	w := work[T, R]{st, e, job}
	do := w.do
	switch mode := e.Mode.(type) {
	case Shard:
		return w.shard(ctx, mode, items)
	case *parts:
		if err := mode.check(e.Set, job, len(items)); err != nil {
			return data.Summary{}, err
		}
		do = func(_ context.Context, items []T) iter.Seq2[T, Result[R]] { return replay[T, R](mode, items) }
	}
	if err := w.each(ctx, items, do, st.Take); err != nil {
		return data.Summary{}, err
	}
	return st.Finish()
}

// work is a stage at work.
type work[T, R any] struct {
	Stage[T, R]
	engine Engine
	job    Job
}

// do works on items, as many at a time as there are processors.
func (w work[T, R]) do(ctx context.Context, items []T) iter.Seq2[T, Result[R]] {
	return Map(ctx, items, runtime.GOMAXPROCS(0), w.Do)
}

// each gives take what do made of each item, and reports the progress.
func (w work[T, R]) each(ctx context.Context, items []T,
	do func(context.Context, []T) iter.Seq2[T, Result[R]], take func(T, Result[R]) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	step := data.Step{Stage: w.job.Stage}
	for _, item := range items {
		_, weight := w.Describe(item)
		step.Total += weight
	}
	for item, r := range do(ctx, items) {
		err := ctx.Err()
		if err == nil && Ends(r.Err) {
			err = r.Err
			if fatal, marked := err.(Fatal); marked {
				err = fatal.error
			}
		}
		if err == nil {
			err = take(item, r)
		}
		if err != nil {
			cancel() // what is in flight need not be finished
			return err
		}
		note, weight := w.Describe(item)
		step.Note, step.Done = note, step.Done+weight
		w.engine.Progress.Report(step)
	}
	return ctx.Err()
}
