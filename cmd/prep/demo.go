package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"prep/cmd/internal/line"
	"prep/data"
	"prep/data/corpus"
)

// demoSet is where the demo goes unless --set says otherwise.
const demoSet = "prep-demo"

// demoEpochs is enough for a corpus made by rule, and keeps the demo short.
const demoEpochs = 8

func demoCommand(a *app) *cobra.Command {
	return a.command("demo", "Synthesize a small corpus and run the whole line on it; needs nothing",
		"prep demo\nprep demo --set /tmp/demo --json", cobra.NoArgs,
		func(ctx context.Context, _ []string) (result, error) {
			if a.config.Set == "" {
				a.config.Set = demoSet
			}
			if err := a.config.Possible(); err != nil {
				return nil, err
			}
			begun := time.Now()
			return a.onSet(data.Create, func(set *data.Set) (result, error) {
				r, err := demo(ctx, a, set, corpus.Default())
				r.Seconds = time.Since(begun).Seconds()
				return r, err
			})
		})
}

// demoResult is what the demo ends with.
type demoResult struct {
	// Accuracy is the share of hits of held-out voices that were named rightly.
	Accuracy float64    `json:"accuracy"`
	CI       [2]float64 `json:"ci"`
	Set      string     `json:"set"`
	Seconds  float64    `json:"seconds"`
	lineResult
}

// demo synthesizes the corpus as a user's folder and runs the line on it. The
// corpus is made anew each time and comes out the same.
func demo(ctx context.Context, a *app, set *data.Set, made corpus.Config) (demoResult, error) {
	there, err := set.Recordings()
	if isOwn := func(r data.Recording) bool { return !corpus.IsMade(r.Name) }; err == nil && slices.ContainsFunc(there, isOwn) {
		return demoResult{}, fmt.Errorf("%s holds recordings of yours, into which the demo would mix synthetic voices: name another directory with --set", set.Path())
	}
	source := set.Path("source")
	if err := synthesize(ctx, a, source, made); err != nil {
		return demoResult{}, err
	}
	c := a.config
	c.Ingest.Paths = []string{source}
	c.Ingest.GroupFrom = "^([^/]+)/" // a voice's folder
	c.Train.Epochs = demoEpochs
	r, err := a.line(ctx, set, c, line.Run)
	return demoResult{Accuracy: r.Train.Accuracy, CI: r.Train.CI, Set: set.Path(), lineResult: r}, err
}

func synthesize(ctx context.Context, a *app, dir string, c corpus.Config) error {
	p, done := a.progress(), 0
	for take := range corpus.Generate(c) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := take.Write(dir); err != nil {
			return err
		}
		done++
		p.Report(data.Step{Stage: "synthesize", Done: done, Total: c.Voices * c.TakesPerVoice})
	}
	a.say(words(fmt.Sprintf("synthesize: %d voices, %d takes, %d hits of %d classes, made by rule",
		c.Voices, done, done*c.HitsPerTake, len(corpus.Classes))))
	return nil
}

// Text says what to look at first.
func (r demoResult) Text(w io.Writer) {
	fmt.Fprintf(w, "\nvoices it has never heard: %.1f %% right (95 %% interval %.1f to %.1f), after %.0f s\n",
		100*r.Accuracy, 100*r.CI[0], 100*r.CI[1], r.Seconds)
	r.lineResult.Text(w)
}

// words is a result that is one line for a person.
type words string

// Text prints the line.
func (s words) Text(w io.Writer) { fmt.Fprintln(w, string(s)) }

func (words) skipped() int { return 0 }
