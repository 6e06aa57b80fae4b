// Package document writes pages of figures, tables and pictures, as HTML and as
// Markdown. What a page says comes from the sets of strangers: file names, class
// names, reasons. This package is the one place where they are escaped.
//
// The bytes of a page depend on its content alone. An HTML page has its style
// inside and needs no script, no server and no network.
package document

import (
	"fmt"
	"image/png"
	"io"
)

// Page is a document.
type Page struct {
	Title, Lead string
	Facts       []Fact
	Sections    []Section
}

// Fact is a figure to see first: "96.9 %", "right on voices never heard".
type Fact struct{ Value, Meaning string }

// Section is a part of a page: its words come first, its pictures last.
type Section struct {
	Name     string
	Words    []string // paragraphs
	Tables   []Table
	Pictures []Picture
}

// Table is rows of cells under a head. The first column is text; another is set
// flush right when all that is in it are figures.
type Table struct {
	Head []string
	Rows [][]string
}

// Picture is a PNG on a page.
type Picture struct {
	// Section is the name of the part of the page where the picture belongs.
	Section string `json:"section"`
	// Path is where the picture lies, relative to the page, with forward slashes.
	Path string `json:"path"`
	// PNG is what HTML shows in its place, embedded in the page; nil to link it.
	// Markdown links it always.
	PNG []byte `json:"-"`
	// Title heads the picture, where there is one; Caption says in a sentence
	// what it shows. Both are what a screen reader says in its place.
	Title   string `json:"title"`
	Caption string `json:"caption"`
	// Wide gives the picture the whole width of the page.
	Wide bool `json:"wide"`
	// Width and Height, in pixels, keep its place free until it is there; 0
	// where they are not known.
	Width  int `json:"width"`
	Height int `json:"height"`
	// Sounds are what the picture shows, to be heard. Markdown leaves them out.
	Sounds []Sound `json:"sounds,omitempty"`
}

// Sound is a WAV file that HTML plays, embedded in the page.
type Sound struct {
	Title string `json:"title"` // says what sounds
	WAV   []byte `json:"wav"`
}

// Measure returns the size of a PNG in pixels, 0 x 0 where r holds none.
func Measure(r io.Reader) (width, height int) {
	c, err := png.DecodeConfig(r)
	if err != nil {
		return 0, 0
	}
	return c.Width, c.Height
}

// Sections returns pictures by the section that each names, the sections in the
// order of their first pictures.
func Sections(pictures []Picture) (sections []Section) {
	at := map[string]int{}
	for _, p := range pictures {
		i, ok := at[p.Section]
		if !ok {
			i = len(sections)
			at[p.Section] = i
			sections = append(sections, Section{Name: p.Section})
		}
		sections[i].Pictures = append(sections[i].Pictures, p)
	}
	return sections
}

// rowsShown bounds the tables that grow with what is wrong.
const rowsShown = 200

// Listing returns the section of a table that grows with what is wrong: its
// first rows, with a word on where the others are, or, where it is empty, the
// words that say so.
func Listing(name string, t Table, empty, others string) Section {
	s := Section{Name: name}
	switch n := len(t.Rows); {
	case n == 0:
		s.Words = []string{empty}
		return s
	case n > rowsShown:
		s.Words = []string{fmt.Sprintf("The first %d of %d; %s.", rowsShown, n, others)}
		t.Rows = t.Rows[:rowsShown]
	}
	s.Tables = []Table{t}
	return s
}
