package studio

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"sync/atomic"

	"prep/cmd/internal/advice"
	"prep/cmd/internal/config"
	"prep/cmd/internal/desk"
	"prep/cmd/internal/line"
	"prep/cmd/internal/page"
	"prep/cmd/internal/predict"
	"prep/data"
	"prep/data/disk"
	"prep/data/work"
	"prep/train"
)

// Options are what a session is to be like.
type Options struct {
	Who     string       // the name that labels bear
	Second  bool         // who labels sees nothing of what others say, and overrules nobody
	Port    int          // of this machine; 0 takes the one before, or a free one
	Model   string       // folder of the model that pre-labels; "" is the set's own or, without one, predict.General
	Retrain int          // labels between two trainings; 0 never trains
	Learn   bool         // makes a model of the person's own sounds from what is named, as it is named
	Tell    func(string) // is told what goes wrong meanwhile
}

// Studio is a session of the page on a set.
type Studio struct {
	set      *data.Set
	config   config.Config
	options  Options
	engine   work.Engine
	page     *page.Page
	guard    page.Guard
	listener net.Listener

	takes  *takes
	ears   ears
	person atomic.Pointer[string] // who was recorded last
	own    atomic.Pointer[string] // the folder of the model that learned here last
}

// CheckDir refuses to make a set of a directory that holds something else.
func CheckDir(dir string) error {
	if _, err := data.Open(dir); err == nil {
		return nil
	}
	entries, err := disk.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch e.Name() {
		case takesDir, desk.NamesFile, page.SessionFile, data.LockFile:
		default:
			return fmt.Errorf("%s: holds other files and is no set: name a new directory, and drop the recordings on the page, or `prep ingest %s --set DIR`", dir, dir)
		}
	}
	return nil
}

// Open makes the page of the engine's set, which is open for writing, and takes its port.
func Open(e work.Engine, c config.Config, o Options) (*Studio, error) {
	s := &Studio{set: e.Set, config: c, options: o, engine: e, ears: ears{open: map[*predict.Predictor]bool{}}}
	d, err := s.desk()
	if err != nil {
		return nil, err
	}
	if s.takes, err = openTakes(e.Set); err != nil {
		return nil, err
	}
	if s.listener, s.guard, err = page.Listen(e.Set, o.Port); err != nil {
		return nil, err
	}
	if err := e.Set.Hold("its page is open at http://" + s.guard.Hosts[0]); err != nil {
		return nil, err
	}
	pc := page.Config{Settings: c.Label, Guard: s.guard, Workshop: s}
	if own, err := s.embedder(); err != nil {
		return nil, err
	} else if own != nil {
		pc.Embed = own
	}
	if o.Learn {
		pc.First = "start"
	}
	s.page = page.New(e.Set, d, pc)
	return s, nil
}

// URL returns the address of the page.
func (s *Studio) URL() string { return s.guard.URL() }

// Stats returns how far the labelling is.
func (s *Studio) Stats() advice.Stats { return s.page.Stats() }

// Serve serves the page until ctx ends.
func (s *Studio) Serve(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	advised, labelled := make(chan struct{}), s.page.Stats().Labelled
	go func() {
		defer close(advised)
		s.prepare(ctx)
		if s.options.Learn {
			s.learn(ctx)
		} else {
			s.advisor().Run(ctx, s.page, labelled)
		}
	}()
	err := s.page.Serve(ctx, s.listener)
	stop()
	<-advised
	return err
}

// prepare takes in what was recorded before and is not in the set, and finds the hits of a set
// that has none.
func (s *Studio) prepare(ctx context.Context) {
	if _, err := disk.Stat(s.set.Path(data.HitsFile)); err == nil && !s.takes.waiting(s.takenIn()) {
		return
	}
	if recordings, err := s.set.Recordings(); err == nil && len(recordings) == 0 && !s.takes.any() {
		return // nothing is here yet
	}
	if _, err := s.TakeIn(ctx); err != nil && ctx.Err() == nil {
		s.tell(err.Error())
	}
}

// first returns the folder of the model that is asked before any is made here.
func (s *Studio) first() string {
	if s.options.Model != "" {
		return s.options.Model
	}
	own := train.ModelDir(s.set, s.config.Train.Name)
	if _, err := disk.Stat(filepath.Join(own, "model.json")); err != nil && s.options.Retrain == 0 {
		return predict.General
	}
	return own
}

// advisor returns what keeps the page supplied with what a model thinks, if there is one or
// is to be. The page goes on without; why is said once.
func (s *Studio) advisor() advice.Advisor {
	own := train.ModelDir(s.set, s.config.Train.Name)
	return advice.Advisor{
		Every: s.options.Retrain,
		Load:  func() (advice.Suggest, error) { return s.suggestions(s.first()) },
		Retrain: func(ctx context.Context) (advice.Suggest, error) {
			if _, err := line.Features(ctx, s.engine, s.config); err != nil {
				return nil, err
			}
			if _, err := line.Train(ctx, s.engine, s.config); err != nil {
				return nil, err
			}
			return s.suggestions(own)
		},
		Failed: func(err error) { s.tell("No pre-labels: " + err.Error()) },
	}
}

// tell says something on the page and to whoever started the program.
func (s *Studio) tell(text string) {
	s.options.Tell(text)
	s.page.Tell(text)
}

// suggestions returns what a model thinks of the set's hits.
func (s *Studio) suggestions(dir string) (advice.Suggest, error) {
	p, err := predict.New(dir, s.config.Segment, s.config.Predict)
	if err != nil {
		return nil, err
	}
	return p.Suggest(s.set, s.config.Label.Classes)
}
