package ingest

import (
	"cmp"
	"fmt"
	"slices"

	"prep/data"
)

// The manifest: which recordings a set has after an ingest, out of those it had
// and the takes.

// recordings merges what the set had with what was taken, in order of names.
func (in *intake) recordings(takes []take) []data.Recording {
	byID := byContent(takes)
	n := &naming{used: map[string]string{}, earlier: map[string]data.Recording{}}
	var all []data.Recording
	for _, r := range in.old {
		n.earlier[r.ID] = r
		if byID[r.ID] != nil {
			continue
		}
		if _, ok := in.facts[r.ID]; !ok {
			in.note("%s: its audio is gone from the set and its file is not among the paths: left out", r.Name)
			continue
		}
		n.keep(r)
		all = append(all, r)
	}
	firsts := firstOfEach(takes)
	groups := joined{}
	for _, t := range firsts {
		n.name(t.id, byID[t.id])
		groups.join(byID[t.id])
	}
	for _, t := range firsts {
		all = append(all, in.recording(n, byID[t.id], groups))
	}
	for i, r := range all {
		all[i].Group = groups.of(r.Group)
	}
	slices.SortFunc(all, func(a, b data.Recording) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// recording returns what the takes of one content amount to.
func (in *intake) recording(n *naming, takes []take, groups joined) data.Recording {
	first := takes[0]
	r := in.facts[first.id]
	names := n.all(first.id)
	r.Name, r.Aliases = names[0], names[1:]
	if len(r.Aliases) == 0 {
		r.Aliases = nil
	}
	r.Group, r.Class = first.group, first.class
	in.noteMove(n.earlier[r.ID], takes)
	if r.Name != first.name {
		in.note("%s: another recording has this name; this one is kept as %s", first.name, r.Name)
	}
	for _, t := range takes[1:] {
		if t.group != first.group {
			in.note("%s (group %s) and %s (group %s) have the same bytes: one recording, and one group, %s",
				first.name, first.group, t.name, t.group, groups.of(first.group))
		}
		if t.class != first.class {
			in.note("%s (class %s) and %s (class %s) have the same bytes: one recording, of class %s",
				first.name, first.class, t.name, t.class, first.class)
		}
	}
	return r
}

// noteMove says that a recording was in another group, under a name that none of
// its takes has.
func (in *intake) noteMove(was data.Recording, takes []take) {
	first := takes[0]
	if was.ID == "" || was.Group == first.group || slices.ContainsFunc(takes, func(t take) bool { return t.name == was.Name }) {
		return
	}
	in.note("%s (group %s) has the bytes of %s, which was of group %s: one recording, of group %s",
		first.name, first.group, was.Name, was.Group, first.group)
}

func (in *intake) note(format string, args ...any) {
	in.sum.Notes = append(in.sum.Notes, oneLine(fmt.Sprintf(format, args...)))
}

// firstOfEach returns the first take of each content.
func firstOfEach(takes []take) (firsts []take) {
	seen := map[string]bool{}
	for _, t := range takes {
		if !seen[t.id] {
			firsts = append(firsts, t)
		}
		seen[t.id] = true
	}
	return firsts
}

// byContent returns the takes of each content, by its ID.
func byContent(takes []take) map[string][]take {
	byID := map[string][]take{}
	for _, t := range takes {
		byID[t.id] = append(byID[t.id], t)
	}
	return byID
}
