package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"prep/cmd/internal/advice"
	"prep/cmd/internal/config"
	"prep/cmd/internal/desk"
	"prep/cmd/internal/line"
	"prep/cmd/internal/page"
	"prep/cmd/internal/predict"
	"prep/data"
	"prep/ingest"
)

// labelOptions are the flags of prep label.
type labelOptions struct {
	port      int
	who       string
	model     string
	retrain   int
	agreement []string
	from      string
}

func labelCommand(a *app) *cobra.Command {
	var o labelOptions
	cmd := a.command("label --set DIR", "Hear, see, correct and name hits in a local web page",
		`prep label --set beats
prep label --set beats --who ada --class kick,hat,snare --key k=kick,h=hat
prep label --set beats --agreement ada,ben
prep label --set beats --who ada --import labels-from-audacity/`,
		cobra.NoArgs, func(ctx context.Context, _ []string) (result, error) {
			if err := o.check(); err != nil {
				return nil, err
			}
			if len(o.agreement) > 0 {
				return a.onSet(data.Open, func(set *data.Set) (result, error) { return agreement(set, o.agreement) })
			}
			return a.onSet(data.OpenWriter, func(set *data.Set) (result, error) {
				if o.from != "" {
					return importLabels(set, o, a.config.Ingest)
				}
				return a.label(ctx, set, o)
			})
		})
	f, c := cmd.Flags(), &a.config.Label
	f.IntVar(&o.port, "port", 0, "port on 127.0.0.1; 0 takes the one that the set had before, or a free one")
	f.StringVar(&o.who, "who", labeller(), "the name that your labels bear")
	f.StringSliceVar(&c.Classes, "class", c.Classes, "classes to offer, in the order of the keys 1 to 9, besides those in the set")
	f.StringToStringVar(&c.Keys, "key", c.Keys, "letters that name a class: k=kick")
	f.StringVar(&o.model, "model", "", "folder of the model that pre-labels (default DIR/models/NAME or, without one, that of prep, where names agree)")
	f.IntVar(&o.retrain, "retrain", 0, "train again after this many labels and ask the new model; 0 never does")
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

// check says which flag cannot be.
func (o labelOptions) check() error {
	switch {
	case strings.TrimSpace(o.who) == "":
		return config.Usagef("who labels? Say it with --who NAME")
	case o.port < 0 || o.port > 65535:
		return config.Usagef("--port %d: must be from 0 to 65535", o.port)
	case o.retrain < 0:
		return config.Usagef("--retrain %d: must be a number of labels, or 0 for never", o.retrain)
	}
	return nil
}

// label serves the page until Ctrl-C, which is how it ends well.
func (a *app) label(ctx context.Context, set *data.Set, o labelOptions) (result, error) {
	d, err := desk.New(set, o.who)
	if err != nil {
		return nil, err
	}
	listener, guard, err := page.Listen(set, o.port)
	if err != nil {
		return nil, err
	}
	p := page.New(set, d, page.Config{Settings: a.config.Label, Guard: guard})
	fmt.Fprintf(a.stderr, "label as %s: open %s in a browser; Ctrl-C ends it, everything is saved as you go\n", o.who, guard.URL())
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	advised, labelled := make(chan struct{}), p.Stats().Labelled
	go func() { defer close(advised); a.advise(ctx, set, p, labelled, o) }()
	err = p.Serve(ctx, listener)
	stop()
	<-advised
	return labelResult{p.Stats()}, err
}

// advise keeps the page supplied with what a model thinks, if there is one or
// is to be. The page goes on without; why is said once. labelled is how many
// hits were labelled before the page was served.
func (a *app) advise(ctx context.Context, set *data.Set, p *page.Page, labelled int, o labelOptions) {
	own := set.Path("models", a.config.Train.Name)
	first := o.model
	if first == "" {
		first = own
		if _, err := os.Stat(filepath.Join(first, "model.json")); err != nil && o.retrain == 0 {
			first = predict.General
		}
	}
	advice.Advisor{
		Every: o.retrain,
		Load:  func() (advice.Suggest, error) { return a.suggestions(first, set) },
		Retrain: func(ctx context.Context) (advice.Suggest, error) {
			if _, err := line.Features(ctx, a.engine(set), a.config); err != nil {
				return nil, err
			}
			if _, err := line.Train(ctx, a.engine(set), a.config); err != nil {
				return nil, err
			}
			return a.suggestions(own, set)
		},
		Failed: func(err error) {
			fmt.Fprintf(a.stderr, "no pre-labels: %s\n", oneLine(err))
			p.Tell("No pre-labels: " + oneLine(err))
		},
	}.Run(ctx, p, labelled)
}

// suggestions returns what a model thinks of the set's hits.
func (a *app) suggestions(dir string, set *data.Set) (advice.Suggest, error) {
	p, err := predict.New(dir, a.config.Segment, a.config.Predict)
	if err != nil {
		return nil, err
	}
	return p.Suggest(set, a.config.Label.Classes)
}

// importLabels takes in the labels of a file or a folder.
func importLabels(set *data.Set, o labelOptions, c ingest.Config) (result, error) {
	d, err := desk.New(set, o.who)
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
