package page

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"prep/cmd/internal/advice"
	"prep/data/datatest"
)

// patience bounds what a test waits for.
const patience = 20 * time.Second

// stream are the events of a page, as its tabs get them.
type stream struct {
	t     *testing.T
	lines *bufio.Scanner
}

// events connects to the events at an address.
func events(t *testing.T, url string) stream {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"events", nil)
	check(t, err)
	r, err := http.DefaultClient.Do(q)
	check(t, err)
	t.Cleanup(func() { r.Body.Close() })
	if got := r.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("the events are %q", got)
	}
	return stream{t, bufio.NewScanner(r.Body)}
}

// next waits for the next event.
func (s stream) next() (u update) {
	s.t.Helper()
	for s.lines.Scan() {
		if text, ok := strings.CutPrefix(s.lines.Text(), "data: "); ok {
			check(s.t, json.Unmarshal([]byte(text), &u))
			return u
		}
	}
	s.t.Fatalf("the events end: %v", s.lines.Err())
	return u
}

// Every tab hears what is done, what a model thinks and what is told, in order,
// and the advisor how many are labelled.
func TestEveryTabHearsWhatIsDone(t *testing.T) {
	c := serve(t, datatest.NewBursts(t, 3), Settings{Classes: []string{"kick"}, Keys: map[string]string{"h": "hat"}})
	s := events(t, c.server.URL+"/token/")
	if first := s.next(); first.Version != 0 || first.Stats.Hits != 0 {
		t.Errorf("the first event is %+v", first)
	}
	c.act(`{'do':'label','ids':['` + id(1) + `'],'class':'clap'}`)
	u := s.next()
	if u.Version != 1 || len(u.Items) != 1 || u.Items[0].Class != "clap" || u.Stats.Labelled != 1 || !reflect.DeepEqual(u.Focus, []string{id(1)}) ||
		!reflect.DeepEqual(u.Names.Classes(), []string{"kick", "hat", "clap"}) {
		t.Errorf("the act is told as %+v", u)
	}
	if n := <-c.page.Labelled(); n != 1 {
		t.Errorf("%d are labelled", n)
	}

	hits := c.page.Originals()[0]
	thinks := []advice.Suggestion{{"kick": 0.25, "rim": 0.75}, nil, {"hat": 1}}
	c.page.Learn(hits, thinks)
	u = s.next()
	if !reflect.DeepEqual(u.Names.Classes(), []string{"kick", "hat", "clap", "rim"}) || len(u.Items) != 2 || u.Items[0].ID != id(1) || u.Items[0].Class != "clap" ||
		!reflect.DeepEqual(u.Items[0].Guess, []int{250, 0, 0, 750}) || !reflect.DeepEqual(u.Items[1].Guess, []int{0, 1000, 0, 0}) {
		t.Errorf("what the model thinks is told as %+v", u)
	}
	c.page.Learn(hits, thinks)
	if u = s.next(); len(u.Items) != 0 {
		t.Errorf("the same again is told as %+v", u.Items)
	}
	c.page.Tell("Training on 3 labels.")
	if u = s.next(); u.Note != "Training on 3 labels." || u.Version != 4 {
		t.Errorf("a note is told as %+v", u)
	}
	if st := c.state(); st.Version != 4 || st.Items[0].Guess[3] != 750 || st.Items[1].Guess != nil || st.Who != "ada" {
		t.Errorf("the state is %+v", st)
	}
	var ids []string
	_, text := c.do("GET", "/token/order?unlike=hat", "") // which only the model calls so
	check(t, json.Unmarshal([]byte(text), &ids))
	if !reflect.DeepEqual(ids, []string{id(3)}) {
		t.Errorf("called hat are %v", ids)
	}
}

// A tab that does not keep up is let go, and only that.
func TestTabThatDoesNotKeepUp(t *testing.T) {
	all := newTabs()
	slow, quick := all.add(""), all.add("")
	for n := range backlog + 1 {
		all.send(update{Version: n + 1})
		<-quick
	}
	heard := 0
	for range slow { // ends, since it is closed
		heard++
	}
	if heard != backlog || len(all.open) != 1 || all.version != backlog+1 {
		t.Errorf("%d events of %d, %d tabs", heard, backlog, len(all.open))
	}
}

// The page ends with its context, whoever listens, and lets nobody in who has
// not the address.
func TestThePageEndsWithItsContext(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	guard := NewGuard(l.Addr().(*net.TCPAddr).Port)
	p := newPage(t, datatest.NewBursts(t, 1), Config{Guard: guard})
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- p.Serve(ctx, l) }()
	s := events(t, guard.URL())
	s.next()
	if other := NewGuard(80); other.Token == guard.Token || len(other.Token) < 20 {
		t.Errorf("two tokens are %q and %q", other.Token, guard.Token)
	}
	stop()
	select {
	case err := <-ended:
		check(t, err)
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
	for s.lines.Scan() { // ends, since the page has
		if s.lines.Text() != "" {
			t.Errorf("an event after the end: %s", s.lines.Text())
		}
	}
	if err := p.Serve(context.Background(), l); !errors.Is(err, net.ErrClosed) {
		t.Errorf("on a closed listener: %v", err)
	}
}

// Audio that cannot be read is said to be so; the page goes on.
func TestAudioThatIsGone(t *testing.T) {
	set := datatest.NewBursts(t, 3)
	c := serve(t, set, Settings{})
	const rec = "rec=0000000000000001&from=0&to="
	paths := []string{"audio?" + rec + "9999", "peaks?" + rec + "9999&n=10", "peaks?" + rec + "17000&n=10", "spectrogram?" + rec + "9999&w=9&h=9",
		"pitch?" + rec + "9999", "thumbs?ids=" + id(1), "order?like=" + id(1)}
	file := set.Path("audio", "0000000000000001.wav")
	whole, err := os.ReadFile(file)
	check(t, err)
	for _, cut := range []func() error{func() error { return truncated(file, whole) }, func() error { return os.Remove(file) }} {
		check(t, cut())
		for _, path := range paths {
			if status, text := c.do("GET", "/token/"+path, ""); status != 500 || !strings.Contains(text, `"error"`) {
				t.Errorf("%s: %d %q", path, status, text)
			}
		}
	}
	if _, err := set.Labels(); err != nil || len(c.items()) != 3 {
		t.Errorf("the page shows %d items, %v", len(c.items()), err)
	}
}

// truncated leaves a file only its head.
func truncated(file string, whole []byte) error { return os.WriteFile(file, whole[:200], 0o666) }

var _ advice.Audience = (*Page)(nil)
