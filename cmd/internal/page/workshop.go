package page

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"prep/cmd/internal/desk"
	"prep/data"
)

// Workshop is what stands behind the page beside its desk: where recordings are made and
// taken in, and where a model listens. It is safe for concurrent use.
type Workshop interface {
	// Record begins a take, or goes on with one of the same ID.
	Record(Take) (Recorder, error)
	// Keep keeps a file that was dropped on the page, under its name, until it is taken in.
	Keep(name, person string, changed time.Time, content io.Reader) error
	// TakeIn brings what was recorded and kept into the set, finds its hits and renews the page.
	TakeIn(context.Context) (Taken, error)
	// Listen names the hits of samples, little-endian float32, as they come. It ends with them.
	Listen(rate data.Rate, samples io.Reader, heard func(Heard) error) error
	// Sit renews the page with the desk of whoever labels from now on, as a second labeller or
	// not.
	Sit(who string, second bool) error
}

// Take is a recording that is made on the page.
type Take struct {
	ID     string    `json:"id"` // the browser's own name of it
	Person string    `json:"person"`
	Sound  string    `json:"sound"` // the class of all its hits; "" where they have several
	Device string    `json:"device"`
	Rate   data.Rate `json:"rate"`
}

// Recorder keeps the samples of a take.
type Recorder interface {
	// Have returns how many samples are kept.
	Have() int
	// Append keeps more samples, little-endian float32.
	Append(raw []byte) error
	// Close ends the take as it is now. It can be gone on with later.
	Close() error
}

// Taken is what came of taking in recordings.
type Taken struct {
	Recordings int      `json:"recordings"` // that are new
	Found      int      `json:"found"`      // hits in them
	Named      int      `json:"named"`      // of those, by the sound that their take was of
	Notes      []string `json:"notes"`
}

// Heard is a hit that was named as it came. Times are seconds from the first sample.
type Heard struct {
	Onset       float64 `json:"onset"`
	End         float64 `json:"end"` // of the window that was listened to
	Class       string  `json:"class"`
	Probability float32 `json:"probability"`
	Unsure      bool    `json:"unsure"`
	Level       float64 `json:"level"` // dB re full scale
}

// Knowledge is what a model of a person's own sounds is worth, by hits that it had not
// learned from.
type Knowledge struct {
	Person   string     `json:"person"`
	Sounds   []string   `json:"sounds"`
	Hits     int        `json:"hits"` // that it learned from
	Accuracy float64    `json:"accuracy"`
	CI       [2]float64 `json:"ci"`
	ByTake   bool       `json:"by_take"` // whole takes were left out, rather than single hits
	Alike    []Alike    `json:"alike"`
}

// Alike are two sounds, of whose hits Mistaken were called the other.
type Alike struct {
	A        string `json:"a"`
	B        string `json:"b"`
	Mistaken int    `json:"mistaken"`
	Hits     int    `json:"hits"`
}

// Know shows what a person's model is worth.
func (p *Page) Know(k Knowledge) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.knowledge = &k
	p.publish(update{Knowledge: &k})
}

// Known returns what was last shown of a person's model.
func (p *Page) Known() Knowledge {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.knowledge == nil {
		return Knowledge{}
	}
	return *p.knowledge
}

// Renew replaces the page's desk by one that sees what stages have made meanwhile: fn runs
// them. No act is done until it returns, and every tab loads the page's state anew.
func (p *Page) Renew(fn func() (*desk.Desk, error)) error {
	p.acting.Lock()
	defer p.acting.Unlock()
	d, err := fn()
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.desk = d
	p.offerAll()
	p.publish(update{Reload: true})
	return nil
}

// maxFile bounds a file that is dropped on the page: an hour of a studio's recording.
const maxFile = 2 << 30

// serveFile keeps a file: name, person, and changed, its time in milliseconds.
func (p *Page) serveFile(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	changed := time.Time{}
	if ms, err := strconv.ParseInt(q.Get("changed"), 10, 64); err == nil {
		changed = time.UnixMilli(ms)
	}
	content := longer{http.MaxBytesReader(w, r.Body, maxFile), http.NewResponseController(w)}
	err := p.config.Workshop.Keep(q.Get("name"), q.Get("person"), changed, content)
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return refuse(http.StatusRequestEntityTooLarge, "%s: larger than the %d GiB that the page takes; `prep ingest` takes it", q.Get("name"), maxFile>>30)
	}
	if err != nil {
		return err
	}
	return writeJSON(w, struct{}{})
}

func (p *Page) serveTakeIn(w http.ResponseWriter, r *http.Request) error {
	taken, err := p.config.Workshop.TakeIn(context.WithoutCancel(r.Context()))
	if err != nil {
		return err
	}
	return writeJSON(w, taken)
}
