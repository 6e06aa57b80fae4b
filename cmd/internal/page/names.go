package page

import (
	"encoding/json"
	"fmt"
	"net/http"

	"prep/cmd/internal/desk"
)

// naming is what changes the classes of a set: all of them as they are to be, and what hits
// that bear a name are to be called.
type naming struct {
	ID      string            `json:"id"`
	Names   desk.Names        `json:"names"`
	Renamed map[string]string `json:"renamed"`
}

func (p *Page) serveNames(w http.ResponseWriter, r *http.Request) error {
	var n naming
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&n); err != nil {
		return refuse(http.StatusBadRequest, "not a request: %v", err)
	}
	p.acting.Lock()
	defer p.acting.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	c, err := p.desk.Rename(n.ID, n.Names, n.Renamed)
	if err != nil {
		return err
	}
	u := update{Reload: true, Focus: c.Focus} // guesses follow the order of the names
	if a, b, are := p.desk.Names().Twins(); are {
		u.Note = fmt.Sprintf("%s and %s look like one sound: rename one of them to the other to make them one.", a, b)
	}
	return writeJSON(w, p.publish(u))
}
