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

// planes keeps how hits were last laid out: it is asked for again whenever names change.
type planes struct {
	mu     sync.Mutex
	places []sonagram.Place
	plane  *advice.Plane
}

func (p *planes) of(ctx context.Context, l *advice.Likeness, places []sonagram.Place) (*advice.Plane, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.plane != nil && slices.Equal(p.places, places) {
		return p.plane, nil
	}
	plane, err := l.Plane(ctx, places)
	if err == nil {
		p.places, p.plane = places, plane
	}
	return plane, err
}

// serveMap answers the chart of all hits that nobody has rejected; groups is how many groups.
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
	plane, err := p.planes.of(r.Context(), p.likeness, at)
	if err != nil {
		return err
	}
	return writeJSON(w, chartOf(plane, items, k))
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
