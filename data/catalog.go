package data

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Catalog finds recordings by whatever may name them.
type Catalog struct {
	recordings []Recording
	index      map[string]int   // of a recording's ID
	named      map[string][]int // recordings by what may name them
}

// NewCatalog returns the catalog of recordings, in their order.
func NewCatalog(recordings []Recording) Catalog {
	c := Catalog{recordings: recordings, index: map[string]int{}, named: map[string][]int{}}
	for i, r := range recordings {
		c.index[r.ID] = i
		for _, name := range namesOf(r) {
			c.named[name] = append(c.named[name], i)
		}
	}
	return c
}

// namesOf returns what a recording may be called, each once.
func namesOf(r Recording) []string {
	keys := []string{r.ID}
	for _, name := range append([]string{r.Name}, r.Aliases...) {
		for _, n := range []string{name, path.Base(name)} {
			keys = append(keys, n, strings.TrimSuffix(n, path.Ext(n)))
		}
	}
	for i, k := range keys {
		keys[i] = nameKey(k)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// nameKey returns a name as names are compared: composed (NFC), for a Mac
// writes "é" as two characters, and with forward slashes.
func nameKey(name string) string { return norm.NFC.String(strings.ReplaceAll(name, `\`, "/")) }

// Recordings returns the recordings, in the order of the set.
func (c Catalog) Recordings() []Recording { return c.recordings }

// Index returns the place of the recording with an ID among Recordings.
func (c Catalog) Index(id string) (i int, ok bool) {
	i, ok = c.index[id]
	return i, ok
}

// Recording returns the recording with an ID.
func (c Catalog) Recording(id string) (r Recording, ok bool) {
	i, ok := c.index[id]
	if ok {
		r = c.recordings[i]
	}
	return r, ok
}

// Find returns the recording that a file of another program is about: by its
// ID, its name or its aliases, with or without folders and extension. Longer
// paths are cut from the front until one is known. It fails where no recording
// has the name, and where several have it.
func (c Catalog) Find(name string) (Recording, error) {
	key := nameKey(name)
	for {
		for _, k := range []string{key, strings.TrimSuffix(key, path.Ext(key))} {
			switch found := c.named[k]; {
			case len(found) == 1:
				return c.recordings[found[0]], nil
			case len(found) > 1:
				return Recording{}, fmt.Errorf("%d recordings have this name; put it into their folder", len(found))
			}
		}
		_, rest, more := strings.Cut(key, "/")
		if !more {
			return Recording{}, errors.New("no recording here has this name")
		}
		key = rest
	}
}
