package document

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"net/url"
	"strings"
)

//go:embed page.html
var pageHTML string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"figures": Table.figures, "link": Picture.link, "source": Picture.source, "alt": Picture.alt, "measured": Picture.measured, "sound": Sound.source,
}).Parse(pageHTML))

// HTML writes the page with its style, and the pictures that it embeds, inside.
// It fails when w does.
func (p Page) HTML(w io.Writer) error { return pageTemplate.Execute(w, p) }

// link returns the picture's path as a URL relative to the page.
func (p Picture) link() string {
	u := url.URL{Path: strings.TrimLeft(p.Path, "/")}
	return strings.ReplaceAll(u.String(), "&", "%26") // Markdown would read an entity
}

// source returns where a browser finds the picture: in the page or beside it.
func (p Picture) source() any {
	if p.PNG == nil {
		return p.link()
	}
	return embedded("image/png", p.PNG)
}

// source returns what a browser plays.
func (s Sound) source() any { return embedded("audio/wav", s.WAV) }

// embedded returns a file as a URL that holds it.
func embedded(kind string, file []byte) template.URL {
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(file))
}

// alt returns what is said in the picture's place.
func (p Picture) alt() string {
	if p.Title == "" || p.Caption == "" {
		return p.Title + p.Caption
	}
	return p.Title + ": " + p.Caption
}

// measured returns the picture with its size, as far as it is known.
func (p Picture) measured() Picture {
	if p.Width == 0 && p.PNG != nil {
		p.Width, p.Height = Measure(bytes.NewReader(p.PNG))
	}
	return p
}
