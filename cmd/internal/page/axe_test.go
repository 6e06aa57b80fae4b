package page

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"prep/data/datatest"
)

// finding is a rule of axe-core that the page breaks.
type finding struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target         []any
		FailureSummary string
	}
}

// axe checks what is in sight by axe-core's rules of WCAG 2.1 A and AA and its best practices.
func (p tab) axe(script string) (all []finding) {
	p.t.Helper()
	var text string
	p.run(chromedp.Evaluate(`window.axe ? 0 : (0, eval)(`+quoted(script)+`), 0`, nil),
		chromedp.Evaluate(`axe.run(document).then((r) => JSON.stringify(r.violations))`, &text, awaited))
	check(p.t, json.Unmarshal([]byte(text), &all))
	return all
}

func quoted(text string) string {
	b, _ := json.Marshal(text)
	return string(b)
}

// axeScript returns axe-core, or skips the test where $PREP_AXE does not say where it is.
func axeScript(t *testing.T) string {
	t.Helper()
	file := os.Getenv("PREP_AXE")
	if file == "" {
		t.Skip("PREP_AXE is not set: give it the path of axe.min.js (npm pack axe-core) to check the page by axe-core")
	}
	script, err := os.ReadFile(file)
	check(t, err)
	return string(script)
}

// No view has a serious finding of axe-core, light or dark, wide or narrow.
func TestAxe(t *testing.T) {
	script := axeScript(t)
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 40), Settings{Classes: []string{"kick", "hat", "snare"}})
	c.page.config.Embed = embedByThrees
	for _, theme := range []string{"dark", "light"} {
		for _, width := range []int64{390, 1280} {
			p := c.open(t, ctx)
			p.run(chromedp.EmulateViewport(width, 800))
			p.theme(theme)
			for _, view := range []string{"start", "queue", "recording", "sheet", "map", "play", "names", "help"} {
				p.see(view)
				found, serious := p.axe(script), 0
				for _, f := range found {
					if f.Impact == "serious" || f.Impact == "critical" {
						serious++
						t.Errorf("%s, %s, %d px: %s: %s (%d)", view, theme, width, f.ID, f.Help, len(f.Nodes))
					} else {
						t.Logf("%s, %s, %d px: %s: %s: %s (%d)", view, theme, width, f.Impact, f.ID, f.Help, len(f.Nodes))
					}
					for _, n := range f.Nodes[:min(len(f.Nodes), 3)] {
						t.Logf("  %v: %s", n.Target, strings.ReplaceAll(n.FailureSummary, "\n", " "))
					}
				}
				t.Logf("%s, %s, %d px: %d findings, %d serious", view, theme, width, len(found), serious)
			}
		}
	}
}

// theme gives the page a theme.
func (p tab) theme(name string) {
	p.t.Helper()
	p.run(chromedp.Evaluate(`(() => { const s = document.getElementById('theme'); s.value = '`+name+`'; s.dispatchEvent(new Event('change')); })()`, nil))
	p.until(`getComputedStyle(document.documentElement).colorScheme === '` + name + `'`)
}

// see opens a view, or a dialog over the queue.
func (p tab) see(view string) {
	p.t.Helper()
	p.run(chromedp.Evaluate(`document.querySelectorAll('dialog').forEach((d) => d.close()); document.getElementById('note').hidden = true;
		document.querySelector('[data-view=`+view+`], #`+view+`-button').click()`, nil))
	p.until(`document.getElementById('` + view + `').checkVisibility()`)
}
