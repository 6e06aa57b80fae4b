package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"prep/data"
	"prep/data/document"
	"prep/data/work"
	"prep/features"
	"prep/ingest"
	"prep/train"
)

func (a *app) runCommand() *cobra.Command {
	var dryRun bool
	cmd := a.command("run --config prep.yaml --set DIR", "Run every stage; what has not changed is not done again",
		"prep run --config examples/vopec.yaml --set vopec\nprep run --config examples/vopec.yaml --set vopec --dry-run", cobra.NoArgs,
		func(ctx context.Context, _ []string) (result, error) {
			if len(a.config.Ingest.Paths) == 0 {
				return nil, usagef("run: which recordings? Name them in prep.yaml as ingest.paths")
			}
			if err := a.config.possible(); err != nil {
				return nil, err
			}
			if dryRun {
				return a.plan(ctx)
			}
			return a.onSet(data.Create, func(set *data.Set) (result, error) { return a.line(ctx, set) })
		})
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be done and why, do nothing")
	return cmd
}

// planResult is what a run would do.
type planResult struct {
	Stages []work.Planned `json:"stages"`
}

// plan asks every stage of the line what it would do, and why.
func (a *app) plan(ctx context.Context) (result, error) {
	dir, err := a.setDir()
	if err != nil {
		return nil, err
	}
	plan := &work.Plan{}
	e := work.Engine{Set: data.At(dir), Mode: plan}
	if err := ingest.Plan(ctx, e.Set, a.config.Ingest, plan); err != nil {
		return nil, err
	}
	nothing := func() (data.Summary, error) { return data.Summary{}, nil }
	for _, stage := range []func() error{
		func() error { _, err := a.segment(ctx, e); return err },
		func() error { _, err := a.augment(ctx, e); return err },
		func() error { _, err := a.features(ctx, e); return err },
		func() error { _, err := a.train(ctx, e); return err },
		func() error { _, err := e.Run(plotJob(e.Set, a.config), nothing); return err },
		func() error { _, err := e.Run(reportJob(e.Set, a.config), nothing); return err },
	} {
		if err := stage(); err != nil {
			return nil, err
		}
	}
	return planResult{plan.Stages}, nil
}

// Text prints a line a stage.
func (r planResult) Text(w io.Writer) {
	for _, s := range r.Stages {
		what := "nothing to do"
		if s.Runs {
			what = "would run: " + s.Why
		}
		fmt.Fprintf(w, "%-16s %s\n", s.Stage, what)
	}
}

func (planResult) skipped() int { return 0 }

// possible works out, before anything is done, what the stages could only
// refuse after the ones before them have run: patches that the rate does not
// allow, training on patches that are not made, and a network that does not fit
// them. How many classes there will be is not known yet; two are the fewest.
func (c config) possible() error {
	if err := c.extractable(c.Ingest.Rate); err != nil {
		return err
	}
	kinds := c.kinds()
	i := slices.IndexFunc(kinds, func(r features.Config) bool { return r.Kind == c.Train.Features })
	if i < 0 {
		return usagef("train: features: %q is none of the kinds made (features.kind is %q)", c.Train.Features, c.Features.Kind)
	}
	net, err := c.Train.Network()
	if err == nil {
		in := train.Shape{Bands: kinds[i].Bands, Frames: kinds[i].Frames, Channels: len(kinds[i].Kinds())}
		_, err = net.Describe(in, 2)
	}
	if err != nil {
		return usagef("train: net %s: %w", c.Train.Net, err)
	}
	return nil
}

// extractable says which of the patches asked for a rate does not allow.
func (c config) extractable(rate data.Rate) error {
	for _, r := range c.kinds() {
		if _, err := features.New(r, rate); err != nil {
			return usagef("features: %w", err)
		}
	}
	return nil
}

// lineResult is what the whole line ends with.
type lineResult struct {
	Stages   []data.Summary `json:"stages"`
	Train    trainResult    `json:"train"`
	Pictures []string       `json:"pictures"`
	Report   string         `json:"report"` // its path
	skips    int
	report   *document.Page // for a job's summary; nil where there is none
}

// line runs every stage on a set. Each stage's words are printed when it ends,
// for this takes minutes.
func (a *app) line(ctx context.Context, set *data.Set) (lineResult, error) {
	var all lineResult
	e := a.engine(set)
	for _, stage := range []func(context.Context, work.Engine) (result, error){a.ingest, a.segment, a.augment, a.features} {
		r, err := stage(ctx, e)
		if err != nil {
			return all, err
		}
		all.add(r)
		a.say(r)
	}
	var err error
	if all.Train, err = a.train(ctx, e); err != nil {
		return all, err
	}
	all.skips += all.Train.skipped()
	a.say(all.Train)
	drawn, err := a.plot(ctx, set, nil)
	if err != nil {
		return all, err
	}
	all.Pictures = drawn.Pictures
	all.skips += drawn.skipped()
	a.say(drawn)
	all.Report = set.Path(reportHTML)
	if _, err := a.report(ctx, set); err != nil || os.Getenv(summaryFile) == "" {
		return all, err
	}
	page, err := a.reportPage(ctx, set)
	all.report = &page
	return all, err
}

// say prints a result for a person as soon as it is there.
func (a *app) say(r result) {
	if !a.json {
		r.Text(a.stdout)
	}
}

func (l *lineResult) add(r result) {
	switch r := r.(type) {
	case stageResult:
		l.Stages = append(l.Stages, r.Summary)
	case stageResults:
		for _, s := range r.Stages {
			l.Stages = append(l.Stages, s.Summary)
		}
	}
	l.skips += r.skipped()
}

// Text names the report: every stage has said its own.
func (l lineResult) Text(w io.Writer) { fmt.Fprintf(w, "report: open %s\n", l.Report) }

func (l lineResult) skipped() int { return l.skips }
