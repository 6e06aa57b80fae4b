package advice

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"prep/data"
)

// listener is an audience that notes what it hears.
type listener struct {
	hits     [][]data.Hit
	labelled chan int
	heard    chan string
}

func newListener() *listener {
	return &listener{hits: [][]data.Hit{{{ID: "a"}, {ID: "b"}}, nil, {{ID: "c"}}}, labelled: make(chan int, 1), heard: make(chan string, 100)}
}

func (l *listener) Originals() [][]data.Hit { return l.hits }
func (l *listener) Labelled() <-chan int    { return l.labelled }
func (l *listener) Tell(text string)        { l.heard <- text }
func (l *listener) Learn(hits []data.Hit, s []Suggestion) {
	for i, h := range hits {
		l.heard <- fmt.Sprint(h.ID, s[i])
	}
}

// hear wants to hear these, in order.
func (l *listener) hear(t *testing.T, want ...string) {
	t.Helper()
	for _, w := range want {
		select {
		case got := <-l.heard:
			if got != w {
				t.Errorf("heard %q, want %q", got, w)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("heard nothing, want %q", w)
		}
	}
}

// always returns a model that finds every hit to be of one class.
func always(class string) Suggest {
	return func(_ context.Context, hits []data.Hit) ([]Suggestion, error) {
		s := make([]Suggestion, len(hits))
		for i := range s {
			s[i] = Suggestion{class: 1}
		}
		return s, nil
	}
}

func loads(s Suggest, err error) func() (Suggest, error) {
	return func() (Suggest, error) { return s, err }
}

// Without training a model is asked once, and why it is not is said.
func TestAModelIsAskedOnce(t *testing.T) {
	broken := func(context.Context, []data.Hit) ([]Suggestion, error) { return nil, errors.New("no patches") }
	for _, tc := range []struct {
		load func() (Suggest, error)
		want []string
	}{
		{loads(always("kick"), nil), []string{"amap[kick:1]", "bmap[kick:1]", "cmap[kick:1]"}},
		{loads(nil, errors.New("no model")), []string{"failed: no model"}},
		{loads(broken, nil), []string{"failed: no patches"}},
	} {
		l := newListener()
		Advisor{Load: tc.load, Failed: func(err error) { l.Tell("failed: " + err.Error()) }}.Run(context.Background(), l, 0)
		close(l.heard)
		var got []string
		for text := range l.heard {
			got = append(got, text)
		}
		if !reflect.DeepEqual(got, tc.want) {
			t.Errorf("heard %q, want %q", got, tc.want)
		}
	}
}

// A training begins once enough was labelled since the last one, also while a
// model was being asked; one that fails is said, and the next tried.
func TestATrainingBeginsOnceEnoughIsLabelled(t *testing.T) {
	l := newListener()
	n := 0
	a := Advisor{Every: 10, Load: loads(nil, errors.New("none yet")), Failed: func(err error) { l.Tell("failed: " + err.Error()) }}
	a.Retrain = func(context.Context) (Suggest, error) {
		n++
		switch n {
		case 1:
			l.labelled <- 27 // meanwhile
			return always("kick"), nil
		case 2:
			return nil, errors.New("two classes at least")
		}
		return func(context.Context, []data.Hit) ([]Suggestion, error) { return nil, errors.New("no patches") }, nil
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan struct{})
	go func() { a.Run(ctx, l, 5); close(ended) }()
	l.labelled <- 14
	l.labelled <- 16
	l.hear(t, "Training on 16 labels; go on meanwhile.", "amap[kick:1]", "bmap[kick:1]", "cmap[kick:1]", "The pre-labels are the new model's.",
		"Training on 27 labels; go on meanwhile.", "failed: two classes at least")
	l.labelled <- 36
	l.labelled <- 37
	l.hear(t, "Training on 37 labels; go on meanwhile.", "failed: no patches")
	stop()
	<-ended
}

// What ends with its context is no failure.
func TestEndIsNoFailure(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	load := func() (Suggest, error) { stop(); return nil, ctx.Err() }
	for _, every := range []int{0, 1} {
		Advisor{Every: every, Load: load, Failed: func(err error) { t.Error(err) }}.Run(ctx, newListener(), 0)
	}
}

func TestGuesses(t *testing.T) {
	hits := []data.Hit{{ID: "a"}, {ID: "b"}, {ID: "c"}}
	ask := always("kick").WithHeldOut(map[string]Suggestion{"b": {"hat": 0.75, "kick": 0.25}, "elsewhere": {}})
	s, err := ask(context.Background(), hits)
	check(t, err)
	s[2] = nil
	g, classes := Guesses{}, []string{"hat", "kick", "rim"}
	if got := strings.Join(g.Learn(hits, s), ""); got != "ab" {
		t.Errorf("changed are %s", got)
	}
	if got := g.Learn(hits, s); got != nil {
		t.Errorf("changed by the same again are %v", got)
	}
	if got := g.Of("b", classes); !reflect.DeepEqual(got, []int{750, 250, 0}) {
		t.Errorf("of b: %v", got)
	}
	for id, want := range map[string]string{"a": "kick", "b": "hat", "c": "", "d": ""} {
		if got := g.Favourite(id, classes); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
}
