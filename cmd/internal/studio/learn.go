package studio

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"prep/cmd/internal/advice"
	"prep/cmd/internal/page"
	"prep/cmd/internal/predict"
	"prep/cmd/internal/voice"
	"prep/data"
	"prep/train"
)

// A person's model is made anew when somebody has stopped naming for a moment.
const quiet = 300 * time.Millisecond

// leastShots is how many hits of a sound there must be, and leastSounds of how many sounds,
// before a model of a person's own is worth making.
const (
	leastShots  = 3
	leastSounds = 2
)

// ears are the predictors that listen now.
type ears struct {
	mu   sync.Mutex
	open map[*predict.Predictor]bool
}

func (e *ears) add(p *predict.Predictor) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open[p] = true
}

func (e *ears) remove(p *predict.Predictor) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.open, p)
}

// each calls fn for every predictor that listens.
func (e *ears) each(fn func(*predict.Predictor) error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []error
	for p := range e.open {
		all = append(all, fn(p))
	}
	return errors.Join(all...)
}

// learn makes a model of the person's own sounds whenever what is named has changed, has it
// listen, and shows what it thinks. It goes on until ctx ends.
func (s *Studio) learn(ctx context.Context) {
	failed := func(err error) {
		if err != nil && ctx.Err() == nil {
			s.tell("No pre-labels: " + err.Error())
		}
	}
	failed(s.ask(ctx))
	for last := ""; ctx.Err() == nil; {
		if r, digest, err := s.adapt(last); err == nil && digest != last {
			last = digest
			s.page.Know(knowledgeOf(r))
			failed(errors.Join(s.ask(ctx), s.succeed()))
		} else {
			failed(err)
		}
		s.waitForNames(ctx)
	}
}

// waitForNames returns when something was named and then nothing for a moment.
func (s *Studio) waitForNames(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-s.page.Labelled():
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.page.Labelled():
		case <-time.After(quiet):
			return
		}
	}
}

// adapt makes the model of the person whose hits are named, where there is enough to learn from
// and it is not what was learned from last. The digest tells what that is.
func (s *Studio) adapt(last string) (r voice.Result, digest string, err error) {
	examples, err := s.set.Lessons()
	if err != nil {
		return r, last, err
	}
	group := s.whose(examples)
	examples = slices.DeleteFunc(examples, func(e data.Example) bool { return e.Class == "" || e.Parent != "" || e.Group != group })
	if !enough(examples) {
		return r, last, nil
	}
	if digest = digestOf(examples); digest == last {
		return r, last, nil
	}
	r, err = voice.Adapt(s.set, voice.Options{Name: nameOfModel(group), Group: group})
	if err == nil {
		s.own.Store(&r.Model)
	}
	return r, digest, err
}

// whose returns whose model is made: that of who was recorded last, else of who has most hits
// that are named.
func (s *Studio) whose(examples []data.Example) string {
	if p := s.person.Load(); p != nil {
		return *p
	}
	count := map[string]int{}
	for _, e := range examples {
		if e.Class != "" && e.Parent == "" {
			count[e.Group]++
		}
	}
	most := ""
	for _, e := range examples {
		if count[e.Group] > count[most] {
			most = e.Group
		}
	}
	return most
}

// enough reports whether a model can be made of hits.
func enough(examples []data.Example) bool {
	count, sounds := map[string]int{}, 0
	for _, e := range examples {
		if e.Class == data.None {
			continue
		}
		if count[e.Class]++; count[e.Class] == leastShots {
			sounds++
		}
	}
	return sounds >= leastSounds
}

// digestOf tells examples and their names from others.
func digestOf(examples []data.Example) string {
	var b strings.Builder
	for _, e := range examples {
		b.WriteString(e.ID + "\t" + e.Class + "\n")
	}
	return b.String()
}

// nameOfModel returns the name of a person's model.
func nameOfModel(person string) string {
	ascii := strings.Map(func(r rune) rune {
		if r > '~' {
			return -1
		}
		return r
	}, slug(person))
	return cmp.Or(strings.Trim(ascii, "-"), "mine")
}

// knowledgeOf says what a person's model is worth.
func knowledgeOf(r voice.Result) page.Knowledge {
	k := page.Knowledge{Person: r.Group, Hits: r.Hits, Accuracy: r.Accuracy, CI: r.CI, ByTake: r.Personal.By == train.ByTake,
		Alike: []page.Alike{}, Sounds: []string{}}
	for _, c := range r.PerClass {
		if c.Class != data.None {
			k.Sounds = append(k.Sounds, c.Class)
		}
	}
	for _, a := range r.Personal.Alike {
		k.Alike = append(k.Alike, page.Alike{A: a.A, B: a.B, Mistaken: a.Mistaken, Hits: a.Hits})
	}
	return k
}

// predictor returns the person's model, else that which was asked for, else General.
func (s *Studio) predictor() (*predict.Predictor, error) {
	return predict.New(s.newest(), s.config.Segment, s.config.Predict)
}

// newest returns the folder of the model that is asked now.
func (s *Studio) newest() string {
	if own := s.own.Load(); own != nil {
		return *own
	}
	return s.first()
}

// succeed has the newest model listen in place of older ones.
func (s *Studio) succeed() error {
	return s.ears.each(func(p *predict.Predictor) error {
		q, err := s.predictor()
		if err != nil {
			return err
		}
		return p.Succeed(q)
	})
}

// ask shows what the newest model thinks of all hits.
func (s *Studio) ask(ctx context.Context) error {
	suggest, err := s.suggestions(s.newest())
	if err != nil {
		return err
	}
	return advice.Ask(ctx, s.page, suggest)
}
