package sweep

import (
	"bufio"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
)

// Text prints a line an arm.
func (r Report) Text(w io.Writer) {
	fmt.Fprintf(w, "sweep %s: %s\n", r.Name, r.protocol())
	for i, row := range r.Rows {
		fmt.Fprintf(w, "  %-28s %6s parameters %6s MACs  %s %%", row.Arm, count(row.Parameters), count(row.MACs), span(row.Accuracy))
		if d := row.Difference; i > 0 {
			fmt.Fprintf(w, "  %s, p %s: %s", signed(d.Interval), probability(d.Holm), d.Verdict())
		}
		fmt.Fprintln(w)
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(w, "  left out: %s: %s\n", s.Arm, s.Reason)
	}
}

// Markdown writes the report with pictures that lie beside it.
func (r Report) Markdown(w io.Writer, pictures []string) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# Sweep %s\n", r.Name)
	for _, s := range r.Sections(pictures) {
		fmt.Fprintf(b, "\n## %s\n", s.Title)
		for _, words := range s.Words {
			fmt.Fprintf(b, "\n%s\n", words)
		}
		if s.Picture != "" {
			fmt.Fprintf(b, "\n![%s](%s)\n", s.Caption, s.Picture)
		}
		markdownTable(b, s.Table)
	}
	return b.Flush()
}

func markdownTable(w io.Writer, table [][]string) {
	for i, row := range table {
		if i == 0 {
			fmt.Fprintln(w)
		}
		cells := make([]string, len(row))
		for j, cell := range row {
			cells[j] = strings.ReplaceAll(cell, "|", `\|`)
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
		if i == 0 {
			fmt.Fprintf(w, "|---%s|\n", strings.Repeat("|---", len(row)-1))
		}
	}
}

//go:embed page.html
var page string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"image": func(png []byte) template.URL {
		return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))
	},
}).Parse(page))

// HTML writes the report as one page that holds its pictures, PNGs by name.
func (r Report) HTML(w io.Writer, pictures map[string][]byte) error {
	return pageTemplate.Execute(w, map[string]any{
		"Name": r.Name, "Sections": r.Sections(slices.Collect(maps.Keys(pictures))), "Pictures": pictures,
	})
}
