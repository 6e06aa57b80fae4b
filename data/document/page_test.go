package document

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"

	"prep/data/datatest"
)

func encoded(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func htmlOf(t testing.TB, p Page) string {
	t.Helper()
	var b strings.Builder
	if err := p.HTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func markdownOf(t testing.TB, p Page, pictures bool) string {
	t.Helper()
	var b strings.Builder
	if err := p.Markdown(&b, pictures); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sample has one of everything.
func sample() Page {
	return Page{Title: "The run", Lead: "What went in.", Facts: []Fact{{"96.9 %", "right"}}, Sections: append([]Section{
		{Name: "Skipped", Words: []string{"One file."}, Tables: []Table{
			{Head: []string{"file", "why", "hits"}, Rows: [][]string{{"a|b_1.wav", "no\naudio <x>", "12"}, {"7", "", ""}}}}},
	}, Sections([]Picture{
		{Section: "Pictures", Path: "plots/a b.png", Title: "A *b*", Caption: "Both.", Wide: true, Width: 40, Height: 30},
		{Section: "Kernels", Path: "kernels.png", Caption: "Kernels & co.", PNG: []byte("a PNG"), Width: 8, Height: 4},
		{Section: "Pictures", Path: "c.png", Title: "C", Sounds: []Sound{{"a <kick> of ada's", []byte("a WAV")}, {"a hat", []byte("another")}}},
	})...)}
}

// Both forms of a page are those of the edition.
func TestEdition(t *testing.T) {
	golden := datatest.NewGolden(t, "data/document", "", Edition)
	golden.Exact("html", htmlOf(t, sample()))
	golden.Exact("markdown", markdownOf(t, sample(), true))
}

func TestMarkdown(t *testing.T) {
	const words = "# The run\n\nWhat went in.\n\n- **96.9 %** right\n\n## Skipped\n\nOne file.\n\n| file | why | hits |\n|---|---|---:|\n" +
		"| a\\|b\\_1.wav | no audio &lt;x> | 12 |\n| 7 |  |  |\n"
	const pictures = "\n## Pictures\n\n![A \\*b\\*](<plots/a%20b.png>)\n\nBoth.\n\n![C](<c.png>)\n" +
		"\n## Kernels\n\n![Kernels &amp; co.](<kernels.png>)\n"
	if got := markdownOf(t, sample(), true); got != words+pictures {
		t.Errorf("got\n%s\nwant\n%s", got, words+pictures)
	}
	if got := markdownOf(t, sample(), false); got != words {
		t.Errorf("without pictures: got\n%s\nwant\n%s", got, words)
	}
}

func TestHTML(t *testing.T) {
	html := htmlOf(t, sample())
	for _, want := range []string{
		`<html lang="en">`, "<li><strong>96.9 %</strong>right</li>",
		`<td>a|b_1.wav</td><td>no` + "\n" + `audio &lt;x&gt;</td><td class="figure">12</td>`, `<td>7</td><td></td><td class="figure"></td>`,
		`<a href="plots/a%20b.png"><img src="plots/a%20b.png" alt="A *b*: Both." width="40" height="30" loading="lazy"></a>`,
		`<img src="data:image/png;base64,`, `alt="Kernels &amp; co." width="8" height="4"`, `alt="C" loading="lazy"`,
		"<figcaption><span>Kernels &amp; co.</span></figcaption>",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is missing in\n%s", want, html)
		}
	}
	for _, no := range []string{"http:", "https:", "<script", "@import", "ZgotmplZ", `href="kernels`} {
		if strings.Contains(html, no) {
			t.Errorf("the page contains %q", no)
		}
	}
	if strings.Count(html, "<section") != 3 || strings.Index(html, `src="c.png"`) > strings.Index(html, "data:image") {
		t.Error("sections are not grouped in the order of their first pictures")
	}
}

func TestColumnsOfFigures(t *testing.T) {
	for cell, want := range map[string]bool{
		"12": true, "96.9 %": true, "-1.9 (-3.0 to +0.2)": true, "< .001": true, "81.9 (77.0 to 86.2) %": true, "+1.0 (+0.5 to +1.5) *": true,
		"1.72M": true, "7x3": true, "2.2 x 1019": true, "- x -": true, "NaN": true, "1,718": true,
		"": false, "no": false, "2 groups": false, "1.wav": false, "voice-01": false, "2026-11-22": false, "3 files x": false,
	} {
		if got := isFigure(cell); got != want {
			t.Errorf("%q is a figure: %v, want %v", cell, got, want)
		}
	}
	table := Table{Head: []string{"group", "hits", "note", "empty"}, Rows: [][]string{{"1", "1", "2"}, {"2", "", "x"}, {"3", "4", "", "", "5"}}}
	for j, want := range []bool{false, true, false, false, true} {
		if got := table.figures()[j]; got != want {
			t.Errorf("column %d is of figures: %v, want %v", j, got, want)
		}
	}
}

func TestListing(t *testing.T) {
	table := Table{Head: []string{"item"}}
	if s := Listing("Left out", table, "Nothing.", "the rest is elsewhere"); len(s.Tables) != 0 || s.Words[0] != "Nothing." {
		t.Errorf("an empty table: %+v", s)
	}
	for range rowsShown {
		table.Rows = append(table.Rows, []string{"x"})
	}
	if s := Listing("Left out", table, "Nothing.", "the rest is elsewhere"); len(s.Tables[0].Rows) != rowsShown || len(s.Words) != 0 {
		t.Errorf("a full table: %d rows, %q", len(s.Tables[0].Rows), s.Words)
	}
	table.Rows = append(table.Rows, []string{"x"})
	s := Listing("Left out", table, "Nothing.", "the rest is elsewhere")
	if len(s.Tables[0].Rows) != rowsShown || s.Words[0] != "The first 200 of 201; the rest is elsewhere." {
		t.Errorf("one too many: %d rows, %q", len(s.Tables[0].Rows), s.Words)
	}
}

func TestMeasure(t *testing.T) {
	if w, h := Measure(bytes.NewReader(encoded(t, 7, 5))); w != 7 || h != 5 {
		t.Errorf("got %d x %d, want 7 x 5", w, h)
	}
	page := Page{Sections: Sections([]Picture{{PNG: encoded(t, 7, 5)}})}
	if html := htmlOf(t, page); !strings.Contains(html, `width="7" height="5"`) {
		t.Errorf("an embedded picture has no size in\n%s", html)
	}
	if w, h := Measure(strings.NewReader("no picture")); w != 0 || h != 0 {
		t.Errorf("no picture is %d x %d", w, h)
	}
}

func TestFigures(t *testing.T) {
	for got, want := range map[string]string{
		Percent(0.8194): "81.9 %", Thousandths(0.8): "0.800", Short(0.8): "0.8", Short(12): "12", Short(0): "0", Short(1.23456): "1.235",
		OrDash("%.1f ms", 2.25): "2.2 ms", OrDash("%.1f ms", 0): "-",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// broken is a disk that is full.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWritersFailWithTheirDisk(t *testing.T) {
	if err := sample().HTML(broken{}); err == nil {
		t.Error("HTML: no error")
	}
	if err := sample().Markdown(broken{}, true); err == nil {
		t.Error("Markdown: no error")
	}
}

// cellsOf returns the text of the cells of a page's tables.
func cellsOf(t testing.TB, html string) (cells []string) {
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	inside := false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return cells
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			if inside = x.Name.Local == "td"; inside {
				cells = append(cells, "")
			}
			if x.Name.Local == "script" {
				t.Fatal("a script")
			}
		case xml.EndElement:
			inside = false
		case xml.CharData:
			if inside {
				cells[len(cells)-1] += string(x)
			}
		}
	}
}
