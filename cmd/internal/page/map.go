package page

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"prep/cmd/internal/advice"
	"prep/cmd/internal/desk"
	"prep/cmd/internal/sonagram"
	"prep/data"
)

// chart is all hits in two dimensions, for the map. X and Y are from 0 to chartSide; the other
// slices are parallel to IDs.
type chart struct {
	IDs    []string     `json:"ids"`
	X      []int        `json:"x"`
	Y      []int        `json:"y"`
	Group  []int        `json:"group"` // of those that sound alike
	Odd    []bool       `json:"odd"`   // unlike those that are called the same
	Groups []chartGroup `json:"groups"`
	Share  float64      `json:"share"` // of the differences that are to be seen
	Model  bool         `json:"model"` // laid out by what a model makes of them, not by how they sound
}

// chartGroup is a group of the chart, and the hit that is most like all of it.
type chartGroup struct {
	Size    int    `json:"size"`
	Typical string `json:"typical"`
}

// chartSide is the width and height of a chart, in its units.
const chartSide = 10000

// How many groups hits are dealt into, if nothing else is asked for, and at most.
const (
	groupsUsual = 8
	groupsMost  = 40
)

// planes keep how hits were last laid out, by how they sound and by a model: they are asked for again
// whenever names change.
type planes struct {
	mu     sync.Mutex
	places [2][]sonagram.Place
	plane  [2]*advice.Plane
}

// planeOf lays out items that are at places, by how they sound or by what the model makes of them.
func (p *Page) planeOf(ctx context.Context, items []desk.Item, at []sonagram.Place, model bool) (plane *advice.Plane, err error) {
	p.planes.mu.Lock()
	defer p.planes.mu.Unlock()
	k := 0
	if model {
		k = 1
	}
	if p.planes.plane[k] != nil && slices.Equal(p.planes.places[k], at) {
		return p.planes.plane[k], nil
	}
	if model {
		plane, err = p.planeOfModel(ctx, items, at)
	} else {
		plane, err = p.likeness.Plane(ctx, at)
	}
	if err == nil {
		p.planes.places[k], p.planes.plane[k] = at, plane
	}
	return plane, err
}

func (p *Page) planeOfModel(ctx context.Context, items []desk.Item, at []sonagram.Place) (*advice.Plane, error) {
	if p.config.Embed == nil {
		return nil, refuse(http.StatusNotFound, "the set has no model of its own; `prep train` makes one")
	}
	hits := make([]data.Hit, len(items))
	for i, it := range items {
		hits[i] = data.Hit{ID: it.ID, Recording: at[i].Recording, Start: it.Start, Onset: it.Onset, End: it.End, Offset: it.End}
	}
	vectors, err := p.config.Embed(ctx, hits)
	if err == nil && len(vectors) < len(hits) {
		err = refuse(http.StatusConflict, "the model can look at none of these hits")
	}
	if err != nil {
		return nil, err
	}
	return advice.NewPlane(vectors), nil
}

// serveMap answers the chart of all hits that nobody has rejected; groups is how many groups, by=model
// has the model lay them out.
func (p *Page) serveMap(w http.ResponseWriter, r *http.Request) error {
	k := groupsUsual
	if text := r.URL.Query().Get("groups"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > groupsMost {
			return refuse(http.StatusBadRequest, "groups=%s: must be a number from 1 to %d", text, groupsMost)
		}
		k = n
	}
	items, at := p.itemsKept()
	model := r.URL.Query().Get("by") == "model"
	plane, err := p.planeOf(r.Context(), items, at, model)
	if err != nil {
		return err
	}
	c := chartOf(plane, items, k)
	c.Model = model
	return writeJSON(w, c)
}

// itemsKept returns the items that nobody has rejected, and their places.
func (p *Page) itemsKept() ([]desk.Item, []sonagram.Place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	items := slices.DeleteFunc(slices.Concat(p.desk.Items()...), func(it desk.Item) bool { return it.Reject })
	return items, places(p.desk, items)
}

// chartOf draws up the chart of items that lie in a plane, in at most k groups. Those without a
// name are odd among their group.
func chartOf(plane *advice.Plane, items []desk.Item, k int) chart {
	of, groups := plane.Groups(k)
	c := chart{IDs: make([]string, len(items)), X: make([]int, len(items)), Y: make([]int, len(items)),
		Group: of, Groups: make([]chartGroup, len(groups)), Share: plane.Share}
	called := make([]string, len(items))
	for i, it := range items {
		c.IDs[i], c.X[i], c.Y[i] = it.ID, int(chartSide*plane.X[i]), int(chartSide*plane.Y[i])
		called[i] = cmp.Or(it.Class, "\x00"+strconv.Itoa(of[i]))
	}
	c.Odd = plane.Odd(called)
	for g, group := range groups {
		c.Groups[g] = chartGroup{group.Size, items[group.Typical].ID}
	}
	return c
}
