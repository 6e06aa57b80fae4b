package plots

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
)

// Page is a document of figures, tables and pictures. Its bytes depend on its
// content alone.
type Page struct {
	Title, Lead string
	Facts       []Fact
	Sections    []Section
}

// Fact is a figure to see first: "96.9 %", "right on voices never heard".
type Fact struct{ Value, Meaning string }

// Section is a part of a page.
type Section struct {
	Name    string
	Words   []string // paragraphs
	Tables  []Table
	Entries []Entry
}

// Table is rows of cells under a head.
type Table struct {
	Head []string
	Rows [][]string
}

// Entry is a picture on a page.
type Entry struct {
	// Section is the name of the part of the page where the picture belongs.
	Section string
	// Path is the picture's, relative to the page, with forward slashes.
	Path string
	// Title heads the picture; Caption says in a sentence what it shows, and
	// is what a screen reader says in its place.
	Title, Caption string
	// Wide gives the picture the whole width of the page.
	Wide bool
}

//go:embed page.html
var pageHTML string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"figure": isFigure}).Parse(pageHTML))

// isFigure reports whether a cell holds a number, which is set flush right.
func isFigure(cell string) bool {
	_, err := strconv.ParseFloat(strings.TrimSuffix(cell, " %"), 64)
	return err == nil
}

// HTML writes the page with its style inside. It needs no server, no script and
// no network.
func (p Page) HTML(w io.Writer) error { return pageTemplate.Execute(w, p) }

// Markdown writes the page as GitHub's Markdown; the pictures as links beside
// it, or, where they are not there, left out.
func (p Page) Markdown(w io.Writer, pictures bool) error {
	m := markdown{w: w}
	m.printf("# %s\n\n%s\n", inline(p.Title), inline(p.Lead))
	for i, f := range p.Facts {
		if i == 0 {
			m.printf("\n")
		}
		m.printf("- **%s** %s\n", inline(f.Value), inline(f.Meaning))
	}
	for _, s := range p.Sections {
		if pictures || len(s.Words)+len(s.Tables) > 0 {
			m.section(s, pictures)
		}
	}
	return m.err
}

// markdown writes until the first error.
type markdown struct {
	w   io.Writer
	err error
}

func (m *markdown) printf(format string, args ...any) {
	if m.err == nil {
		_, m.err = fmt.Fprintf(m.w, format, args...)
	}
}

func (m *markdown) section(s Section, pictures bool) {
	m.printf("\n## %s\n", inline(s.Name))
	for _, words := range s.Words {
		m.printf("\n%s\n", inline(words))
	}
	for _, t := range s.Tables {
		m.table(t)
	}
	for _, e := range s.Entries {
		if pictures {
			m.printf("\n![%s](<%s>)\n\n%s\n", inline(e.Title), e.Path, inline(e.Caption))
		}
	}
}

func (m *markdown) table(t Table) {
	m.printf("\n")
	m.row(t.Head)
	m.printf("|%s\n", strings.Repeat("---|", len(t.Head)))
	for _, r := range t.Rows {
		m.row(r)
	}
}

func (m *markdown) row(cells []string) {
	m.printf("|")
	for _, c := range cells {
		m.printf(" %s |", inline(c))
	}
	m.printf("\n")
}

// inline escapes what Markdown would take for its own, and keeps to one line.
func inline(s string) string {
	s = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "<", "&lt;", "|", `\|`, "[", `\[`, "]", `\]`).Replace(s)
	return strings.Join(strings.Fields(s), " ")
}
