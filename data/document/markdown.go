package document

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Markdown writes the page as GitHub's Markdown, with links to the pictures
// beside it or, where they are not there, without pictures. It fails when w does.
func (p Page) Markdown(w io.Writer, pictures bool) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# %s\n", inline(p.Title))
	if p.Lead != "" {
		fmt.Fprintf(b, "\n%s\n", paragraph(p.Lead))
	}
	for i, f := range p.Facts {
		if i == 0 {
			fmt.Fprintln(b)
		}
		fmt.Fprintf(b, "- **%s** %s\n", inline(f.Value), inline(f.Meaning))
	}
	for _, s := range p.Sections {
		if pictures || len(s.Words)+len(s.Tables) > 0 {
			s.markdown(b, pictures)
		}
	}
	return b.Flush() // has the first error
}

func (s Section) markdown(w io.Writer, pictures bool) {
	fmt.Fprintf(w, "\n## %s\n", inline(s.Name))
	for _, words := range s.Words {
		fmt.Fprintf(w, "\n%s\n", paragraph(words))
	}
	for _, t := range s.Tables {
		t.markdown(w)
	}
	if !pictures {
		return
	}
	for _, p := range s.Pictures {
		fmt.Fprintf(w, "\n![%s](<%s>)\n", inline(cmp.Or(p.Title, p.Caption)), p.link())
		if p.Title != "" && p.Caption != "" {
			fmt.Fprintf(w, "\n%s\n", paragraph(p.Caption))
		}
	}
}

func (t Table) markdown(w io.Writer) {
	fmt.Fprintln(w)
	writeRow(w, t.Head)
	for _, flush := range t.figures()[:len(t.Head)] {
		if flush {
			fmt.Fprint(w, "|---:")
		} else {
			fmt.Fprint(w, "|---")
		}
	}
	fmt.Fprintln(w, "|")
	for _, row := range t.Rows {
		writeRow(w, row)
	}
}

func writeRow(w io.Writer, cells []string) {
	fmt.Fprint(w, "|")
	for _, c := range cells {
		fmt.Fprintf(w, " %s |", inline(c))
	}
	fmt.Fprintln(w)
}

// specials are the characters that mean something to Markdown inside a line.
var specials = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "|", `\|`,
	"[", `\[`, "]", `\]`, "#", `\#`, "$", `\$`, "&", "&amp;", "<", "&lt;")

// inline escapes what Markdown would take for its own, and keeps to one line.
func inline(s string) string { return strings.Join(strings.Fields(specials.Replace(s)), " ") }

// opening matches what would begin a line as something else than a paragraph: a
// quotation, a list, a rule, or a command to GitHub's runner ("::notice::") where
// a step prints the page.
var opening = regexp.MustCompile(`^(?:[->+:]|[0-9]{1,9}[.)](?: |$))`)

// paragraph escapes words that begin a line.
func paragraph(s string) string {
	s = inline(s)
	if !opening.MatchString(s) {
		return s
	}
	at := strings.IndexAny(s, "->+:.)")
	return s[:at] + `\` + s[at:]
}
