package ingest

import (
	"cmp"
	"fmt"
	"slices"

	"prep/data"
)

// The manifest: which recordings a set has after an ingest, out of those it had
// and the takes.

// manifest makes the recordings of a set out of those it had and the takes.
type manifest struct {
	old    []data.Recording
	facts  *facts
	names  naming
	groups unions
	notes  []string // what a person should know of it
}

// recordings returns what the set has once the takes are in it, in order of
// names.
func (in *intake) recordings(takes []take) []data.Recording {
	m := &manifest{old: in.old, facts: &in.facts, names: newNaming(), groups: unions{}}
	all := m.merge(takes)
	in.sum.Notes = append(in.sum.Notes, m.notes...)
	return all
}

// merge returns the recordings that stay and those of the takes.
func (m *manifest) merge(takes []take) []data.Recording {
	byID := byContent(takes)
	all := m.keepOld(byID)
	firsts := firstOfEach(takes)
	for _, t := range firsts {
		m.names.reserve(t.id, byID[t.id])
		m.groups.join(byID[t.id])
	}
	for _, t := range firsts {
		all = append(all, m.recording(byID[t.id]))
	}
	for i, r := range all {
		all[i].Group = m.groups.of(r.Group)
	}
	slices.SortFunc(all, func(a, b data.Recording) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// keepOld returns the recordings of the set that no take has the bytes of.
func (m *manifest) keepOld(byID map[string][]take) (all []data.Recording) {
	for _, r := range m.old {
		m.names.earlier[r.ID] = r
		if byID[r.ID] != nil {
			continue
		}
		if _, ok := m.facts.get(r.ID); !ok {
			m.note("%s: its audio is gone from the set and its file is not among the paths: left out", r.Name)
			continue
		}
		m.names.keep(r)
		all = append(all, r)
	}
	return all
}

// recording returns what the takes of one content amount to.
func (m *manifest) recording(takes []take) data.Recording {
	first := takes[0]
	r, _ := m.facts.get(first.id)
	names := m.names.all(first.id)
	r.Name, r.Aliases = names[0], names[1:]
	if len(r.Aliases) == 0 {
		r.Aliases = nil
	}
	r.Group, r.Class, r.Meta = first.group, first.class, first.more
	m.noteMove(m.names.earlier[r.ID], takes)
	if r.Name != first.name {
		m.note("%s: another recording has this name; this one is kept as %s", first.name, r.Name)
	}
	for _, t := range takes[1:] {
		if t.group != first.group {
			m.note("%s (group %s) and %s (group %s) have the same bytes: one recording, and one group, %s",
				first.name, first.group, t.name, t.group, m.groups.of(first.group))
		}
		if t.class != first.class {
			m.note("%s (class %s) and %s (class %s) have the same bytes: one recording, of class %s",
				first.name, first.class, t.name, t.class, first.class)
		}
	}
	return r
}

// noteMove says that a recording was in another group, under a name that none of
// its takes has.
func (m *manifest) noteMove(was data.Recording, takes []take) {
	first := takes[0]
	if was.ID == "" || was.Group == first.group || slices.ContainsFunc(takes, func(t take) bool { return t.name == was.Name }) {
		return
	}
	m.note("%s (group %s) has the bytes of %s, which was of group %s: one recording, of group %s",
		first.name, first.group, was.Name, was.Group, first.group)
}

func (m *manifest) note(format string, args ...any) {
	m.notes = append(m.notes, oneLine(fmt.Sprintf(format, args...)))
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
