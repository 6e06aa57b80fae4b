package main

import (
	"context"
	"errors"
	"io"

	"prep/cmd/internal/report"
	"prep/data"
	"prep/data/document"
	"prep/data/work"
	"prep/plots"
	"prep/segment"
	"prep/train"
)

// The run report: what went in, what was left out and why, what came of it.
const (
	reportHTML     = "report.html"
	reportMarkdown = "report.md"
)

// reportJob names what the report tells of.
func reportJob(set *data.Set, c config) work.Job {
	plot := plotJob(set, c)
	job := work.Job{
		Stage:    "report",
		Editions: work.Editions{"plots": plots.Edition, "segment": segment.Edition, "document": document.Edition, "report": report.Edition},
		Config:   map[string]any{"segment": c.Segment, "model": c.Train.Name},
		Inputs:   append(plot.Inputs, plot.Outputs...),
		Outputs:  []string{reportHTML, reportMarkdown},
	}
	for _, stage := range c.stages() {
		job.Inputs = append(job.Inputs, "runs/"+stage+".json")
	}
	return job
}

// stages returns the names of the line's stages in their records.
func (c config) stages() []string {
	names := []string{"ingest", "segment", "augment"}
	for _, r := range c.kinds() {
		names = append(names, "features-"+r.Kind)
	}
	return append(names, "train-"+c.Train.Name, "plot")
}

// report writes the report of a line that is done.
func (a *app) report(ctx context.Context, set *data.Set) (data.Summary, error) {
	return a.engine(set).Run(reportJob(set, a.config), func() (data.Summary, error) {
		p, err := a.reportPage(ctx, set)
		if err != nil {
			return data.Summary{}, err
		}
		markdown := func(w io.Writer) error { return p.Markdown(w, true) }
		err = errors.Join(set.WriteFile(reportMarkdown, markdown), set.WriteFile(reportHTML, p.HTML))
		return data.Summary{Stage: "report"}, err
	})
}

// reportPage gathers the report from the manifests, the stages' records and the
// model's report. Where onsets are annotated it runs the detector on them.
func (a *app) reportPage(ctx context.Context, set *data.Set) (document.Page, error) {
	var v report.View
	var err error
	if v.Recordings, err = set.Recordings(); err != nil {
		return document.Page{}, err
	}
	if v.Examples, err = set.Examples(); err != nil {
		return document.Page{}, err
	}
	if v.Model, err = train.ReadReport(set.Path("models", a.config.Train.Name)); err != nil {
		return document.Page{}, err
	}
	v.Onsets, err = segment.Evaluate(ctx, set, a.config.Segment, a.progress())
	if err != nil && !errors.Is(err, segment.ErrNoAnnotation) {
		return document.Page{}, err
	}
	if v.Pictures, err = a.pictures(set); err != nil {
		return document.Page{}, err
	}
	for _, stage := range a.config.stages() {
		sum, _ := work.LastRun(set, stage)
		sum.Stage = stage
		v.Stages = append(v.Stages, sum)
	}
	return report.Page(v), nil
}

// pictures lists the pictures of the first look that were drawn.
func (a *app) pictures(set *data.Set) ([]document.Picture, error) {
	g, err := newGallery(set, a.config)
	if err != nil {
		return nil, err
	}
	defer g.close()
	if err := g.firstLook(); err != nil {
		return nil, err
	}
	drawn := g.drawn()
	for i := range drawn {
		drawn[i].Path = "plots/" + drawn[i].Path
	}
	return drawn, nil
}
