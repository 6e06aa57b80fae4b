package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"

	"github.com/spf13/cobra"

	"prep/cmd/internal/advice"
	"prep/cmd/internal/config"
	"prep/cmd/internal/desk"
	"prep/cmd/internal/guide"
	"prep/cmd/internal/studio"
	"prep/data"
	"prep/ingest"
)

// labelOptions are the flags of prep label.
type labelOptions struct {
	studio.Options
	agreement []string
	from      string
}

func labelCommand(a *app) *cobra.Command {
	var o labelOptions
	cmd := a.command("label --set DIR", "Hear, see, correct and name hits in a local web page",
		`prep label --set beats
prep label --set beats --who ada --class kick,hat,snare --key k=kick,h=hat
prep label --set beats --who ben --second
prep label --set beats --agreement ada,ben
prep label --set beats --who ada --import labels-from-audacity/`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			if err := checkPage(o.Options); err != nil {
				return nil, err
			}
			if len(o.agreement) > 0 {
				return a.onSet(data.Open, func(set *data.Set) (result, error) { return agreement(set, o.agreement) })
			}
			return a.onSet(data.OpenWriter, func(set *data.Set) (result, error) {
				if o.from != "" && o.Second {
					return nil, config.Usagef("--import is what a first labeller says: leave out --second")
				}
				if o.from != "" {
					return importLabels(set, o, a.config.Ingest)
				}
				return a.page(ctx, set, o.Options, func(string) {})
			})
		})
	f, c := cmd.Flags(), &a.config.Label
	f.IntVar(&o.Port, "port", 0, "port on 127.0.0.1; 0 takes the one that the set had before, or a free one")
	f.StringVar(&o.Who, "who", labeller(), "the name that your labels bear")
	f.BoolVar(&o.Second, "second", false, "label without seeing what others say, and without overruling them: kept in DIR/second")
	f.StringSliceVar(&c.Classes, "class", c.Classes, "classes to offer, in the order of the keys 1 to 9, besides those in the set")
	f.StringToStringVar(&c.Keys, "key", c.Keys, "letters that name a class: k=kick")
	f.StringVar(&o.Model, "model", "", "the model that pre-labels: its `name` in the set, or its folder (default the set's or, without one, that of prep, where names agree)")
	f.IntVar(&o.Retrain, "retrain", 0, "train again after this many labels and ask the new model; 0 never does")
	f.StringSliceVar(&o.agreement, "agreement", nil, "two labellers `A,B`: print Cohen's kappa between them, serve nothing")
	f.StringVar(&a.config.Ingest.Labelling.Tier, "tier", a.config.Ingest.Labelling.Tier, "with --import: the tier of label files that have several")
	f.StringVar(&o.from, "import", "", "`file` or folder of labels from Audacity, Praat, Raven, Label Studio (JSON) or CSV: take in what it says as yours, serve nothing")
	return cmd
}

// labeller returns the name of who runs the program: $USER, else that of the
// account, else "".
func labeller() string {
	if name := os.Getenv("USER"); name != "" {
		return name
	}
	account, err := user.Current()
	if err != nil {
		return ""
	}
	return account.Username
}

// checkPage says which flag of the page cannot be.
func checkPage(o studio.Options) error {
	switch {
	case strings.TrimSpace(o.Who) == "":
		return config.Usagef("who labels? Say it with --who NAME")
	case o.Port < 0 || o.Port > 65535:
		return config.Usagef("--port %d: must be from 0 to 65535", o.Port)
	case o.Retrain < 0:
		return config.Usagef("--retrain %d: must be a number of labels, or 0 for never", o.Retrain)
	}
	return nil
}

// page serves the page until Ctrl-C, which is how it ends well. Opened is told its address.
func (a *app) page(ctx context.Context, set *data.Set, o studio.Options, opened func(url string)) (result, error) {
	o.Model = guide.ModelFolder(a.config.Set, o.Model)
	o.Tell = func(text string) { fmt.Fprintln(a.stderr, oneLine(errors.New(text))) }
	s, err := studio.Open(a.engine(set), a.config, o)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(a.stderr, "label as %s: open %s in a browser; Ctrl-C ends it, everything is saved as you go\n", o.Who, s.URL())
	opened(s.URL())
	err = s.Serve(ctx)
	return labelResult{s.Stats()}, err
}

// importLabels takes in the labels of a file or a folder.
func importLabels(set *data.Set, o labelOptions, c ingest.Config) (result, error) {
	d, err := desk.New(set, o.Who)
	if err != nil {
		return nil, err
	}
	sum, err := d.Import(o.from, desk.Files{Options: c.Labelling.Options(), Stem: ingest.LabelStem, Class: c.Class})
	if err != nil {
		return nil, err
	}
	return stageResult{sum}, nil
}

// labelResult is what a session of labelling ends with.
type labelResult struct{ advice.Stats }

// Text prints the counts and what to do next.
func (r labelResult) Text(w io.Writer) {
	fmt.Fprintf(w, "label: %d hits, %d labelled by hand, %d left\n", r.Hits, r.Labelled, r.Left)
	if r.Moved > 0 {
		fmt.Fprintf(w, "  %d were moved or added: `prep segment` makes hits of them\n", r.Moved)
	}
}

func (labelResult) skipped() int { return 0 }

// agreement compares two labellers.
func agreement(set *data.Set, who []string) (result, error) {
	if len(who) != 2 {
		return nil, config.Usagef("agreement is between two labellers: --agreement A,B")
	}
	g, err := desk.Agree(set, who[0], who[1])
	return agreementResult{g}, err
}

type agreementResult struct{ desk.Agreement }

// Text prints kappa and where the two differ.
func (r agreementResult) Text(w io.Writer) {
	fmt.Fprintf(w, "%s and %s on %d hits: Cohen's kappa %.3f (%.1f %% agree, %.1f %% would by chance)\n",
		r.A, r.B, r.Moments, r.Kappa, 100*r.Observed, 100*r.Expected)
	for _, d := range r.Differ {
		fmt.Fprintf(w, "%6d  %s: %s, %s: %s\n", d.Count, r.A, d.A, r.B, d.B)
	}
}

func (agreementResult) skipped() int { return 0 }
