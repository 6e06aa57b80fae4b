package page

import (
	"embed"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"sync"

	"prep/cmd/internal/advice"
	"prep/cmd/internal/desk"
	"prep/data"
)

//go:embed assets
var assets embed.FS

// Config is what is offered, who may ask, and what stands behind the page.
type Config struct {
	Settings
	Guard
	Workshop Workshop
	First    string // the view that the page opens with: "start", or "" for the queue
}

// Page is the labelling page of a set: an http.Handler. It is safe for
// concurrent use. The desk is the page's alone from New on.
type Page struct {
	set      *data.Set
	config   Config
	sounds   sounds
	likeness *advice.Likeness
	tabs     *tabs

	acting   sync.Mutex // held while something is said or stages run; taken before mu
	mu       sync.Mutex
	desk     *desk.Desk
	classes  []string
	guesses  advice.Guesses
	pace     advice.Pace
	labelled chan int

	knowledge *Knowledge // of the person's model; nil while there is none
}

// New returns the page of a set that is open for writing, over its desk.
func New(set *data.Set, d *desk.Desk, c Config) *Page {
	p := &Page{set: set, config: c, likeness: advice.NewLikeness(set), tabs: newTabs(), desk: d,
		classes: slices.Clone(c.Classes), guesses: advice.Guesses{}, labelled: make(chan int, 1)}
	p.sounds = newSounds(set, p.recording)
	p.offer()
	return p
}

// ServeHTTP answers requests below /<token>/, from the page itself only.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.config.headers(w.Header())
	rest, ok := p.config.admit(r)
	if !ok {
		http.Error(w, "refused: open the address that `prep label` printed, with its token, on this machine", http.StatusForbidden)
		return
	}
	routes := map[string]func(http.ResponseWriter, *http.Request) error{
		"GET state": p.serveState, "GET events": p.serveEvents, "POST act": p.serveAct, "GET order": p.serveOrder,
		"GET thumbs": p.serveThumbs, "GET audio": p.sounds.serveAudio, "GET peaks": p.sounds.servePeaks,
		"GET spectrogram": p.sounds.serveSpectrogram, "GET pitch": p.sounds.servePitch,
		"GET stream": p.serveStream, "POST file": p.serveFile, "POST takein": p.serveTakeIn,
	}
	route, ok := routes[r.Method+" "+rest]
	if !ok {
		serveAsset(w, r, rest)
		return
	}
	if err := route(w, r); err != nil {
		writeError(w, err)
	}
}

// serveAsset serves the embedded page.
func serveAsset(w http.ResponseWriter, r *http.Request, name string) {
	if name == "" {
		name = "index.html"
	}
	text, err := fs.ReadFile(assets, path.Join("assets", name))
	if err != nil || r.Method != http.MethodGet {
		http.Error(w, "nothing here", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	w.Write(text)
}

// item is a hit with what the model thinks of it.
type item struct {
	desk.Item
	// Guess is the model's probability of each class, in thousandths, in the
	// order of the page's classes.
	Guess []int `json:"guess,omitempty"`
}

// withGuesses returns items with what the model thinks of them.
func (p *Page) withGuesses(items []desk.Item) []item {
	all := make([]item, len(items))
	for i, it := range items {
		all[i] = item{it, p.guesses.Of(it.ID, p.classes)}
	}
	return all
}

// state is all that the page needs to begin.
type state struct {
	Version    int               `json:"version"`
	Set        string            `json:"set"`
	Who        string            `json:"who"`
	Classes    []string          `json:"classes"`
	Keys       map[string]string `json:"keys"`
	Recordings []recording       `json:"recordings"`
	Items      []item            `json:"items"`
	Stats      advice.Stats      `json:"stats"`
	First      string            `json:"first,omitempty"`
	Knowledge  *Knowledge        `json:"knowledge,omitempty"`
}

type recording struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Group   string    `json:"group"`
	Rate    data.Rate `json:"rate"`
	Samples int       `json:"samples"`
}

func (p *Page) serveState(w http.ResponseWriter, _ *http.Request) error {
	p.mu.Lock()
	s := state{Version: p.tabs.version, Set: path.Base(p.set.Path()), Who: p.desk.Who(), Classes: p.classes,
		Keys: p.config.Keys, Items: p.withGuesses(slices.Concat(p.desk.Items()...)), Stats: p.stats(), First: p.config.First, Knowledge: p.knowledge}
	for _, r := range p.desk.Recordings() {
		s.Recordings = append(s.Recordings, recording{r.ID, r.Name, r.Group, r.Rate, r.Samples})
	}
	p.mu.Unlock()
	return writeJSON(w, s)
}

// recording reports whether a recording is one of the set.
func (p *Page) recording(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, ok := p.desk.Recording(id)
	return ok
}

// Stats returns how far the labelling is now.
func (p *Page) Stats() advice.Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stats()
}

func (p *Page) stats() advice.Stats { return advice.Count(p.desk, &p.pace) }

// offer offers the classes of the keys and of the items, behind those that are
// offered already. A class keeps its place in a session.
func (p *Page) offer() {
	var more []string
	for _, c := range p.config.Keys {
		more = append(more, c)
	}
	for _, items := range p.desk.Items() {
		for _, it := range items {
			more = append(more, it.Class)
		}
	}
	p.classes = withNew(p.classes, more)
}

// withNew returns classes and, behind them by name, those of more that are new.
func withNew(classes, more []string) []string {
	fresh := map[string]bool{}
	for _, c := range more {
		if c != "" && !fresh[c] && !slices.Contains(classes, c) {
			fresh[c] = true
		}
	}
	return slices.Concat(classes, slices.Sorted(maps.Keys(fresh)))
}
