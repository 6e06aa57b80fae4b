package page

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"prep/cmd/internal/advice"
	"prep/cmd/internal/desk"
	"prep/data"
)

// update is what changed: the answer to who did it, and an event for every
// other tab.
type update struct {
	Version int          `json:"version"`
	Items   []item       `json:"items"`
	Gone    []string     `json:"gone"`
	Names   desk.Names   `json:"names"`
	Focus   []string     `json:"focus"`           // the hits that it was about
	Undid   string       `json:"undid,omitempty"` // the act that was taken back
	Stats   advice.Stats `json:"stats"`
	Note    string       `json:"note,omitempty"`
	Reload  bool         `json:"reload,omitempty"` // everything is to be loaded again
	// Knowledge is what a person's model is worth, where that is new.
	Knowledge *Knowledge `json:"knowledge,omitempty"`
}

// maxBody bounds a request: 100,000 hits named at once.
const maxBody = 4 << 20

func (p *Page) serveAct(w http.ResponseWriter, r *http.Request) error {
	var a desk.Act
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		return refuse(http.StatusBadRequest, "not a request: %v", err)
	}
	u, err := p.act(a)
	if err != nil {
		return err
	}
	return writeJSON(w, u)
}

// act does what is asked, shows it to every tab and returns what changed.
func (p *Page) act(a desk.Act) (update, error) {
	p.acting.Lock()
	defer p.acting.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	a.Others = p.tabs.others(a.ID)
	c, err := p.desk.Do(a)
	if err != nil {
		return update{}, err
	}
	p.pace.Add(c.Labelled)
	p.offer(classesOf(c.Items))
	return p.publish(update{Items: p.withGuesses(c.Items), Gone: c.Gone, Focus: c.Focus, Undid: c.Undid}), nil
}

// Originals returns the hits that a model may be asked about, by recording.
func (p *Page) Originals() [][]data.Hit {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.desk.Originals()
}

// Learn shows what a model thinks of hits, and offers its classes too.
func (p *Page) Learn(hits []data.Hit, s []advice.Suggestion) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var u update
	var more []string
	for _, x := range s {
		for c := range x {
			more = append(more, c)
		}
	}
	p.offer(more)
	if changed := p.guesses.Learn(hits, s); len(changed) > 0 {
		items, _ := p.desk.Named(changed) // every hit has an item
		u.Items = p.withGuesses(items)
	}
	p.publish(u)
}

// Tell shows a line to whoever has the page open.
func (p *Page) Tell(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.publish(update{Note: text})
}

// Labelled yields how many hits are labelled, the latest number only, whenever
// that may have changed. It is for one reader.
func (p *Page) Labelled() <-chan int { return p.labelled }

// publish completes an update, hands it to the tabs, and returns it. The
// caller holds the lock.
func (p *Page) publish(u update) update {
	u.Version, u.Names, u.Stats = p.tabs.version+1, p.desk.Names(), p.stats()
	p.tabs.send(u)
	if p.desk.Second() {
		return u // nothing is learned from a second opinion
	}
	select {
	case <-p.labelled: // nobody has read the last one
	default:
	}
	p.labelled <- u.Stats.Labelled
	return u
}

// tabs are those who have the page open.
type tabs struct {
	version int                    // of what was sent last
	open    map[chan []byte]string // by the names that they give themselves
}

func newTabs() *tabs { return &tabs{open: map[chan []byte]string{}} }

// others returns the names of the tabs that are open, other than that which asks for an act: undo
// takes back one's own, and what nobody at an open tab has done.
func (t *tabs) others(act string) map[string]bool {
	others := map[string]bool{}
	for _, name := range t.open {
		if name != "" && !strings.HasPrefix(act, name+"/") {
			others[name] = true
		}
	}
	return others
}

// backlog is how many events may wait for a tab.
const backlog = 64

func (t *tabs) add(name string) chan []byte {
	events := make(chan []byte, backlog)
	t.open[events] = name
	return events
}

// send hands an update to the tabs. One that does not keep up is let go; it
// connects again and reads the state anew.
func (t *tabs) send(u update) {
	t.version = u.Version
	text, err := json.Marshal(u)
	if err != nil {
		panic(err) // plain fields only
	}
	for events := range t.open {
		select {
		case events <- text:
		default:
			delete(t.open, events)
			close(events)
		}
	}
}

// serveEvents sends updates as server-sent events, the first one telling the
// version in force:
// https://html.spec.whatwg.org/multipage/server-sent-events.html
func (p *Page) serveEvents(w http.ResponseWriter, r *http.Request) error {
	p.mu.Lock()
	events, version := p.tabs.add(r.URL.Query().Get("tab")), p.tabs.version
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.tabs.open, events)
		p.mu.Unlock()
	}()
	p.crowd.set(r.Context(), listening)
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	fmt.Fprintf(w, "retry: 500\ndata: {\"version\":%d}\n\n", version) // ms until a tab asks again
	for flush.Flush() == nil {
		select {
		case text, ok := <-events:
			if !ok {
				return nil
			}
			fmt.Fprintf(w, "data: %s\n\n", text)
		case <-r.Context().Done():
			return nil
		}
	}
	return nil
}
