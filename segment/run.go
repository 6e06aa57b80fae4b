package segment

import (
	"context"
	"errors"
	"slices"

	"prep/data"
	"prep/data/work"
)

var (
	// errNoRecordings says that there is nothing to segment.
	errNoRecordings = errors.New("the set has no recordings; `prep ingest` brings some in")
	// errNoLabels says that the onsets were to come from labels, and there is
	// neither a label nor a recording with a class.
	errNoLabels = errors.New("the set has no labels to take onsets from; import some or use onsets: detect")
)

// Run finds the hits of every recording of the set, attaches the standing
// labels one to one and replaces hits.jsonl; copies made from earlier hits go.
// A recording that holds no sound where one is due is a skip. Labels that find no onset stay in the journal and are counted and
// named in the notes, as are hits that find no label. Run fails when the
// configuration is invalid or its detector cannot be read, when there is nothing to work on (no
// recordings, no labels), when ctx ends, or when the set cannot be read or written: audio that is
// damaged or gone too, for what a recording holds is known no more.
func Run(ctx context.Context, e work.Engine, c Config) (data.Summary, error) {
	if err := c.Validate(); err != nil {
		return data.Summary{}, err
	}
	d, err := c.Open()
	if err != nil {
		return data.Summary{}, err
	}
	job := work.Job{
		Stage:    "segment",
		Editions: work.Editions{"segment": Edition},
		Config:   c.recorded(),
		Inputs:   []string{data.RecordingsFile, data.LabelsFile},
		Outputs:  []string{work.OriginalHits, UnattachedFile},
	}
	return e.Run(job, func() (data.Summary, error) {
		return work.Work(ctx, e, job, &stage{set: e.Set, config: c.With(d), tally: tally{left: map[string][]string{}}})
	})
}

// stage is a run in progress: its items are recordings.
type stage struct {
	set    *data.Set
	config Config
	marks  map[string][]data.Label
	tally
}

// Items returns the recordings and reads their labels.
func (s *stage) Items() ([]data.Recording, error) {
	recordings, err := s.set.Recordings()
	if err != nil {
		return nil, err
	}
	journal, err := s.set.Labels()
	if err != nil {
		return nil, err
	}
	s.marks = data.Marks(journal)
	return recordings, s.config.requireWork(recordings, s.marks)
}

// Describe implements work.Stage.
func (s *stage) Describe(rec data.Recording) (note string, weight int) { return rec.Name, 1 }

// Do makes the hits of a recording.
func (s *stage) Do(ctx context.Context, rec data.Recording) (outcome, error) {
	audio, err := s.set.Audio(rec.ID)
	if err != nil {
		return outcome{}, work.NoAudio(rec.Name, err)
	}
	defer audio.Close()
	made, err := s.config.recording(rec, stoppable{audio, ctx}, s.marks[rec.ID])
	if fault := audio.Fault(); fault != nil {
		err = work.NewFatal(fault)
	}
	return made, err
}

// Finish writes the hits.
func (s *stage) Finish() (data.Summary, error) {
	if err := data.WriteLines(s.set.Path(UnattachedFile), s.unattached); err != nil {
		return data.Summary{}, err
	}
	if err := s.set.WriteHits(s.hits); err != nil {
		return data.Summary{}, err
	}
	return s.summary(s.config), nil
}

// requireWork says why there is nothing to do.
func (c Config) requireWork(recordings []data.Recording, marks map[string][]data.Label) error {
	if len(recordings) == 0 {
		return errNoRecordings
	}
	classed := slices.ContainsFunc(recordings, func(r data.Recording) bool { return r.Class != "" })
	if (c.Onsets == modeAnnotation || c.Onsets == modeSnap) && len(marks) == 0 && !classed {
		return errNoLabels
	}
	return nil
}

// stoppable is a reader that fails once its context has ended.
type stoppable struct {
	data.Reader
	ctx context.Context
}

// ReadAt implements data.Reader.
func (s stoppable) ReadAt(dst []float32, pos int) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	return s.Reader.ReadAt(dst, pos)
}
