package page

import (
	"context"
	"embed"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"sync"
	"time"

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
	// Embed returns what the set's own model makes of hits, a row each, all of one length; nil while
	// there is no model.
	Embed func(context.Context, []data.Hit) ([][]float32, error)
}

// Page is the labelling page of a set: an http.Handler. It is safe for
// concurrent use. The desk is the page's alone from New on.
type Page struct {
	set      *data.Set
	config   Config
	sounds   sounds
	likeness *advice.Likeness
	tabs     *tabs
	planes   planes
	crowd    crowd

	acting   sync.Mutex // held while something is said or stages run; taken before mu
	mu       sync.Mutex
	desk     *desk.Desk
	guesses  advice.Guesses
	pace     advice.Pace
	labelled chan int

	knowledge *Knowledge // of the person's model; nil while there is none
}

// New returns the page of a set that is open for writing, over its desk.
func New(set *data.Set, d *desk.Desk, c Config) *Page {
	p := &Page{set: set, config: c, likeness: advice.NewLikeness(set), tabs: newTabs(), desk: d,
		guesses: advice.Guesses{}, labelled: make(chan int, 1)}
	p.sounds = newSounds(set, p.recording)
	p.offerAll()
	return p
}

// ServeHTTP answers requests below /<token>/, from the page itself only.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.crowd.serve(w, r, p.answer) }

func (p *Page) answer(w http.ResponseWriter, r *http.Request) {
	p.config.headers(w.Header())
	rest, ok := p.config.admit(r)
	if !ok {
		http.NewResponseController(w).SetReadDeadline(time.Now().Add(strangers))
		http.Error(w, "refused: open the address that `prep label` printed, with its token, on this machine", http.StatusForbidden)
		return
	}
	p.crowd.set(r.Context(), welcome)
	routes := map[string]func(http.ResponseWriter, *http.Request) error{
		"GET state": p.serveState, "GET events": p.serveEvents, "POST act": p.serveAct, "GET order": p.serveOrder,
		"GET thumbs": p.serveThumbs, "GET audio": p.sounds.serveAudio, "GET peaks": p.sounds.servePeaks,
		"GET spectrogram": p.sounds.serveSpectrogram, "GET pitch": p.sounds.servePitch,
		"GET stream": p.serveStream, "POST file": p.serveFile, "POST takein": p.serveTakeIn, "POST names": p.serveNames,
		"GET map": p.serveMap, "POST seat": p.serveSeat, "GET agreement": p.serveAgreement,
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
	all, classes := make([]item, len(items)), p.desk.Names().Classes()
	for i, it := range items {
		all[i] = item{it, p.opinions().Of(it.ID, classes)}
	}
	return all
}

// state is all that the page needs to begin.
type state struct {
	Version    int          `json:"version"`
	Set        string       `json:"set"`
	Who        string       `json:"who"`
	Seat       string       `json:"seat"`
	Second     bool         `json:"second"` // who labels sees nothing of what others say
	Names      desk.Names   `json:"names"`
	Recordings []recording  `json:"recordings"`
	Items      []item       `json:"items"`
	Stats      advice.Stats `json:"stats"`
	First      string       `json:"first,omitempty"`
	Embeds     bool         `json:"embeds"` // a model can lay out the map
	Knowledge  *Knowledge   `json:"knowledge,omitempty"`
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
	s := state{Version: p.tabs.version, Set: path.Base(p.set.Path()), Who: p.desk.Who(), Seat: p.desk.Seat(), Second: p.desk.Second(), Names: p.desk.Names(),
		Items: p.withGuesses(slices.Concat(p.desk.Items()...)), Stats: p.stats(), First: p.config.First, Embeds: p.config.Embed != nil, Knowledge: p.knowledge}
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

// offer offers the classes that are configured, and more, behind those that the set has already.
func (p *Page) offer(more []string) {
	more = slices.Sorted(maps.Keys(setOf(more)))
	if err := p.desk.Offer(slices.Concat(p.config.Classes, more), p.config.Keys); err != nil {
		p.tabs.send(update{Version: p.tabs.version, Note: "The names are not kept: " + err.Error()})
	}
	p.config.Keys = nil // asked for once: what a person changes later stands
}

// offerAll offers the classes of all items.
func (p *Page) offerAll() {
	var classes []string
	for _, items := range p.desk.Items() {
		classes = append(classes, classesOf(items)...)
	}
	p.offer(classes)
}

// classesOf returns the classes that items bear, each once.
func classesOf(items []desk.Item) []string {
	classes := map[string]bool{}
	for _, it := range items {
		classes[it.Class] = true
	}
	return slices.Collect(maps.Keys(classes))
}

func setOf(names []string) map[string]bool {
	set := map[string]bool{}
	for _, n := range names {
		set[n] = true
	}
	return set
}
