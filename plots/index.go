package plots

import (
	"fmt"
	"io"
)

// Index writes one HTML page that shows pictures by section, the sections in
// the order of their first entries. See Page.
func Index(w io.Writer, title string, entries []Entry) error {
	p := Page{Title: title, Lead: fmt.Sprintf("%d pictures. Each opens at full size.", len(entries)), Sections: Sections(entries)}
	return p.HTML(w)
}

// Sections groups pictures by the section that each names.
func Sections(entries []Entry) (sections []Section) {
	at := map[string]int{}
	for _, e := range entries {
		i, ok := at[e.Section]
		if !ok {
			i = len(sections)
			at[e.Section] = i
			sections = append(sections, Section{Name: e.Section})
		}
		sections[i].Entries = append(sections[i].Entries, e)
	}
	return sections
}
