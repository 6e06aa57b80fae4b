package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"prep/data"
	"prep/data/document"
	"prep/data/work"
	"prep/features"
	"prep/plots"
)

func (a *app) plotCommand() *cobra.Command {
	cmd := a.command("plot [HIT|RECORDING]... --set DIR", "Draw what is worth seeing first, or the hits and recordings named",
		`prep plot --set beats
prep plot --set beats APL/take.wav 3f2a91c05d77e801-000123456`,
		cobra.ArbitraryArgs, func(ctx context.Context, args []string) (result, error) {
			return a.onSet(data.OpenWriter, func(set *data.Set) (result, error) { return a.plot(ctx, set, args) })
		})
	cmd.Flags().StringVar(&a.config.Train.Features, "features", a.config.Train.Features, "the kind of patches to draw")
	return cmd
}

// plotResult is the pictures drawn, by path.
type plotResult struct {
	data.Summary
	Pictures []string `json:"pictures"`
}

// Text says where to look.
func (r plotResult) Text(w io.Writer) {
	stageResult{r.Summary}.Text(w)
	for _, p := range r.Pictures[:min(len(r.Pictures), 5)] {
		fmt.Fprintf(w, "  %s\n", p)
	}
}

func (r plotResult) skipped() int { return len(r.Skips) }

// plotsPerClass and plotsOfRecordings bound the first look: a person reads a
// page, not a thousand.
const (
	plotsPerClass     = 1
	plotsOfRecordings = 4
)

// picture is a drawing to be made: the file's name below plots/, where it
// belongs on the index page, and what it shows.
type picture struct {
	document.Picture
	draw func(io.Writer) error
}

// plot draws the things named, or, where none are, the first look and its
// index page.
func (a *app) plot(ctx context.Context, set *data.Set, names []string) (plotResult, error) {
	g, err := newGallery(set, a.config)
	if err != nil {
		return plotResult{}, err
	}
	defer g.close()
	if len(names) > 0 {
		if err := g.named(names); err != nil {
			return plotResult{}, err
		}
		sum, err := g.drawAll(ctx, a.progress())
		return plotResult{sum, g.paths()}, err
	}
	sum, err := a.engine(set).Run(plotJob(set, a.config), func() (data.Summary, error) {
		if err := g.firstLook(); err != nil {
			return data.Summary{}, err
		}
		sum, err := g.drawAll(ctx, a.progress())
		if err != nil {
			return sum, err
		}
		return sum, set.WriteFile("plots/index.html", g.index)
	})
	return plotResult{sum, append([]string{set.Path("plots", "index.html")}, g.paths()...)}, err
}

// plotJob names what the first look depends on: besides the manifests the
// patches and the models' reports.
func plotJob(set *data.Set, c config) work.Job {
	kind := c.Train.Features
	job := work.Job{
		Stage:    "plot",
		Editions: work.Editions{"plots": plots.Edition, "features": features.Edition, "document": document.Edition},
		Config:   map[string]any{"features": kind},
		Inputs:   []string{data.RecordingsFile, data.HitsFile, data.LabelsFile, "features/" + kind + ".npy", "features/" + kind + ".json"},
		Outputs:  []string{"plots/index.html"},
	}
	for _, dir := range modelsOf(set) {
		job.Inputs = append(job.Inputs, "models/"+filepath.Base(dir)+"/report.json")
	}
	return job
}
