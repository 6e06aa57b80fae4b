package page

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"prep/data/datatest"
)

// A remark is written, found again by the filter, and there after a reload.
func TestRemarkAndFilter(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 12), Settings{Classes: []string{"kick", "hat"}})
	p := c.open(t, ctx)
	p.press("1212" + kb.ArrowLeft + "qt")
	p.until(`document.activeElement.id === 'remark-note'`)
	p.run(chromedp.Evaluate(`document.getElementById('remark-note').value = ''`, nil))
	p.press("lips?" + kb.Enter)
	p.saved()
	if it := c.items()[3]; !it.Unsure || it.Note != "lips?" || it.Class != "hat" {
		t.Fatalf("the fourth hit is %+v", it)
	}
	p = c.open(t, ctx)
	for _, tc := range []struct{ words, found string }{
		{"class:hat", "2"}, {"is:unsure", "1"}, {"lips", "1"}, {"-is:left class:kick", "2"}, {"is:left", "8"}, {"file:take-000 who:ada", "4"},
		{"ms>1000", "0"}, {"ms<1000", "12"}, {"conf>50", "0"}, {"note:\"lips?\"", "1"}, {"person:nobody", "0"},
	} {
		p.press("/")
		p.until(`document.activeElement.id === 'find'`)
		p.run(chromedp.Evaluate(`document.getElementById('find').value = ''`, nil))
		p.press(tc.words + kb.Enter)
		p.until(`document.body.dataset.found === '` + tc.found + `'`)
	}
	p.press("/" + kb.Escape)
	p.until(`document.body.dataset.found === '12'`)
	p.press("/")
	p.until(`document.activeElement.id === 'find'`)
	p.run(chromedp.Evaluate(`document.getElementById('find').value = ''`, nil))
	p.press("what:ever" + kb.Enter)
	p.until(`document.getElementById('note').textContent.startsWith('Not understood: what:ever.')`)
}

// Where a hit ends is put to the cursor.
func TestEndAtTheCursor(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 3), Settings{Classes: []string{"kick"}})
	p := c.open(t, ctx)
	p.press("1v" + kb.Home)
	for range 12 {
		p.press("+")
	}
	p.press("]]]]]]e")
	p.saved()
	it := c.items()[0]
	if length := it.End - it.Onset; length < 1 || length > 30 || it.Class != "kick" {
		t.Errorf("the hit is %+v", it)
	}
}
