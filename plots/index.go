package plots

import (
	_ "embed"
	"html/template"
	"io"
)

// Entry is a picture on the index page.
type Entry struct {
	// Section groups entries; sections come in the order of their first entry.
	Section string
	// Path is the picture's, relative to the page, with forward slashes.
	Path string
	// Title heads the picture; Caption says in a sentence what it shows, and
	// is what a screen reader says in its place.
	Title, Caption string
	// Wide gives the picture the whole width of the page.
	Wide bool
}

//go:embed index.html
var indexHTML string

var indexPage = template.Must(template.New("index").Parse(indexHTML))

type indexSection struct {
	ID      int
	Name    string
	Entries []Entry
}

// Index writes one HTML page, with its style inside, that shows the pictures
// by section and links to each at full size. It needs no server, no script and
// no network.
func Index(w io.Writer, title string, entries []Entry) error {
	var sections []*indexSection
	of := map[string]*indexSection{}
	for _, e := range entries {
		s := of[e.Section]
		if s == nil {
			s = &indexSection{ID: len(sections) + 1, Name: e.Section}
			of[e.Section] = s
			sections = append(sections, s)
		}
		s.Entries = append(s.Entries, e)
	}
	return indexPage.Execute(w, map[string]any{"Title": title, "Sections": sections, "Count": len(entries)})
}
