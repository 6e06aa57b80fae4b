package page

import (
	"net/http"
	"slices"
	"strings"

	"prep/cmd/internal/desk"
	"prep/cmd/internal/sonagram"
)

// serveOrder answers the IDs of all hits by likeness: like=ID puts those that
// sound most like that hit first; unlike=CLASS puts the hits of that name, be it
// the model's, that are least like their mean first.
func (p *Page) serveOrder(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	items, places := p.itemsCalled(q.Get("unlike"))
	var indices []int
	var err error
	if id := q.Get("like"); id != "" {
		i := slices.IndexFunc(items, func(it desk.Item) bool { return it.ID == id })
		if i < 0 {
			return refuse(http.StatusNotFound, "no hit %q here", id)
		}
		indices, err = p.likeness.MostLike(r.Context(), places, i)
	} else {
		indices, err = p.likeness.LeastLike(r.Context(), places)
	}
	if err != nil {
		return err
	}
	ids := make([]string, len(indices))
	for i, k := range indices {
		ids[i] = items[k].ID
	}
	return writeJSON(w, ids)
}

// itemsCalled returns the items that have a name, or else that the model gives
// it, and all where the name is "", with their places.
func (p *Page) itemsCalled(class string) ([]desk.Item, []sonagram.Place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	items, classes := slices.Concat(p.desk.Items()...), p.desk.Names().Classes()
	if class == "" {
		return items, places(p.desk, items)
	}
	items = slices.DeleteFunc(items, func(it desk.Item) bool {
		name := it.Class
		if name == "" {
			name = p.opinions().Favourite(it.ID, classes)
		}
		return it.Reject || name != class
	})
	return items, places(p.desk, items)
}

// places returns where items of a desk are to be heard and seen.
func places(d *desk.Desk, items []desk.Item) []sonagram.Place {
	recordings := d.Recordings()
	places := make([]sonagram.Place, len(items))
	for i, it := range items {
		r := recordings[it.Recording]
		from, to := it.Extent(r.Rate)
		places[i] = sonagram.Place{Recording: r.ID, Span: sonagram.Span{From: from, To: to}}
	}
	return places
}

// maxThumbs bounds one answer.
const maxThumbs = 500

// thumbSide is the width and height of a thumbnail.
const thumbSide = 40

// thumbShape is the shape of thumbnails.
var thumbShape = sonagram.Config{Rows: thumbSide, Window: 512, FFT: 1024}

// serveThumbs answers thumbSide x thumbSide bytes for each of the hits in ids.
func (p *Page) serveThumbs(w http.ResponseWriter, r *http.Request) error {
	ids := strings.Split(r.URL.Query().Get("ids"), ",")
	if len(ids) > maxThumbs {
		return refuse(http.StatusBadRequest, "%d thumbnails are more than the %d of one answer", len(ids), maxThumbs)
	}
	p.mu.Lock()
	items, err := p.desk.Named(ids)
	at := places(p.desk, items)
	p.mu.Unlock()
	if err != nil {
		return err
	}
	all, err := thumbShape.Thumbnails(r.Context(), p.set, at)
	w.Header().Set("Content-Type", "application/octet-stream")
	for _, t := range all {
		w.Write(t)
	}
	return err
}
