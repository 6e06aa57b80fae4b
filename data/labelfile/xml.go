package labelfile

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// maxXMLDepth bounds how deep elements of label files lie in each other.
const maxXMLDepth = 64

// maxXML is the size of a file that is read.
const maxXML = 256 << 20

var errXMLSize = fmt.Errorf("XML of more than %d MB", maxXML>>20)

var errXMLDepth = fmt.Errorf("elements more than %d deep in each other", maxXMLDepth)

// xmlDeclared is the encoding that a file says it has.
var xmlDeclared = regexp.MustCompile(`^\s*<\?xml[^>]*encoding=["']([-A-Za-z0-9_.:]+)["']`)

// xmlText returns a file's text in the encoding that it declares, unless it is
// said elsewhere or shows; a guess at it is forgotten.
func xmlText(in *input, out *reading) string {
	m := xmlDeclared.FindSubmatch(in.raw[:min(len(in.raw), 200)])
	if m == nil || in.opts.Encoding != "" || strings.HasPrefix(strings.ToLower(string(m[1])), "utf") {
		return in.text()
	}
	enc, _, err := decodingOf(in.raw, string(m[1]))
	if err != nil {
		return in.text()
	}
	out.Notes = nil
	return enc.text(in.raw)
}

// xmlAttrs are an element's attributes by their local names.
type xmlAttrs map[string]string

// walkXML calls open and then, where it is not nil, close for each element: text
// is what stands before its end and behind any other tag. Entities of a document
// type are not known: they are faults, as is more than maxXML of text.
func walkXML(text string, open func(name string, a xmlAttrs), close func(name, text string)) error {
	if len(text) > maxXML {
		return errXMLSize
	}
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is decoded
	var words strings.Builder
	for depth := 0; ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > maxXMLDepth {
				return errXMLDepth
			}
			words.Reset()
			open(t.Name.Local, localAttrs(t.Attr))
		case xml.EndElement:
			depth--
			if close != nil {
				close(t.Name.Local, words.String())
			}
			words.Reset()
		case xml.CharData:
			words.Write(t)
		}
	}
}

func localAttrs(all []xml.Attr) xmlAttrs {
	a := xmlAttrs{}
	for _, v := range all {
		a[v.Name.Local] = v.Value
	}
	return a
}

// xmlEscaped returns text as it stands between tags or in an attribute.
func xmlEscaped(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text))
	return b.String()
}
