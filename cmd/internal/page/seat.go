package page

import (
	"encoding/json"
	"net/http"

	"prep/cmd/internal/advice"
	"prep/cmd/internal/desk"
	"prep/data"
)

// opinions returns what the model thinks of hits. A second labeller is told nothing: the model has
// learned from what the first said.
func (p *Page) opinions() advice.Guesses {
	if p.desk.Second() {
		return advice.Guesses{}
	}
	return p.guesses
}

// serveSeat takes who is to label from now on.
func (p *Page) serveSeat(w http.ResponseWriter, r *http.Request) error {
	var s struct {
		Who    string `json:"who"`
		Second bool   `json:"second"`
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return refuse(http.StatusBadRequest, "not a request: %v", err)
	}
	who, err := data.Name(s.Who)
	if err != nil {
		return refuse(http.StatusBadRequest, "who labels? %v", err)
	}
	if err := p.config.Workshop.Sit(who, s.Second); err != nil {
		return err
	}
	return writeJSON(w, struct{}{})
}

// accord is who has labelled and, where two are asked about, how far they agree.
type accord struct {
	Labellers []desk.Labeller `json:"labellers"`
	Agreement *desk.Agreement `json:"agreement,omitempty"`
	// Withheld says that who labels now is told figures only, and not where they differ from the
	// other.
	Withheld bool `json:"withheld,omitempty"`
}

// serveAgreement answers who has labelled; with a and b, how far these two agree.
func (p *Page) serveAgreement(w http.ResponseWriter, r *http.Request) error {
	var c accord
	var err error
	if c.Labellers, err = desk.Labellers(p.set); err != nil {
		return err
	}
	if a, b := r.URL.Query().Get("a"), r.URL.Query().Get("b"); a != "" && b != "" {
		g, err := desk.Agree(p.set, a, b)
		if err != nil {
			return err
		}
		if c.Withheld = p.isSecond(); c.Withheld {
			g.Differ, g.Where = []desk.Differ{}, []desk.Where{}
		}
		c.Agreement = &g
	}
	return writeJSON(w, c)
}

func (p *Page) isSecond() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.desk.Second()
}
