package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/cmd/internal/console"
	"prep/cmd/internal/line"
	"prep/data"
	"prep/data/document"
	"prep/data/work"
	"prep/train"
)

func runCommand(a *app) *cobra.Command {
	var dryRun bool
	var from string
	cmd := a.command("run [PATH...] --config prep.yaml --set DIR", "Run every stage; what has not changed is not done again",
		"prep run --config examples/vopec.yaml --set vopec\nprep run --config examples/vopec.yaml --set vopec --dry-run\nprep run --from report.json --set again recordings/", cobra.ArbitraryArgs,
		func(ctx context.Context, args []string) (result, error) {
			if len(args) > 0 {
				a.config.Ingest.Paths = args
			}
			switch {
			case from != "" && dryRun:
				return nil, config.Usagef("run: --dry-run says nothing of --from")
			case from != "":
				return a.lineAgain(ctx, from)
			case len(a.config.Ingest.Paths) == 0:
				return nil, config.Usagef("run: which recordings? Name them, or in prep.yaml as ingest.paths")
			}
			if err := a.config.Possible(); err != nil {
				return nil, err
			}
			if dryRun {
				return plan(ctx, a)
			}
			return a.onSet(data.Create, func(set *data.Set) (result, error) { return a.line(ctx, set, a.config, line.Run) })
		})
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be done and why, do nothing")
	cmd.Flags().StringVar(&from, "from", "", "make a model's `report.json` again, from its recordings, and compare")
	return cmd
}

// lineAgain makes a report again. It ends with the code of a gate where another came out.
func (a *app) lineAgain(ctx context.Context, from string) (result, error) {
	was, err := train.ReadPublished(from)
	if err != nil {
		return nil, err
	}
	c, err := line.Published(a.config, was.Provenance)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	open := data.Create
	if len(c.Ingest.Paths) == 0 {
		open = data.OpenWriter
	}
	r, err := a.onSet(open, func(set *data.Set) (result, error) {
		r, err := a.line(ctx, set, c, func(ctx context.Context, e work.Engine, c config.Config, done func(line.Step)) (line.Result, error) {
			return line.RunAgain(ctx, e, c, was, done)
		})
		if err == nil && !r.Again.Same {
			a.code = exitGate
		}
		return r, err
	})
	if errors.Is(err, data.ErrNoSet) {
		err = config.Usagef("run --from: which recordings? Name their folder, or with --set a set that has them: %w", err)
	}
	return r, err
}

// planResult is what a run would do.
type planResult struct {
	Stages []work.Planned `json:"stages"`
}

func plan(ctx context.Context, a *app) (result, error) {
	dir, err := a.setDir()
	if err != nil {
		return nil, err
	}
	stages, err := line.Plan(ctx, dir, a.config)
	return planResult{stages}, err
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

// lineResult is what the whole line ends with.
type lineResult struct {
	Stages   []data.Summary `json:"stages"`
	Train    trainResult    `json:"train"`
	Pictures []string       `json:"pictures"`
	Report   string         `json:"report"` // its path
	Again    *line.Again    `json:"again,omitempty"`
	skips    int
	page     *document.Page // for a job's summary; nil where there is none
}

// line runs every stage on a set. Each stage's words are printed when it ends,
// for this takes minutes.
func (a *app) line(ctx context.Context, set *data.Set, c config.Config, run func(context.Context, work.Engine, config.Config, func(line.Step)) (line.Result, error)) (lineResult, error) {
	all := lineResult{Report: set.Path(line.ReportHTML)}
	r, err := run(ctx, a.engine(set), c, func(s line.Step) {
		r := stepResult(set, c, s)
		all.skips += r.skipped()
		a.say(r)
	})
	if err != nil {
		return all, err
	}
	all.Stages, all.Train, all.Pictures = r.Stages, trainResultOf(set, c.Train.Name, r.Train), r.Pictures.Pictures
	all.Again = r.Again
	if os.Getenv(console.SummaryFile) == "" {
		return all, nil
	}
	page, err := line.ReportPage(set, c)
	all.page = &page
	return all, err
}

// stepResult returns the result of a part of the line.
func stepResult(set *data.Set, c config.Config, s line.Step) result {
	switch {
	case s.Train != nil:
		return trainResultOf(set, c.Train.Name, *s.Train)
	case s.Pictures != nil:
		return plotResult{*s.Pictures}
	}
	return resultsOf(s.Stages...)
}

// say prints a result for a person as soon as it is there.
func (a *app) say(r result) {
	if !a.json {
		r.Text(a.stdout)
	}
}

// Text names the report: every stage has said its own.
func (l lineResult) Text(w io.Writer) {
	fmt.Fprintf(w, "report: open %s\n", l.Report)
	if l.Again != nil {
		l.Again.Text(w)
	}
}

func (l lineResult) skipped() int { return l.skips }

// notices warns of the skips of all stages and tells the accuracy.
func (l lineResult) notices(string) (all []console.Notice) {
	for _, s := range l.Stages {
		all = append(all, console.Skips(s.Stage, s.Skips)...)
	}
	t := l.Train
	return append(all, console.Notice{Level: console.Info, Title: "accuracy",
		Text: fmt.Sprintf("%.3f, 95 %% interval %.3f to %.3f (%s)", t.Accuracy, t.CI[0], t.CI[1], t.Protocol)})
}

// summary writes the report, where it was gathered.
func (l lineResult) summary(w io.Writer) error {
	if l.page == nil {
		return nil
	}
	return l.page.Markdown(w, false)
}
