package label

import (
	"crypto/subtle"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"prep/data"
)

//go:embed page
var assets embed.FS

// maxBody bounds a request: 100,000 hits named at once.
const maxBody = 4 << 20

// ServeHTTP answers requests below /<token>/, from the page itself only.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	rest, ok := p.admit(r)
	if !ok {
		http.Error(w, "refused: open the address that `prep label` printed, with its token, on this machine", http.StatusForbidden)
		return
	}
	routes := map[string]func(http.ResponseWriter, *http.Request) error{
		"GET state": p.serveState, "GET events": p.serveEvents, "POST act": p.serveAct, "GET order": p.serveOrder,
		"GET audio": p.serveAudio, "GET peaks": p.servePeaks, "GET spectrogram": p.serveSpectrogram,
		"GET thumbs": p.serveThumbs, "GET pitch": p.servePitch,
	}
	route, ok := routes[r.Method+" "+rest]
	if !ok {
		p.serveAsset(w, r, rest)
		return
	}
	if err := route(w, r); err != nil {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(statusOf(err))
		json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
	}
}

// admit returns the path below the token of a request that comes from the
// page: to a host and from an origin of ours, and with the token. A page of
// another site can make a browser send requests here, and can point a name of
// its own at this address; it knows neither token nor host.
func (p *Page) admit(r *http.Request) (rest string, ok bool) {
	if !slices.Contains(p.config.Hosts, r.Host) {
		return "", false
	}
	origin := r.Header.Get("Origin")
	if origin != "" && origin != "http://"+r.Host || origin == "" && r.Method != http.MethodGet {
		return "", false
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return "", false
	}
	token, rest, found := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return rest, found && sameToken(token, p.config.Token)
}

// sameToken compares in constant time. No token is like no other.
func sameToken(a, b string) bool {
	return b != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// serveAsset serves the embedded page.
func (p *Page) serveAsset(w http.ResponseWriter, r *http.Request, name string) {
	if name == "" {
		name = "index.html"
	}
	text, err := fs.ReadFile(assets, path.Join("page", name))
	if err != nil || r.Method != http.MethodGet {
		http.Error(w, "nothing here", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	w.Write(text)
}

// state is all that the page needs to begin.
type state struct {
	Version    int               `json:"version"`
	Set        string            `json:"set"`
	Who        string            `json:"who"`
	Classes    []string          `json:"classes"`
	Keys       map[string]string `json:"keys"`
	Recordings []recording       `json:"recordings"`
	Items      []Item            `json:"items"`
	Stats      Stats             `json:"stats"`
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
	s := state{Version: p.version, Set: path.Base(p.set.Path()), Who: p.config.Who, Classes: p.classes,
		Keys: p.config.Keys, Items: slices.Concat(p.items...), Stats: p.stats()}
	p.mu.Unlock()
	for _, r := range p.recordings {
		s.Recordings = append(s.Recordings, recording{r.ID, r.Name, r.Group, r.Rate, r.Samples})
	}
	return writeJSON(w, s)
}

func writeJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(v)
}

func (p *Page) serveAct(w http.ResponseWriter, r *http.Request) error {
	var q request
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil {
		return refuse(http.StatusBadRequest, "not a request: %v", err)
	}
	u, err := p.act(q)
	if err != nil {
		return err
	}
	return writeJSON(w, u)
}

// update is what an action changed: the answer to who did it, and an event for
// every other tab.
type update struct {
	Version int      `json:"version"`
	Items   []Item   `json:"items"`
	Gone    []string `json:"gone"`
	Classes []string `json:"classes"`
	Focus   []string `json:"focus"` // the hits that it was about
	Stats   Stats    `json:"stats"`
	Note    string   `json:"note,omitempty"`
}

// publish numbers an update and hands it to the tabs. One that does not keep up
// is let go; it connects again and reads the state anew.
func (p *Page) publish(u update) update {
	p.version++
	p.classes = p.allClasses()
	u.Version, u.Classes, u.Stats = p.version, p.classes, p.stats()
	text, err := json.Marshal(u)
	if err != nil {
		panic(err) // plain fields only
	}
	for l := range p.listeners {
		select {
		case l <- text:
		default:
			delete(p.listeners, l)
			close(l)
		}
	}
	return u
}

// backlog is how many events may wait for a tab.
const backlog = 64

// serveEvents sends updates as server-sent events, the first one telling the
// version in force:
// https://html.spec.whatwg.org/multipage/server-sent-events.html
func (p *Page) serveEvents(w http.ResponseWriter, r *http.Request) error {
	events := make(chan []byte, backlog)
	p.mu.Lock()
	p.listeners[events] = true
	version := p.version
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.listeners, events)
		p.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	fmt.Fprintf(w, "data: {\"version\":%d}\n\n", version)
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
