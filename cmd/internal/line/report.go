package line

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"prep/cmd/internal/config"
	"prep/cmd/internal/gallery"
	"prep/cmd/internal/report"
	"prep/data"
	"prep/data/document"
	"prep/data/work"
	"prep/segment"
	"prep/train"
)

// The run report: what went in, what was left out and why, what came of it.
const (
	ReportHTML     = "report.html"
	ReportMarkdown = "report.md"
)

// Report writes the report of a line that is done, from the records that its
// stages left. The detector is scored for it where onsets are annotated and
// that is not done yet.
func Report(ctx context.Context, e work.Engine, c config.Config) (data.Summary, error) {
	if _, err := segment.Score(ctx, e, c.Segment); err != nil {
		return data.Summary{}, err
	}
	job, err := reportJob(e.Set, c)
	if err != nil {
		return data.Summary{}, err
	}
	return e.Run(job, func() (data.Summary, error) {
		p, err := ReportPage(e.Set, c)
		if err != nil {
			return data.Summary{}, err
		}
		markdown := func(w io.Writer) error { return p.Markdown(w, true) }
		return data.Summary{Stage: "report"}, errors.Join(e.Set.WriteFile(ReportMarkdown, markdown), e.Set.WriteFile(ReportHTML, p.HTML))
	})
}

// reportJob names what the report tells of.
func reportJob(set *data.Set, c config.Config) (work.Job, error) {
	pictures, err := gallery.Job(set, GalleryConfig(c))
	job := work.Job{
		Stage:    "report",
		Editions: work.Editions{"report": report.Edition, "document": document.Edition},
		Config:   map[string]any{"model": c.Train.Name},
		Inputs:   append(pictures.Inputs, append(pictures.Outputs, segment.OnsetsFile)...),
		Outputs:  []string{ReportHTML, ReportMarkdown},
	}
	for _, stage := range stagesOf(c) {
		job.Inputs = append(job.Inputs, "runs/"+stage+".json")
	}
	return job, err
}

// stagesOf returns the names of the line's stages in their records.
func stagesOf(c config.Config) []string {
	names := []string{"ingest", "segment", "augment"}
	for _, r := range c.Kinds() {
		names = append(names, "features-"+r.Kind)
	}
	return append(names, "train-"+c.Train.Name, "plot")
}

// ReportPage gathers the report from the manifests and the records of the
// stages; it opens no audio.
func ReportPage(set *data.Set, c config.Config) (document.Page, error) {
	var v report.View
	for _, read := range []func() error{
		func() (err error) { v.Recordings, err = set.Recordings(); return err },
		func() (err error) { v.Examples, err = set.Examples(); return err },
		func() (err error) { v.Model, err = train.ReadReport(train.ModelDir(set, c.Train.Name)); return err },
		func() (err error) { v.Onsets, err = segment.ReadScore(set); return err },
		func() (err error) { v.Pictures, err = gallery.Pictures(set); return err },
	} {
		if err := read(); err != nil {
			return document.Page{}, err
		}
	}
	for _, stage := range stagesOf(c) {
		sum, _, err := work.LastRun(set, stage)
		if err != nil {
			return document.Page{}, err
		}
		sum.Stage = stage
		v.Stages = append(v.Stages, sum)
	}
	return report.Page(v), nil
}

// Finish draws what is worth seeing of a set whose stages were run one by one, and writes its
// report. It returns the report's path. The model and the kind of patches are those of c if they are there, and else
// those that are.
func Finish(ctx context.Context, e work.Engine, c config.Config) (string, error) {
	models, err := train.Models(e.Set)
	if err != nil {
		return "", err
	}
	var measured []string
	for _, name := range models {
		if _, there, err := work.LastRun(e.Set, "train-"+name); err != nil {
			return "", err
		} else if there {
			measured = append(measured, name)
		}
	}
	if len(measured) == 0 {
		return "", fmt.Errorf("%s: no model has been trained here, and a report tells of one: run `prep train --set %s` first", e.Set.Path(), e.Set.Path())
	}
	if !slices.Contains(measured, c.Train.Name) {
		c.Train.Name = measured[0]
	}
	r, err := train.ReadReport(train.ModelDir(e.Set, c.Train.Name))
	if err != nil {
		return "", err
	}
	c.Train.Features, c.Features.Kind = r.Features, r.Features
	if _, err := gallery.Draw(ctx, e, GalleryConfig(c)); err != nil {
		return "", err
	}
	_, err = Report(ctx, e, c)
	return e.Set.Path(ReportHTML), err
}
