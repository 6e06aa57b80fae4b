package studio

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"prep/data"
	"prep/data/datatest"
	"prep/data/work"
	"prep/segment"
)

// press presses keys one after the other.
func (w *walk) press(keys string, mods ...input.Modifier) {
	w.t.Helper()
	for _, k := range keys {
		w.do(chromedp.KeyEvent(string(k), chromedp.KeyModifiers(mods...)))
	}
}

func (w *walk) saved() {
	w.t.Helper()
	w.until(`document.getElementById('saved').textContent === 'saved'`)
}

func (w *walk) see(view string) {
	w.t.Helper()
	w.do(chromedp.Evaluate(`document.querySelector('[data-view=`+view+`]').click()`, nil))
	w.until(`document.getElementById('` + view + `').checkVisibility()`)
}

// agrees answers yes to every question of the page, and counts them.
func (w *walk) agrees() *int {
	asked := new(int)
	chromedp.ListenTarget(w.ctx, func(e any) {
		if _, ok := e.(*page.EventJavascriptDialogOpening); ok {
			*asked++
			go chromedp.Run(w.ctx, page.HandleJavaScriptDialog(true))
		}
	})
	return asked
}

// sit has somebody label from now on, through the page.
func (w *walk) sit(who string, second bool) {
	w.t.Helper()
	w.see("start")
	w.do(chromedp.Evaluate(fmt.Sprintf(`document.getElementById('seat-who').value = %q; document.getElementById('seat-second').checked = %v; document.getElementById('seat-form').requestSubmit()`, who, second), nil))
	seat := who
	if second {
		seat += ", second"
	}
	w.until(`document.body.dataset.seat === '` + seat + `'`)
}

// nameAll names what the map selects by a key: all, and then some hits by hand in the queue.
func (w *walk) nameAll(hits int, otherwise string) {
	w.t.Helper()
	w.see("map")
	w.until(fmt.Sprintf(`document.body.dataset.mapped === '%d'`, hits))
	w.press("a", input.ModifierCtrl)
	w.until(fmt.Sprintf(`document.body.dataset.picked === '%d'`, hits))
	w.press("1")
	w.saved()
	w.see("queue")
	w.first()
	w.press(otherwise)
	w.saved()
}

// first goes to the first hit of the queue.
func (w *walk) first() {
	w.t.Helper()
	w.do(chromedp.Evaluate(`Promise.all([import('./core.js'), import('./queue.js')]).then(([core, queue]) => queue.go(core.S.ids[0]))`, nil, awaited))
	w.until(`document.body.dataset.shown === '` + datatest.BurstID(1) + `' || document.getElementById('hit-facts').textContent.includes('hit 1 of')`)
}

func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// A labeller names 2,000 hits: a group at a time on the map, and 20 by hand. A second one, who is
// shown none of the names, does the same and hears four of them otherwise. Their kappa is that of
// the counts, and no word of the first has changed.
func TestALabellerAndASecond(t *testing.T) {
	const hits = 2000
	set := datatest.NewBursts(t, hits)
	w := open(t, set, false)
	asked := w.agrees()
	w.do(chromedp.Evaluate(`document.querySelector('#names-button').click()`, nil))
	for _, c := range []string{"kick", "hat"} {
		w.do(chromedp.Evaluate(`document.querySelector('#names-new').click(); (() => { const i = document.querySelector('#names-list').lastElementChild.querySelectorAll('input')[2]; i.value = '`+c+`'; i.dispatchEvent(new Event('input')); })()`, nil))
	}
	w.do(chromedp.Evaluate(`document.getElementById('names-form').requestSubmit()`, nil))
	w.until(`!document.getElementById('names').open`)
	w.nameAll(hits, "12121212121212121212")
	before, err := set.Labels()
	check(t, err)

	w.sit("ben", true)
	w.see("queue")
	if said := w.text(`[...document.querySelectorAll('#list .row b')].map((b) => b.textContent).filter((s) => s !== 'no name yet').length + document.querySelectorAll('#classes u').length`); said != "0" {
		t.Errorf("a second labeller is shown %s names or pre-labels", said)
	}
	w.nameAll(hits, "12121212121212122121")
	w.see("start")
	w.until(`document.getElementById('agree-b').options.length === 2`)
	w.do(chromedp.Evaluate(`document.getElementById('agree-go').click()`, nil))
	w.until(`document.body.dataset.compared === '2000'`)
	// Each has 1990 kicks and 10 hats, and they differ on 4.
	n := float64(hits)
	expected := (1990*1990 + 10*10) / (n * n)
	want := ((n-4)/n - expected) / (1 - expected)
	if got, err := strconv.ParseFloat(w.text(`document.body.dataset.kappa`), 64); err != nil || math.Abs(got-want) > 1e-6 {
		t.Errorf("kappa %v, want %.6f: %s", got, want, w.text(`document.getElementById('agree-facts').textContent`))
	}
	if got := w.text(`document.body.dataset.differ`); got != "0" {
		t.Errorf("a second labeller is shown %s places where they differ", got)
	}
	after, err := set.Labels()
	check(t, err)
	if fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("labels.jsonl had %d lines and has %d", len(before), len(after))
	}

	// The first one sees where they differ, and goes there.
	w.sit("ada", false)
	w.until(`document.getElementById('agree-b').options.length === 2`)
	w.do(chromedp.Evaluate(`document.getElementById('agree-go').click()`, nil))
	w.until(`document.querySelectorAll('#agree-list button').length === 4`)
	w.picture("agreement")
	w.do(chromedp.Evaluate(`document.querySelector('#agree-list button').click()`, nil))
	w.until(`document.getElementById('queue').checkVisibility()`)
	if *asked != 2 {
		t.Errorf("asked %d times before 2,000 hits were named, want twice", *asked)
	}
}

// A researcher corrects onsets and finds the hits again: what was moved, added and taken away
// stands, whatever a detector finds.
func TestAResearcherCorrects(t *testing.T) {
	set := datatest.NewBursts(t, 12)
	_, err := segment.Run(context.Background(), work.On(set, nil), segment.Default())
	check(t, err)
	w := open(t, set, false)
	w.do(chromedp.Evaluate(`(() => { const i = document.querySelector('#classes input'); i.value = 'kick'; i.form.requestSubmit(); })()`, nil))
	w.saved()
	for range 11 {
		w.press("1")
	}
	w.saved()
	w.first()
	w.see("recording")
	moved := w.onset(kb.ArrowRight, func() { w.press(kb.ArrowRight+kb.ArrowRight, input.ModifierAlt) })
	gone := w.onset(kb.ArrowRight, func() {})
	w.press("x")
	w.saved()
	w.press(kb.ArrowRight + kb.ArrowRight + kb.Escape + strings.Repeat("]", 60) + "a")
	w.saved()
	placed, said := map[int]bool{}, 0
	labels, err := set.Labels()
	check(t, err)
	for m, l := range data.Standing(labels) {
		if l.Moment == data.MomentPlaced && !l.Reject {
			placed[m.Onset] = true
		}
		if l.Class == "kick" {
			said++
		}
	}
	if len(placed) != 2 || !placed[moved] {
		t.Fatalf("placed are %v; moved to %d", placed, moved)
	}
	w.see("start")
	w.click(`document.getElementById('again')`)
	w.until(`document.body.dataset.taken`)
	hits, err := set.Hits()
	check(t, err)
	there := map[int]bool{}
	for _, h := range hits {
		there[h.Onset] = true
	}
	for at := range placed {
		if !there[at] {
			t.Errorf("no hit is at %d, where a person put one", at)
		}
	}
	examples, err := set.Examples()
	check(t, err)
	kicks := 0
	for _, e := range examples {
		if e.Class == "kick" {
			kicks++
		}
		if e.Onset == gone {
			t.Errorf("the hit at %d, which was taken away, is back as %q", gone, e.Class)
		}
	}
	if kicks != said || said < 8 {
		t.Errorf("%d hits are called kick, want the %d that were said to be", kicks, said)
	}
}

// onset presses keys that select a hit and does something to it, and returns its onset then.
func (w *walk) onset(keys string, do func()) (at int) {
	w.t.Helper()
	w.press(keys)
	do()
	w.saved()
	w.do(chromedp.Evaluate(`import('./core.js').then((c) => c.S.items.get(c.S.at).onset)`, &at, awaited))
	return at
}
