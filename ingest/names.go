package ingest

import (
	"slices"
	"strings"

	"prep/data"
)

// Names: every name is that of one content only.

// naming gives every name to one content only.
type naming struct {
	used    map[string]string         // name to ID
	earlier map[string]data.Recording // by ID, what the set had
	names   map[string][]string       // ID to names, the first is the recording's
}

func newNaming() naming {
	return naming{used: map[string]string{}, earlier: map[string]data.Recording{}, names: map[string][]string{}}
}

// keep reserves the names of a recording that stays.
func (n *naming) keep(r data.Recording) {
	for _, name := range append([]string{r.Name}, r.Aliases...) {
		n.used[name] = r.ID
	}
}

// reserve gives names for a content's takes. One that another content has gets
// the ID in front of its extension.
func (n *naming) reserve(id string, takes []take) {
	for _, t := range takes {
		name := t.name
		if owner, taken := n.used[name]; taken && owner != id {
			name = stem(name) + "~" + id + ext(name)
		}
		if n.used[name] == "" {
			n.used[name] = id
			n.names[id] = append(n.names[id], name)
		}
	}
}

// all returns a content's names: those of its takes, then, sorted with the
// aliases, those it had before.
func (n *naming) all(id string) []string {
	names := n.names[id]
	if r, ok := n.earlier[id]; ok {
		for _, name := range append([]string{r.Name}, r.Aliases...) {
			if n.used[name] == "" {
				n.used[name] = id
				names = append(names, name)
			}
		}
	}
	slices.Sort(names[1:])
	return names
}

// stem returns a file name without its extension.
func stem(name string) string { return strings.TrimSuffix(name, ext(name)) }

// ext returns the extension of a path's last element, with its dot.
func ext(path string) string {
	if i := strings.LastIndexAny(path, "./\\"); i >= 0 && path[i] == '.' {
		return path[i:]
	}
	return ""
}
