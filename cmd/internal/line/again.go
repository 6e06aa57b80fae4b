package line

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"prep/cmd/internal/config"
	"prep/data"
	"prep/data/work"
	"prep/train"
)

// Again says whether a report that was made again is the same.
type Again struct {
	Same bool `json:"same"`
	// Data says in what the recordings, labels, hits and patches, and how they were made, are unlike
	// those of the report; Figures what came out otherwise.
	Data    []string `json:"data"`
	Figures []string `json:"figures"`
}

// RunAgain runs the line as a report was made, with what Published returned for it. Before it trains
// it calls done with in what the data are unlike the report's.
func RunAgain(ctx context.Context, e work.Engine, c config.Config, was train.Report, done func(Step)) (all Result, err error) {
	var stages []func() ([]data.Summary, error)
	for _, o := range before(was.Provenance) {
		if o.Stage == "ingest" && len(c.Ingest.Paths) == 0 {
			continue
		}
		stages = append(stages, alone(func() (data.Summary, error) {
			if o.Stage == "ingest" {
				return Ingest(ctx, e, c.Ingest)
			}
			return runStage(ctx, e, strings.SplitN(o.Stage, "-", 2)[0], o.Config)
		}))
	}
	if all.Stages, err = inTurn(stages, done); err != nil {
		return all, err
	}
	now, err := train.Trace(e.Set, c.Train)
	if err != nil {
		return all, err
	}
	all.Again = &Again{Data: unlike(was.Provenance, now)}
	done(Step{Stages: []data.Summary{all.Again.told()}})
	if err := all.measure(ctx, e, c, done); err != nil {
		return all, err
	}
	all.Again.Figures = otherFigures(was, all.Train.Report)
	all.Again.Same = len(all.Again.Figures) == 0
	return all, nil
}

// before returns the runs before the training.
func before(p *train.Provenance) []work.Origin { return p.Stages[:len(p.Stages)-1] }

// Published returns c, which says where the recordings lie, with the settings that a report was made
// with. Where it names none, a set is meant that has them. It refuses a report of which this
// prep gives other values.
func Published(c config.Config, p *train.Provenance) (config.Config, error) {
	for _, o := range p.Stages {
		for _, name := range slices.Sorted(maps.Keys(o.Editions)) {
			if edition, now := o.Editions[name], config.Editions()[name]; now != edition {
				return c, fmt.Errorf("the report is of prep %s, with edition %d of %s; this is prep %s, with edition %d, which gives other values: run it with that one, or train anew", p.Version, edition, name, data.Version, now)
			}
		}
	}
	var err error
	for _, o := range before(p) {
		switch kind, is := strings.CutPrefix(o.Stage, "features-"); {
		case is:
			err = json.Unmarshal(o.Config, &c.Features)
			c.Features.Kind = kind
		case o.Stage == "ingest" && len(c.Ingest.Paths) > 0:
			c.Ingest, err = c.Ingest.As(o.Config)
		case o.Stage == "segment":
			err = json.Unmarshal(o.Config, &c.Segment)
		case o.Stage == "augment":
			err = json.Unmarshal(o.Config, &c.Augment)
		case o.Stage != "ingest":
			err = fmt.Errorf("%q is no stage before a training", o.Stage)
		}
		if err != nil {
			return c, fmt.Errorf("the report's settings: %w", err)
		}
	}
	if c.Train, err = p.Config(); err != nil {
		return c, fmt.Errorf("the report's settings: %w", err)
	}
	return c, c.Validate()
}

// unlike says in what two trainings and the runs before them are unlike.
func unlike(was, now *train.Provenance) (lines []string) {
	then := map[string]work.Origin{}
	for _, o := range now.Stages {
		then[o.Stage] = o
	}
	said := map[string]bool{}
	for _, o := range was.Stages {
		other, there := then[o.Stage]
		if !there {
			lines = append(lines, fmt.Sprintf("%s has not been run on this set, or what it wrote was changed", o.Stage))
			continue
		}
		for _, line := range o.Unlike(other) {
			if !said[line] { // what one stage wrote and others read
				lines, said[line] = append(lines, o.Stage+": "+line), true
			}
		}
	}
	return lines
}

// told says how much of the data is the report's.
func (a *Again) told() data.Summary {
	s := data.Summary{Stage: "data", Counts: map[string]int{"differences": len(a.Data)}, Notes: a.Data}
	if len(a.Data) == 0 {
		s.Notes = []string{"the same recordings, labels, hits and patches as the report's"}
	}
	return s
}

// otherFigures says which figures of two reports are not the same, and whether the weights are.
func otherFigures(was, is train.Report) (lines []string) {
	a, b := fields(was), fields(is)
	all := maps.Clone(a)
	maps.Copy(all, b)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		switch {
		case bytes.Equal(a[name], b[name]):
		case len(a[name])+len(b[name]) < 60:
			lines = append(lines, fmt.Sprintf("%s is %s, in the report %s", name, b[name], a[name]))
		default:
			lines = append(lines, name+" is another than in the report")
		}
	}
	if is.Provenance != nil && was.Provenance.Weights != is.Provenance.Weights {
		lines = append(lines, "the model's weights are others than the report's")
	}
	return lines
}

// fields returns the figures of a report as JSON, by their names.
func fields(r train.Report) map[string]json.RawMessage {
	r.Provenance = nil
	text, err := json.Marshal(r)
	var all map[string]json.RawMessage
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		panic(err) // a report is JSON
	}
	return all
}

// Text says whether the report came out the same, and what did not.
func (a *Again) Text(w io.Writer) {
	if a.Same {
		fmt.Fprintln(w, "made again: every figure and the model are the report's")
		return
	}
	fmt.Fprintln(w, "NOT the same as the report:")
	for _, line := range a.Figures {
		fmt.Fprintf(w, "  %s\n", line)
	}
	if len(a.Data) > 0 {
		fmt.Fprintf(w, "  since the data are not the same: %s\n", a.Data[0])
	}
}
