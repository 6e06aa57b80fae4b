package page

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"prep/data/datatest"
)

// list evaluates an expression to a list of words.
func (p tab) list(js string) (words []string) {
	p.t.Helper()
	var text string
	p.run(chromedp.Evaluate("JSON.stringify("+js+")", &text))
	check(p.t, json.Unmarshal([]byte(text), &words))
	return words
}

// visible lists what is wrong with each thing in sight that can be pressed:
// outside the window, or smaller than least pixels.
const visible = `((least) => [...document.querySelectorAll('button, select, input')].filter((e) => e.checkVisibility()).flatMap((e) => {
	const b = e.getBoundingClientRect(), name = e.innerText || e.id;
	if (e.closest('#classes') && innerWidth < 520) return b.left < 0 || b.right > innerWidth ? [name + ' is outside'] : []; // it scrolls
	return b.left < 0 || b.top < 0 || b.right > innerWidth || b.bottom > innerHeight ? [name + ' is outside'] :
		b.width < least || b.height < least ? [name + ' is ' + b.width + ' x ' + b.height] : [];
}).concat(document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth ? ['the page scrolls: ' + document.documentElement.scrollWidth + ' x ' + document.documentElement.scrollHeight] : []))`

// wide lists what lies beside the window, and what has to be scrolled sideways.
const wide = `[...document.querySelectorAll('body *')].filter((e) => {
	if (!e.checkVisibility() || e.closest('.heard, canvas, option')) return false;
	const b = e.getBoundingClientRect();
	return b.left < -1 || b.right > innerWidth + 1 || e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX);
}).map((e) => e.tagName + ' ' + (e.id || e.className || e.innerText))`

// Everything fits, at the size of a small laptop and of a tablet both ways up,
// where a finger finds 44 pixels (WCAG 2.5.5; the smallest keys are 32 for a
// mouse).
func TestEverythingFits(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 30), Settings{Classes: []string{"click", "hat-closed", "hat-open", "kick", "rimshot", "snare", "snare-k"}})
	for _, tc := range []struct {
		width, height int64
		touch         bool
		least         string
	}{{1280, 720, false, "24"}, {1024, 768, true, "44"}, {768, 1024, true, "44"}, {390, 800, true, "44"}} {
		p := tab{t, ctx}
		p.run(chromedp.EmulateViewport(tc.width, tc.height), emulation.SetTouchEmulationEnabled(tc.touch),
			chromedp.Navigate(c.server.URL+"/"+testToken+"/"))
		p.until(`document.body.dataset.shown && document.body.dataset.live`)
		for _, view := range []string{"queue", "recording", "sheet", "map"} {
			p.run(chromedp.Click(`[data-view=` + view + `]`))
			p.until(`document.getElementById('` + view + `').checkVisibility()`)
			if wrong := p.list(visible + `(` + tc.least + `)`); len(wrong) > 0 {
				t.Errorf("%d x %d, %s: %q", tc.width, tc.height, view, wrong)
			}
		}
		for _, view := range []string{"start", "play", "names", "help"} { // these may scroll down
			p.see(view)
			if wide := p.list(wide); len(wide) > 0 {
				t.Errorf("%d x %d, %s: too wide: %q", tc.width, tc.height, view, wide)
			}
		}
	}
	chromedp.Run(ctx, emulation.SetTouchEmulationEnabled(false))
}

// touch puts fingers down, moves them in steps, and lifts them.
func (p tab) touch(from, to []*input.TouchPoint) {
	p.t.Helper()
	p.run(chromedp.ActionFunc(func(ctx context.Context) error {
		if err := input.DispatchTouchEvent(input.TouchStart, from).Do(ctx); err != nil {
			return err
		}
		for step := 1.0; step <= 4 && to != nil; step++ {
			var at []*input.TouchPoint
			for i := range from {
				at = append(at, &input.TouchPoint{ID: from[i].ID, X: from[i].X + (to[i].X-from[i].X)*step/4, Y: from[i].Y})
			}
			if err := input.DispatchTouchEvent(input.TouchMove, at).Do(ctx); err != nil {
				return err
			}
		}
		return input.DispatchTouchEvent(input.TouchEnd, []*input.TouchPoint{}).Do(ctx)
	}))
}

// A tablet without a keyboard names, nudges, zooms and scrolls, and a finger
// that scrolls moves no onset.
func TestFingersDoAllWithoutAKeyboard(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 20), Settings{Classes: []string{"kick", "hat"}})
	p := tab{t, ctx}
	p.run(chromedp.EmulateViewport(1024, 768), emulation.SetTouchEmulationEnabled(true), chromedp.Navigate(c.server.URL+"/"+testToken+"/"))
	defer chromedp.Run(ctx, emulation.SetTouchEmulationEnabled(false))
	p.until(`document.body.dataset.shown && document.body.dataset.live`)
	tap := func(selector string) {
		t.Helper()
		var at struct{ X, Y float64 }
		p.run(chromedp.Evaluate(`(() => { const b = document.querySelector(`+"`"+selector+"`"+`).getBoundingClientRect(); return {X: b.x + b.width / 2, Y: b.y + b.height / 2}; })()`, &at))
		p.touch([]*input.TouchPoint{{X: at.X, Y: at.Y}}, nil)
	}
	tap(`#classes button:nth-of-type(2)`)
	p.until(`document.body.dataset.shown === '` + id(2) + `'`)
	tap(`footer [data-key=ArrowLeft]:not([data-alt])`)
	p.until(`document.body.dataset.shown === '` + id(1) + `'`)
	tap(`footer [data-key=ArrowRight][data-alt]:not([data-shift])`)
	p.until(`document.getElementById('hit-facts').textContent.includes('moved 1.00 ms')`)
	p.saved()
	if got := strings.Join(c.said(), ","); got != "4410 hat,4454 hat,4410 -" {
		t.Errorf("the journal says %s", got)
	}

	tap(`[data-view=recording]`)
	p.until(`document.body.dataset.view`)
	const width = 21 * spacing // of the recording
	across := `(([a, b]) => [+a, b - a])(document.body.dataset.view.split(' '))`
	p.touch([]*input.TouchPoint{{ID: 1, X: 400, Y: 300}, {ID: 2, X: 600, Y: 300}}, []*input.TouchPoint{{X: 300}, {X: 700}})
	p.until(fmt.Sprintf(`Math.abs(%s[1] - %d) < 100`, across, width/2)) // twice as far apart: half as much in sight
	from, _ := p.view()
	p.touch([]*input.TouchPoint{{X: 600, Y: 300}}, []*input.TouchPoint{{X: 500}})
	p.until(fmt.Sprintf(`Math.abs(%s[0] - %d - %d * 100 / document.getElementById('wave').clientWidth) < 100`, across, from, width/2))
	if got := len(c.said()); got != 3 {
		t.Errorf("scrolling has written to the journal: %q", c.said())
	}
}

// contrast lists the text in sight whose contrast with what is behind it is
// less than WCAG 2.1 AA asks for (success criterion 1.4.3): 4.5, or 3 for large
// text.
const contrast = `(() => {
	const g = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
	const rgba = (c) => { g.clearRect(0, 0, 1, 1); g.fillStyle = c; g.fillRect(0, 0, 1, 1); const [r, b, d, a] = g.getImageData(0, 0, 1, 1).data; return [r, b, d, a / 255]; };
	const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
	const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
	const behind = (e) => (e ? over(rgba(getComputedStyle(e).backgroundColor), behind(e.parentElement)) : [255, 255, 255, 1]);
	const bad = [];
	const look = (e, text, style) => {
		const back = behind(e), a = light(over(rgba(style.color), back)), b = light(back);
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), size = parseFloat(style.fontSize);
		if (ratio < (size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5)) bad.push(text + ': ' + ratio.toFixed(2));
		seen++;
	};
	let seen = 0;
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement, text = walk.currentNode.textContent.trim();
		if (text && e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest('[disabled]')) look(e, text, getComputedStyle(e));
	}
	for (const e of document.querySelectorAll('input[placeholder]')) if (e.checkVisibility()) look(e, e.placeholder, getComputedStyle(e, '::placeholder'));
	return [String(seen), ...bad];
})()`

func TestContrast(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 30), Settings{Classes: []string{"kick", "hat", "snare", "rim"}})
	p := c.open(t, ctx)
	p.press("1234x12")
	p.saved()
	for _, theme := range []string{"dark", "light"} {
		p.theme(theme)
		p.contrast(theme)
	}
}

// contrast looks at all views and what lies over them, from the queue back to it.
func (p tab) contrast(theme string) {
	p.t.Helper()
	p.see("queue")
	for _, step := range []struct{ name, keys string }{
		{"queue", ""}, {"a note", "\r"}, {"recording", "v"}, {"sheet", "v["}, {"a selection", "\r"}, {"map", "v"}, {"help", "?"},
	} {
		p.press(step.keys)
		found := p.list(contrast)
		if found[0] == "0" || len(found) > 1 {
			p.t.Errorf("%s, %s, of %s texts: %q", step.name, theme, found[0], found[1:])
		}
	}
	p.press(kb.Escape + kb.Escape)
}

// A hand that never leaves the keyboard reaches every control in sight, in
// order, sees where it is, and can work each of them.
func TestByKeyboardAlone(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 10), Settings{Classes: []string{"kick", "hat"}})
	p := c.open(t, ctx)
	const focused = `(() => { const e = document.activeElement; return e.id || e.getAttribute('aria-label') || e.innerText || e.tagName; })()`
	for _, view := range []string{"queue", "recording", "sheet", "map"} {
		if view == "map" {
			p.until(`document.body.dataset.mapped`)
		}
		all := p.list(`[...document.querySelectorAll('button, select, input, [tabindex="0"]')].filter((e) => e.checkVisibility() && !e.disabled).map((e) => e.id || e.getAttribute('aria-label') || e.innerText)`)
		p.run(chromedp.Evaluate(`document.querySelector('nav button').focus()`, nil))
		for i, want := range all[1:] {
			p.press(kb.Tab)
			if got := p.text(focused); got != want {
				t.Fatalf("%s: tab %d is at %q, want %q of %q", view, i+2, got, want, all)
			}
			if style := p.text(`getComputedStyle(document.activeElement).outlineStyle`); style != "solid" {
				t.Errorf("%s: nothing shows that %q has the focus", view, want)
			}
		}
		p.run(chromedp.Evaluate(`document.activeElement.blur()`, nil))
		p.press("v")
	}
	p.press("?")
	p.until(`document.getElementById('help').open`)
	p.press(kb.Escape)
	p.until(`!document.getElementById('help').open`)
	p.press(kb.Tab + kb.Tab + kb.Tab + kb.Enter) // the tab of the recording view
	p.until(`document.getElementById('recording').checkVisibility()`)
	p.press("vvv")
	p.until(`document.getElementById('queue').checkVisibility()`)
	p.press("2" + kb.ArrowLeft)
	p.saved()
	if got := strings.Join(c.said(), ","); got != "4410 hat" {
		t.Errorf("the journal says %q", got)
	}
}
