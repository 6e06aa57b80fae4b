package page

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"prep/data/datatest"
)

// shows waits until the queue shows a hit, and the live region says so.
func (p tab) shows(n int) {
	p.t.Helper()
	p.until(`document.body.dataset.shown === '` + id(n) + `'`)
}

func TestKeysOfHabit(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 60), Settings{Classes: []string{"kick", "hat"}})
	p := c.open(t, ctx)
	p.press(kb.End)
	p.shows(60)
	p.press(kb.Home)
	p.shows(1)
	p.press(kb.PageDown)
	p.until(`document.body.dataset.shown > '` + id(1) + `'`)
	p.press(kb.PageUp)
	p.shows(1)
	p.until(`document.getElementById('current').textContent.startsWith('no name yet, hit 1 of 60, ')`)
	if got := p.text(`(({ariaSetSize, ariaPosInSet}) => [ariaSetSize, ariaPosInSet])(document.querySelector('#list [aria-selected=true]'))`); got != "60,1" {
		t.Errorf("the list has %s", got)
	}

	p.press("12")
	p.press("z", input.ModifierCtrl)
	p.press("z", input.ModifierCtrl)
	p.saved()
	if got := c.page.Stats().Labelled; got != 0 {
		t.Errorf("after undo %d hits have a name", got)
	}
	p.press("y", input.ModifierCtrl)
	p.press("z", input.ModifierCtrl, input.ModifierShift)
	p.saved()
	p.until(`document.querySelector('#list .row:nth-of-type(3) b').textContent === 'hat'`)
	if got := strings.Join(c.said()[4:], ","); got != "4410 kick,8820 hat" {
		t.Errorf("done again: %q", got)
	}
	p.press("y", input.ModifierCtrl)
	p.until(`document.getElementById('note').textContent === 'nothing to do again'`)

	// Something new ends what could be done again.
	p.press("u")
	p.saved()
	p.press("1")
	p.saved()
	p.press("y", input.ModifierCtrl)
	if got := len(c.said()); got != 8 {
		t.Errorf("the journal has %d lines: %q", got, c.said())
	}
}

// The onsets of a recording are reached, and told, without a mouse.
func TestOnsetsByKeyboard(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 9), Settings{Classes: []string{"kick"}})
	p := c.open(t, ctx)
	p.press("v")
	p.run(chromedp.Focus("#wave"))
	p.press(kb.End)
	p.until(`document.getElementById('wave').getAttribute('aria-valuetext') === 'no name yet, onset 9 of 9, 0.900 seconds'`)
	p.press(kb.Home + kb.ArrowRight + "1")
	p.until(`document.getElementById('current').textContent.endsWith(': kick, onset 2 of 9, 0.200 seconds')`)
	p.saved()
	if got := strings.Join(c.said(), ","); got != "8820 kick" {
		t.Errorf("the journal says %q", got)
	}
}

// AltGr brings forth characters, and on some systems comes as ctrl with alt.
func TestAltGr(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 6), Settings{Classes: []string{"low", "high"}})
	p := c.open(t, ctx)
	p.press("112111vv")
	p.saved()
	before := p.text(`document.querySelector('#sheet-classes [aria-pressed=true]').innerText`)
	p.run(chromedp.Evaluate(`document.body.dispatchEvent(new KeyboardEvent('keydown', { key: ']', code: 'Digit9', ctrlKey: true, altKey: true, modifierAltGraph: true, bubbles: true }))`, nil))
	p.until(`document.querySelector('#sheet-classes [aria-pressed=true]').innerText !== ` + quoted(before))
}

// More than fifty hits are renamed when the person has said so, and not before.
func TestManyAreAskedFor(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 60), Settings{Classes: []string{"kick"}})
	p := c.open(t, ctx)
	asked, yes := make(chan string, 2), make(chan bool, 2)
	chromedp.ListenTarget(p.ctx, func(e any) {
		if d, ok := e.(*cdppage.EventJavascriptDialogOpening); ok {
			asked <- d.Message
			go chromedp.Run(p.ctx, cdppage.HandleJavaScriptDialog(<-yes))
		}
	})
	p.press("vv")
	p.until(`document.querySelector('#grid .tile')`)
	p.press("a", input.ModifierCtrl)
	yes <- false
	p.press("1")
	if got := <-asked; got != "60 hits become kick. Undo (u) takes it back. Go on?" {
		t.Errorf("the page asks %q", got)
	}
	if got := c.said(); got != nil {
		t.Errorf("without a yes the journal says %q", got)
	}
	yes <- true
	p.press("1")
	<-asked
	p.until(`document.getElementById('progress').innerText.startsWith('60 of 60')`)
	p.saved()
	if got := len(c.said()); got != 60 {
		t.Errorf("the journal has %d lines", got)
	}
}
