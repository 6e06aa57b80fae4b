package desk

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"prep/data"
)

// catalog is the recordings of a set and what may name them.
type catalog struct {
	recordings []data.Recording
	index      map[string]int   // of a recording's ID
	named      map[string][]int // recordings by what may name them
}

func newCatalog(recordings []data.Recording) catalog {
	c := catalog{recordings: recordings, index: map[string]int{}, named: map[string][]int{}}
	for i, r := range recordings {
		c.index[r.ID] = i
		for _, name := range namesOf(r) {
			c.named[name] = append(c.named[name], i)
		}
	}
	return c
}

// namesOf returns what a recording may be called, each once.
func namesOf(r data.Recording) []string {
	keys := []string{r.ID}
	for _, name := range append([]string{r.Name}, r.Aliases...) {
		for _, n := range []string{name, path.Base(name)} {
			keys = append(keys, n, strings.TrimSuffix(n, path.Ext(n)))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Recordings returns the recordings, in the order of the set. They do not
// change while the desk is in use.
func (c catalog) Recordings() []data.Recording { return c.recordings }

// Recording returns the recording with an ID.
func (c catalog) Recording(id string) (r data.Recording, ok bool) {
	i, ok := c.index[id]
	if ok {
		r = c.recordings[i]
	}
	return r, ok
}

// find returns the recording that a file of another program is about: by its
// ID, its name or its aliases, with or without folders and extension.
func (c catalog) find(name string) (data.Recording, error) {
	for _, key := range []string{name, path.Base(name)} {
		switch found := c.named[key]; {
		case len(found) == 1:
			return c.recordings[found[0]], nil
		case len(found) > 1:
			return data.Recording{}, fmt.Errorf("%d recordings have this name; put it into their folder", len(found))
		}
	}
	return data.Recording{}, errors.New("no recording here has this name")
}
