package studio

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"time"

	"prep/cmd/internal/desk"
	"prep/cmd/internal/line"
	"prep/cmd/internal/page"
	"prep/data"
	"prep/segment"
)

// Record begins a take, or goes on with one that is not taken in yet.
func (s *Studio) Record(t page.Take) (page.Recorder, error) {
	in, err := s.takenIn()
	if err != nil {
		return nil, err
	}
	if in[t.ID] {
		return nil, errors.New("this take is in the set already: begin another")
	}
	s.person.Store(&t.Person)
	return s.takes.record(t, time.Now())
}

// takenIn returns the IDs of the takes that are in the set.
func (s *Studio) takenIn() (map[string]bool, error) {
	recordings, err := s.set.Recordings()
	in := map[string]bool{}
	for _, r := range recordings {
		in[r.Meta[takeColumn]] = true
	}
	return in, err
}

// takeColumn and soundColumn are what recordings keep of the table.
const (
	takeColumn  = "take"
	soundColumn = "sound"
)

// Keep keeps a file that was dropped on the page.
func (s *Studio) Keep(name, person string, changed time.Time, content io.Reader) error {
	return s.takes.keep(name, person, changed, content)
}

// TakeIn brings what was recorded and dropped into the set, finds the hits, names those of a
// take of one sound, and renews the page.
func (s *Studio) TakeIn(ctx context.Context) (taken page.Taken, err error) {
	taken.Notes = []string{}
	err = s.page.Renew(func() (*desk.Desk, error) {
		before, err := s.set.Recordings()
		if err != nil {
			return nil, err
		}
		if err := s.runStages(ctx, &taken); err != nil {
			return nil, err
		}
		d, err := desk.New(s.set, s.options.Who)
		if err != nil {
			return nil, err
		}
		if err := nameTakes(d, before, &taken); err != nil || !s.options.Second {
			return d, err
		}
		return s.desk()
	})
	return taken, err
}

// runStages ingests what is in the folder of takes, and segments.
func (s *Studio) runStages(ctx context.Context, taken *page.Taken) error {
	e := s.engine
	e.Progress = told(e.Progress, time.Second, s.page.Tell)
	note := func(sum data.Summary) {
		for _, skip := range sum.Skips {
			taken.Notes = append(taken.Notes, skip.Item+": "+skip.Reason)
		}
		taken.Notes = append(taken.Notes, sum.Notes...)
	}
	if !s.takes.any() {
		sum, err := segment.Run(ctx, e, s.config.Segment)
		note(sum)
		return err
	}
	c := s.config
	c.Ingest.Paths = []string{s.takes.dir}
	c.Ingest.Labelling.Meta = filepath.Join(s.takes.dir, takesTable)
	_, err := line.TakeIn(ctx, e, c, func(step line.Step) {
		for _, sum := range step.Stages {
			note(sum)
		}
	})
	return err
}

// nameTakes counts what is new in a set, and names the hits of takes of one sound: once, so
// that what a person takes back stays so.
func nameTakes(d *desk.Desk, before []data.Recording, taken *page.Taken) error {
	old := map[string]bool{}
	for _, r := range before {
		old[r.ID] = true
	}
	items := d.Items()
	for i, r := range d.Recordings() {
		if !old[r.ID] {
			taken.Recordings++
			taken.Found += len(items[i])
		}
		if r.Meta[soundColumn] == "" || r.Meta[takeColumn] == "" || len(items[i]) == 0 {
			continue
		}
		a := desk.Act{ID: "take/" + r.Meta[takeColumn], Do: "label", Class: r.Meta[soundColumn]}
		for _, it := range items[i] {
			a.IDs = append(a.IDs, it.ID)
		}
		c, err := d.Do(a)
		if err != nil {
			return err
		}
		taken.Named += c.Labelled
	}
	return nil
}
