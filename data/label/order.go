package label

import (
	"context"
	"math"
	"net/http"
	"slices"

	"prep/data"
)

// likeSide is the side of the pictures by which hits are compared: 3 ms by
// half an octave or so, coarse enough that a small shift does no harm.
const likeSide = 16

// serveOrder answers the IDs of all hits by likeness: like=ID puts those that
// sound most like that hit first; unlike=CLASS puts the hits of that name, be it
// the model's, that are least like their mean first.
func (p *Page) serveOrder(w http.ResponseWriter, r *http.Request) error {
	p.mu.Lock()
	items := slices.Concat(p.items...)
	classes := p.classes
	p.mu.Unlock()
	q := r.URL.Query()
	if class := q.Get("unlike"); class != "" {
		items = slices.DeleteFunc(items, func(it Item) bool { return it.Reject || it.name(classes) != class })
	}
	pictures, err := p.pictures(r.Context(), items)
	if err != nil {
		return err
	}
	to, sign := mean(pictures), -1.0
	if id := q.Get("like"); id != "" {
		i := slices.IndexFunc(items, func(it Item) bool { return it.ID == id })
		if i < 0 {
			return refuse(http.StatusNotFound, "no hit %q here", id)
		}
		to, sign = pictures[i], 1
	}
	return writeJSON(w, sorted(items, func(i int) float64 { return sign * distance(pictures[i], to) }))
}

// name returns an item's class, or else the model's favourite.
func (it Item) name(classes []string) string {
	if it.Class != "" || len(it.Guess) == 0 {
		return it.Class
	}
	best := 0
	for i, p := range it.Guess {
		if p > it.Guess[best] {
			best = i
		}
	}
	return classes[best]
}

// sorted returns the items' IDs by a key, smallest first.
func sorted(items []Item, key func(int) float64) []string {
	type keyed struct {
		id  string
		key float64
	}
	all := make([]keyed, len(items))
	for i, it := range items {
		all[i] = keyed{it.ID, key(i)}
	}
	slices.SortStableFunc(all, func(a, b keyed) int {
		switch {
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		return 0
	})
	ids := make([]string, len(all))
	for i, k := range all {
		ids[i] = k.id
	}
	return ids
}

// pictures returns a small spectrogram of each item, each less its mean. They
// are drawn once.
func (p *Page) pictures(ctx context.Context, items []Item) ([][]float32, error) {
	p.drawing.Lock()
	defer p.drawing.Unlock()
	at := func(it Item) data.Moment {
		return data.Moment{Recording: p.recordings[it.Recording].ID, Onset: it.Onset}
	}
	fresh := slices.DeleteFunc(slices.Clone(items), func(it Item) bool { return p.drawn[at(it)] != nil })
	grids, err := p.thumbs(ctx, fresh, likeSide, thumbFrame)
	if err != nil {
		return nil, err
	}
	for i, it := range fresh {
		p.drawn[at(it)] = grids[i]
	}
	all := make([][]float32, len(items))
	for i, it := range items {
		all[i] = lessMean(p.drawn[at(it)])
	}
	return all, nil
}

func lessMean(grid []byte) []float32 {
	sum := 0
	for _, b := range grid {
		sum += int(b)
	}
	mean := float32(sum) / float32(len(grid))
	x := make([]float32, len(grid))
	for i, b := range grid {
		x[i] = float32(b) - mean
	}
	return x
}

func mean(all [][]float32) []float32 {
	m := make([]float32, likeSide*likeSide)
	for _, x := range all {
		for i, v := range x {
			m[i] += v / float32(len(all))
		}
	}
	return m
}

func distance(a, b []float32) float64 {
	d := 0.0
	for i := range a {
		d += float64(a[i]-b[i]) * float64(a[i]-b[i])
	}
	return math.Sqrt(d)
}

// Ask asks the model about every hit, a recording at a time, and shows what it
// says as it comes. It does nothing without a model.
func (p *Page) Ask(ctx context.Context, suggest Suggest) error {
	for i := range p.recordings {
		p.mu.Lock()
		hits := slices.Clone(p.hits[i])
		p.mu.Unlock()
		if len(hits) == 0 {
			continue
		}
		s, err := suggest(ctx, hits)
		if err != nil {
			return err
		}
		p.learn(i, hits, s)
	}
	return nil
}

// Tell shows a line to whoever has the page open.
func (p *Page) Tell(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.publish(update{Note: text})
}

// learn takes in what the model says of a recording's hits.
func (p *Page) learn(recording int, hits []data.Hit, s []Suggestion) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, h := range hits {
		p.guesses[h.ID] = s[i]
	}
	p.addClassesOf(s)
	items, gone := p.refresh(recording)
	p.publish(update{Items: items, Gone: gone})
}

// addClassesOf offers the model's classes too.
func (p *Page) addClassesOf(s []Suggestion) {
	var more []string
	for _, x := range s {
		for c := range x {
			if !slices.Contains(p.classes, c) && !slices.Contains(more, c) {
				more = append(more, c)
			}
		}
	}
	slices.Sort(more)
	p.classes = append(slices.Clone(p.classes), more...)
}
