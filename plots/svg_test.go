package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// Every ordinary picture is SVG where that is asked for: whole XML, with its words as text and its
// fields as images, the same at every drawing.
func TestPicturesAreSVGWhereAsked(t *testing.T) {
	for _, p := range ordinary() {
		var first, again bytes.Buffer
		if err := errors.Join(p.draw(SVG(&first)), p.draw(SVG(&again))); err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		if !bytes.Equal(first.Bytes(), again.Bytes()) {
			t.Errorf("%s: another SVG at the second drawing", p.name)
		}
		elements := map[string]int{}
		d := xml.NewDecoder(&again)
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", p.name, err)
			}
			if e, ok := token.(xml.StartElement); ok {
				elements[e.Name.Local]++
			}
		}
		if elements["svg"] != 1 || elements["text"] == 0 || elements["path"] == 0 {
			t.Errorf("%s: got %v", p.name, elements)
		}
		if (p.name == "hit" || p.name == "class sheet") && elements["image"] == 0 {
			t.Errorf("%s: no field in it: %v", p.name, elements)
		}
	}
}

// A name cannot become a part of the picture.
func TestNamesInSVGAreText(t *testing.T) {
	v := sampleSpectra(1, 8)
	v.Spectra[0].Class = `</text><script>alert("x")</script>`
	var b strings.Builder
	if err := Spectra(SVG(&b), v); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "<script") || !strings.Contains(b.String(), "&lt;script&gt;") {
		t.Errorf("got %s", b.String())
	}
	if err := Spectra(SVG(failing{}), v); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("on a writer that fails: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
