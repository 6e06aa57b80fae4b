package ingest

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"prep/data"
	"prep/data/labelfile"
)

// Tables of many recordings: label files that name the recordings that they are
// about, anywhere below the ingested directories.

// tables reads what label files among those passed over say of recordings, by
// their IDs. Files that look like label files but name no recording are noted as
// such.
func (l *labeller) tables(recordings []data.Recording) map[string]*statement {
	catalog, said := data.NewCatalog(recordings), map[string]*statement{}
	for _, p := range slices.Sorted(maps.Keys(l.found.passed)) {
		if l.isMeta(p) {
			delete(l.found.passed, p)
			continue
		}
		if l.tried[p] || !l.readable(p) {
			continue
		}
		if l.table(p, catalog, said) {
			delete(l.found.passed, p)
		} else {
			l.labelled = append(l.labelled, p)
		}
	}
	return said
}

// table takes in what a file says of the recordings that it names, and reports
// whether it names any.
func (l *labeller) table(p string, catalog data.Catalog, said map[string]*statement) bool {
	b, err := labelfile.Load(p, maxLabelFile)
	if err != nil {
		l.found.met(err)
		return false
	}
	read, err := labelfile.Read(filepath.Base(p), b, labelfile.Source{}, l.c.Labelling.Options())
	if err != nil || !slices.ContainsFunc(read.Marks, func(m labelfile.Mark) bool { return m.File != "" }) {
		return false
	}
	return l.takeTable(p, read, catalog, said)
}

// takeTable takes in what a table says of the recordings that it names, and
// reports whether it names any.
func (l *labeller) takeTable(p string, read labelfile.Reading, catalog data.Catalog, said map[string]*statement) bool {
	marks, unknown := map[string][]labelfile.Mark{}, map[string]bool{}
	for _, m := range read.Marks {
		r, err := catalog.Find(m.File)
		if err != nil {
			unknown[m.File] = true
			continue
		}
		marks[r.ID] = append(marks[r.ID], m)
	}
	if len(marks) == 0 {
		return false
	}
	name := l.found.nameOf(p)
	if len(unknown) > 0 {
		l.sum.Skips = append(l.sum.Skips, data.Skip{Item: name, Reason: fmt.Sprintf("%d files that it names are no recordings here: %s",
			len(unknown), firstOf(slices.Sorted(maps.Keys(unknown))))})
	}
	whole := statement{name: name, notes: read.Notes}
	whole.report(read.Faults, len(read.Marks))
	l.countStatement(&whole)
	for _, id := range slices.Sorted(maps.Keys(marks)) {
		r, _ := catalog.Recording(id)
		s := &statement{name: name, whole: len(read.Faults) == 0}
		s.place(l.c, marks[id], r)
		if said[id] == nil {
			said[id] = s
		} else {
			said[id].skip(name, fmt.Sprintf("%s has labels in %s already", r.Name, said[id].name))
		}
	}
	return true
}

// firstOf names the first few.
func firstOf(names []string) string {
	const few = 3
	text := ""
	for i, n := range names[:min(few, len(names))] {
		if i > 0 {
			text += ", "
		}
		text += oneLine(n)
	}
	if len(names) > few {
		text += fmt.Sprintf(" and %d more", len(names)-few)
	}
	return text
}
