package advice

import (
	"context"
	"fmt"

	"prep/data"
)

// Advisor asks a model about every hit, and may train new ones on what is
// labelled meanwhile.
type Advisor struct {
	Load    func() (Suggest, error)                // the model that is asked at first
	Retrain func(context.Context) (Suggest, error) // trains on what is labelled now
	Every   int                                    // labels between two trainings; 0 never trains
	Failed  func(error)                            // is told why there are no new pre-labels
}

// Audience is whom advice is for.
type Audience interface {
	// Originals returns the hits to be asked about, by recording.
	Originals() [][]data.Hit
	// Learn takes in what a model thinks of hits.
	Learn([]data.Hit, []Suggestion)
	// Labelled yields how many hits are labelled, the latest number only,
	// whenever that may have changed.
	Labelled() <-chan int
	// Tell shows a line to whoever labels.
	Tell(text string)
}

// Run advises until ctx ends or there is nothing more to do. Labelled is how
// many hits were labelled when the labelling began: those named while a model is
// asked for the first time count towards the first training.
func (a Advisor) Run(ctx context.Context, to Audience, labelled int) {
	s, err := a.Load()
	if err == nil {
		err = Ask(ctx, to, s)
	}
	if a.Every == 0 {
		a.failed(ctx, err)
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-to.Labelled():
			if now >= labelled+a.Every {
				labelled = now
				to.Tell(fmt.Sprintf("Training on %d labels; go on meanwhile.", now))
				a.failed(ctx, a.retrain(ctx, to))
			}
		}
	}
}

// retrain trains a model and asks it.
func (a Advisor) retrain(ctx context.Context, to Audience) error {
	s, err := a.Retrain(ctx)
	if err != nil {
		return err
	}
	if err := Ask(ctx, to, s); err != nil {
		return err
	}
	to.Tell("The pre-labels are the new model's.")
	return nil
}

// failed tells of an error that is not the end of it all.
func (a Advisor) failed(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		a.Failed(err)
	}
}

// Ask asks about every hit, a recording at a time, and hands on what the model
// says as it comes.
func Ask(ctx context.Context, to Audience, suggest Suggest) error {
	for _, hits := range to.Originals() {
		if len(hits) == 0 {
			continue
		}
		s, err := suggest(ctx, hits)
		if err != nil {
			return err
		}
		to.Learn(hits, s)
	}
	return nil
}
