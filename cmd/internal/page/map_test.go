package page

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"prep/data"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"prep/data/datatest"
)

// chart returns what the page is told of the map.
func (c client) chart(query string) (m chart) {
	c.t.Helper()
	status, text := c.do("GET", "/token/map"+query, "")
	if status != 200 {
		c.t.Fatalf("%d %s", status, text)
	}
	check(c.t, json.Unmarshal([]byte(text), &m))
	return m
}

// embedByThrees is a model that hears every third burst as alike.
func embedByThrees(_ context.Context, hits []data.Hit) ([][]float32, error) {
	vectors := make([][]float32, len(hits))
	for i, h := range hits {
		vectors[i] = []float32{float32(h.Onset / spacing % 3), 1}
	}
	return vectors, nil
}

// Where a model embeds hits, they lie by that, however they sound.
func TestChartByAModel(t *testing.T) {
	c := serve(t, datatest.NewBursts(t, 12), Settings{})
	if status, text := c.do("GET", "/token/map?by=model", ""); status != 404 || !strings.Contains(text, "prep train") {
		t.Errorf("without a model: %d %s", status, text)
	}
	c.page.config.Embed = embedByThrees
	m := c.chart("?groups=3&by=model")
	for i := range m.IDs {
		if m.X[i] != m.X[i%3] || i < 3 && i > 0 && m.X[i] == m.X[0] {
			t.Fatalf("not laid out by the model: %v", m.X)
		}
	}
	if sound := c.chart("?groups=3"); !m.Model || sound.Model || reflect.DeepEqual(sound.X, m.X) {
		t.Error("the page lays out the same by sound, or does not say by what")
	}
	tab := c.open(t, browser(t))
	tab.run(chromedp.Click("[data-view=map]"), chromedp.Poll(`document.body.dataset.mapped === '12'`, nil), chromedp.Click("#map-by"))
	tab.until(`document.getElementById('map-share').textContent.startsWith('What the set’s model hears as alike')`)
	// The model's answer comes after that to a later question: it is not shown.
	tab.run(chromedp.Click("#map-by"))
	tab.until(`document.getElementById('map-share').textContent.startsWith('What sounds alike')`)
	tab.run(chromedp.Evaluate(`(() => {
		const now = window.fetch;
		window.late = 0;
		window.fetch = async (path, ...more) => {
			const answer = await now(path, ...more);
			if (path.endsWith('by=model')) { await new Promise((r) => setTimeout(r, 500)); late++; }
			return answer;
		};
	})()`, nil), chromedp.Click("#map-by"), chromedp.Click("#map-by"))
	tab.until(`late === 1`)
	if got := tab.text(`document.getElementById('map-share').textContent + document.getElementById('map-by').getAttribute('aria-pressed')`); !strings.HasPrefix(got, "What sounds alike") || !strings.HasSuffix(got, "false") {
		t.Errorf("after the late answer the map says %q", got)
	}
}

// The chart has every hit that nobody rejected; a name changes what is odd, and where nothing lies.
func TestChart(t *testing.T) {
	c := serve(t, datatest.NewBursts(t, 40), Settings{})
	m := c.chart("?groups=2")
	if len(m.IDs) != 40 || len(m.Groups) != 2 || m.Groups[0].Size != 20 || m.Group[0] == m.Group[1] || m.Group[0] != m.Group[2] {
		t.Errorf("%d hits in groups %v: %v", len(m.IDs), m.Groups, m.Group)
	}
	var ids []string
	for n := 1; n <= 39; n += 2 {
		ids = append(ids, id(n))
	}
	c.act(`{'do':'label','ids':['` + strings.Join(append(ids, id(2)), `','`) + `'],'class':'low'}`)
	named := c.chart("?groups=2")
	if i := slices.Index(named.IDs, id(2)); !named.Odd[i] || m.Odd[i] {
		t.Error("a high burst that is called low is not odd, or was before")
	}
	if !reflect.DeepEqual(named.X, m.X) || !reflect.DeepEqual(named.Y, m.Y) {
		t.Error("names have moved hits")
	}
	c.act(`{'do':'reject','ids':['` + id(1) + `']}`)
	if m := c.chart(""); len(m.IDs) != 39 || slices.Contains(m.IDs, id(1)) {
		t.Errorf("a rejected hit is on the map")
	}
	for _, bad := range []string{"0", "99", "x"} {
		if status, text := c.do("GET", "/token/map?groups="+bad, ""); status != 400 || !strings.Contains(text, "from 1 to 40") {
			t.Errorf("groups=%s: %d %s", bad, status, text)
		}
	}
	if m := serve(t, datatest.NewSet(t, datatest.Contents{}), Settings{}).chart(""); len(m.IDs) != 0 {
		t.Errorf("an empty set has %v", m)
	}
}

// toMap opens the map and waits for its hits.
func (p tab) toMap(hits int) {
	p.t.Helper()
	p.run(chromedp.Evaluate(`document.querySelector('[data-view=map]').click()`, nil))
	p.until(fmt.Sprintf(`document.body.dataset.mapped === '%d'`, hits))
}

// drag moves the pointer with its button down along places of the map, in shares of its sides.
func (p tab) drag(line ...[2]float64) {
	p.t.Helper()
	var box struct{ X, Y, Width, Height float64 }
	p.run(chromedp.Evaluate(`document.getElementById('chart').getBoundingClientRect().toJSON()`, &box))
	for i, at := range line {
		kind := input.MouseMoved
		if i == 0 {
			kind = input.MousePressed
		}
		p.run(chromedp.MouseEvent(kind, box.X+at[0]*box.Width, box.Y+at[1]*box.Height, chromedp.ButtonType(input.Left)))
	}
	last := line[len(line)-1]
	p.run(chromedp.MouseEvent(input.MouseReleased, box.X+last[0]*box.Width, box.Y+last[1]*box.Height, chromedp.ButtonType(input.Left)))
}

// A lasso names many hits in one act, which one undo takes back; of more than 50 it asks first.
func TestLassoNames(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 120), Settings{Classes: []string{"kick", "hat"}})
	p := c.open(t, ctx)
	answer, asked := false, 0
	chromedp.ListenTarget(ctx, func(e any) {
		if d, ok := e.(*page.EventJavascriptDialogOpening); ok && d.Type == page.DialogTypeConfirm {
			asked++
			go chromedp.Run(ctx, page.HandleJavaScriptDialog(answer))
		}
	})
	p.toMap(120)
	all := [][2]float64{{.001, .001}, {.5, .001}, {.999, .001}, {.999, .999}, {.001, .999}}
	p.drag(all...)
	p.until(`document.body.dataset.picked === '120'`)
	p.press("1")
	if asked != 1 || len(c.said()) != 0 {
		t.Errorf("asked %d times; %d lines are written though the answer was no", asked, len(c.said()))
	}
	answer = true
	p.press("1")
	p.saved()
	if got := c.page.Stats(); got.Classes["kick"] != 120 {
		t.Errorf("named are %v", got.Classes)
	}
	p.press("u")
	p.saved()
	if got := c.page.Stats(); got.Labelled != 0 {
		t.Errorf("after one undo %d are named", got.Labelled)
	}
	// Low and high bursts lie apart: a half holds one kind, and is not asked about when it is small.
	p.press(kb.Escape)
	p.drag([2]float64{.001, .001}, [2]float64{.5, .001}, [2]float64{.5, .999}, [2]float64{.001, .999})
	p.until(`+document.body.dataset.picked > 0`)
	p.press("2")
	p.saved()
	odd := map[int]int{}
	for _, it := range c.items() {
		if it.Class == "hat" {
			odd[it.Onset/spacing%2]++
		}
	}
	if len(odd) != 1 {
		t.Errorf("left of the middle are %v of the kinds", odd)
	}
}

// All of the map is reached by keyboard: to the nearest hit, hear it, its group, the odd ones.
func TestMapByKeyboard(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 40), Settings{Classes: []string{"kick", "hat"}})
	p := c.open(t, ctx)
	p.press("vvv")
	p.until(`document.body.dataset.mapped === '40'`)
	p.press(kb.ArrowRight + kb.ArrowLeft) // wherever the first hit lies, there is one
	p.until(`document.body.dataset.chart`)
	first := p.text(`document.body.dataset.chart`)
	p.press(kb.ArrowLeft + kb.ArrowUp + kb.ArrowDown)
	p.until(`document.body.dataset.chart !== '` + first + `'`)
	p.until(`document.getElementById('map-facts').textContent.includes('take-000.wav at ')`)
	p.press("--++0.")
	p.until(`+document.body.dataset.picked > 0`)
	n := p.text(`document.body.dataset.picked`)
	p.press("2")
	p.saved()
	if got := fmt.Sprint(c.page.Stats().Classes["hat"]); got != n {
		t.Errorf("%s are named, %s were selected", got, n)
	}
	// Hover hears.
	p.run(chromedp.Evaluate(`(() => { const c = document.getElementById('chart'); for (let x = 0; x < c.clientWidth; x += 4) c.dispatchEvent(new PointerEvent('pointermove', { clientX: c.getBoundingClientRect().x + x, clientY: c.getBoundingClientRect().y + c.clientHeight / 2, bubbles: true })); })()`, nil))
	p.until(`document.body.dataset.hovered`)
}
