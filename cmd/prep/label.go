package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"prep/cmd/internal/config"
	"prep/cmd/internal/line"
	"prep/cmd/internal/predict"
	"prep/data"
	"prep/data/label"
	"prep/train"
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
				return a.onSet(data.Open, func(set *data.Set) (result, error) { return a.agreement(set, o.agreement) })
			}
			return a.onSet(data.OpenWriter, func(set *data.Set) (result, error) {
				if o.from != "" {
					return a.importLabels(set, o)
				}
				return a.label(ctx, set, o)
			})
		})
	f, c := cmd.Flags(), &a.config.Label
	f.IntVar(&o.port, "port", 0, "port on 127.0.0.1; 0 takes a free one")
	f.StringVar(&o.who, "who", labeller(), "the name that your labels bear")
	f.StringSliceVar(&c.Classes, "class", c.Classes, "classes to offer, in the order of the keys 1 to 9, besides those in the set")
	f.StringToStringVar(&c.Keys, "key", c.Keys, "letters that name a class: k=kick")
	f.StringVar(&o.model, "model", "", "folder of the model that pre-labels (default DIR/models/NAME, if there is one)")
	f.IntVar(&o.retrain, "retrain", 0, "train again after this many labels and ask the new model; 0 never does")
	f.StringSliceVar(&o.agreement, "agreement", nil, "two labellers `A,B`: print Cohen's kappa between them, serve nothing")
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
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(o.port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is taken by another program; choose another with --port, or none for a free one", o.port)
	}
	if err != nil {
		return nil, err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	c := label.Config{Settings: a.config.Label, Who: o.who, Token: rand.Text()}
	c.Hosts = []string{fmt.Sprintf("127.0.0.1:%d", port), fmt.Sprintf("localhost:%d", port)}
	page, err := label.New(set, c)
	if err != nil {
		listener.Close()
		return nil, err
	}
	fmt.Fprintf(a.stderr, "label as %s: open http://%s/%s/ in a browser; Ctrl-C ends it, everything is saved as you go\n",
		o.who, c.Hosts[0], c.Token)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	advice, labelled := make(chan struct{}), page.Stats().Labelled
	go func() { defer close(advice); a.advise(ctx, set, page, labelled, o) }()
	err = serve(ctx, listener, page)
	stop()
	<-advice
	return labelResult{page.Stats()}, err
}

// serve answers requests until ctx ends.
func serve(ctx context.Context, l net.Listener, h http.Handler) error {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if s.Shutdown(last) != nil {
		s.Close()
	}
	return nil
}

// advise keeps the page supplied with what a model thinks. The page goes on
// without; why is said once. trained is how many labels there were before the
// page was served: those given while a model is asked for the first time count.
func (a *app) advise(ctx context.Context, set *data.Set, page *label.Page, trained int, o labelOptions) {
	dir := o.model
	if dir == "" {
		dir = set.Path("models", a.config.Train.Name)
		if _, err := os.Stat(filepath.Join(dir, "model.json")); err != nil && o.retrain == 0 {
			return
		}
	}
	err := a.ask(ctx, set, page, dir)
	if o.retrain == 0 {
		a.noAdvice(ctx, page, err)
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
		if now := page.Stats().Labelled; now >= trained+o.retrain {
			trained = now
			page.Tell(fmt.Sprintf("Training on %d labels; go on meanwhile.", now))
			a.noAdvice(ctx, page, a.retrain(ctx, set, page))
		}
	}
}

// retrain makes patches, trains on what is labelled now and asks the new model.
func (a *app) retrain(ctx context.Context, set *data.Set, page *label.Page) error {
	if _, err := line.Features(ctx, a.engine(set), a.config); err != nil {
		return err
	}
	if _, err := line.Train(ctx, a.engine(set), a.config); err != nil {
		return err
	}
	if err := a.ask(ctx, set, page, set.Path("models", a.config.Train.Name)); err != nil {
		return err
	}
	page.Tell("The pre-labels are the new model's.")
	return nil
}

// noAdvice says, where they are looked for, why there are no new pre-labels.
func (a *app) noAdvice(ctx context.Context, page *label.Page, err error) {
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(a.stderr, "no pre-labels: %s\n", oneLine(err))
		page.Tell("No pre-labels: " + oneLine(err))
	}
}

// ask shows what the model in dir thinks of every hit.
func (a *app) ask(ctx context.Context, set *data.Set, page *label.Page, dir string) error {
	p, err := predict.New(dir, a.config.Segment, a.config.Predict)
	if err != nil {
		return err
	}
	heard, err := heldOut(dir)
	if err != nil {
		return err
	}
	return page.Ask(ctx, func(ctx context.Context, hits []data.Hit) ([]label.Suggestion, error) {
		probabilities, err := p.Probabilities(set, hits)
		s := make([]label.Suggestion, len(hits))
		for i, q := range probabilities {
			if held := heard[hits[i].ID]; len(held) == len(p.Classes()) {
				q = held
			}
			s[i] = suggestion(p.Classes(), q)
		}
		return s, errors.Join(err, ctx.Err())
	})
}

// suggestion returns the probabilities by class, or nil for none.
func suggestion(classes []string, probabilities []float32) label.Suggestion {
	if probabilities == nil {
		return nil
	}
	s := label.Suggestion{}
	for k, class := range classes {
		s[class] = probabilities[k]
	}
	return s
}

// heldOut returns what the folds' networks, which had not heard a hit's group,
// said of the hits that the model in dir was trained on. The model itself knows
// their labels by heart, wrong ones too.
func heldOut(dir string) (map[string][]float32, error) {
	predictions, err := train.ReadPredictions(dir)
	of := map[string][]float32{}
	for _, q := range predictions {
		of[q.Hit] = q.Probabilities
	}
	return of, err
}

// labelResult is what a session of labelling ends with.
type labelResult struct{ label.Stats }

// Text prints the counts and what to do next.
func (r labelResult) Text(w io.Writer) {
	fmt.Fprintf(w, "label: %d hits, %d labelled by hand, %d left\n", r.Hits, r.Labelled, r.Left)
	if r.Moved > 0 {
		fmt.Fprintf(w, "  %d were moved or added: `prep segment --onsets annotation` makes hits of them\n", r.Moved)
	}
}

func (labelResult) skipped() int { return 0 }

// agreement compares two labellers.
func (a *app) agreement(set *data.Set, who []string) (result, error) {
	if len(who) != 2 {
		return nil, config.Usagef("agreement is between two labellers: --agreement A,B")
	}
	labels, err := set.Labels()
	if err != nil {
		return nil, err
	}
	recordings, err := set.Recordings()
	if err != nil || len(recordings) == 0 {
		return nil, errors.Join(err, errors.New("no recordings here"))
	}
	g, err := label.Agree(labels, who[0], who[1], recordings[0].Rate.N(sameMoment))
	return agreementResult{g}, err
}

// sameMoment is how far two labellers may place one hit apart: half the
// shortest gap between hits that segment keeps apart.
const sameMoment = 10 * time.Millisecond

type agreementResult struct{ label.Agreement }

// Text prints kappa and where the two differ.
func (r agreementResult) Text(w io.Writer) {
	fmt.Fprintf(w, "%s and %s on %d hits: Cohen's kappa %.3f (%.1f %% agree, %.1f %% would by chance)\n",
		r.A, r.B, r.Moments, r.Kappa, 100*r.Observed, 100*r.Expected)
	for _, d := range r.Differ {
		fmt.Fprintf(w, "%6d  %s: %s, %s: %s\n", d.Count, r.A, d.A, r.B, d.B)
	}
}

func (agreementResult) skipped() int { return 0 }
