package page

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"prep/data/datatest"
)

// number evaluates an expression to a number.
func (p tab) number(js string) float64 {
	p.t.Helper()
	x, err := strconv.ParseFloat(p.text(js), 64)
	check(p.t, err)
	return x
}

// The playhead moves at the speed of what sounds, and a click goes on from there.
func TestPlayheadAndSeek(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 300), Settings{Classes: []string{"kick"}})
	p := c.open(t, ctx)
	p.press("v0" + kb.Escape + ".")
	p.until(`+document.body.dataset.head > 6000 && !document.getElementById('rec-head').hidden`)
	at := func() (sample, pixel float64) {
		return p.number(`document.body.dataset.head`), p.number(`parseFloat(document.getElementById('rec-head').style.left) - document.getElementById('wave').offsetLeft`)
	}
	// What is where: the line is over the sample that sounds, of 301 bursts' time in sight.
	if sample, pixel := at(); pixel < 0 || pixel > (sample+44100)/(301*spacing)*p.number(`document.getElementById('wave').clientWidth`) {
		t.Errorf("sample %.0f is under pixel %.1f", sample, pixel)
	}
	var speed float64
	measure := `new Promise((done) => { const a = +document.body.dataset.head, t = performance.now();
		setTimeout(() => done((document.body.dataset.head - a) / (performance.now() - t) / 44.1), 1500); })`
	p.run(chromedp.Evaluate(measure, &speed, awaited))
	if speed < 0.8 || speed > 1.2 {
		t.Errorf("the playhead moves at %.2f of the sound's speed", speed)
	}
	p.run(chromedp.Evaluate(`(() => { const b = document.getElementById('overview').getBoundingClientRect();
		document.getElementById('overview').dispatchEvent(Object.assign(new MouseEvent('click', { clientX: b.x + b.width / 2, clientY: b.y + 5 }))); })()`, nil))
	p.until(fmt.Sprintf(`+document.body.dataset.head > %d`, 150*spacing-100))
	p.press(".")
	p.until(`!document.body.dataset.playing && document.getElementById('rec-head').hidden`)
	p.run(chromedp.Evaluate(`delete document.body.dataset.head`, nil)) // where it was when it stopped
	p.press("ss.")
	p.until(`document.body.dataset.playing && document.body.dataset.head`)
	p.run(chromedp.Evaluate(measure, &speed, awaited))
	if speed < 0.2 || speed > 0.3 {
		t.Errorf("at a quarter the playhead moves at %.2f of the sound's speed", speed)
	}
}

// A loop goes on until it is told not to, and what was chosen stays over a reload.
func TestLoop(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 3), Settings{Classes: []string{"kick"}})
	p := c.open(t, ctx)
	p.press("l ")
	p.until(`document.body.dataset.playing`)
	var playing bool
	p.run(chromedp.Evaluate(`new Promise((done) => setTimeout(() => done(document.body.dataset.playing === 'yes'), 900))`, &playing, awaited))
	if !playing {
		t.Error("the loop has ended")
	}
	if got := p.text(`document.querySelector('#queue .hearing [aria-pressed]').ariaPressed`); got != "true" {
		t.Errorf("the button of the loop is %s", got)
	}
	p = c.open(t, ctx)
	if got := p.text(`document.querySelector('#recording .hearing [aria-pressed]').ariaPressed`); got != "true" {
		t.Errorf("after a reload the button of the loop is %s", got)
	}
	p.press("l")
	p.until(`!document.body.dataset.playing`)
	p.press(" ")
	p.until(`document.body.dataset.playing`)
	p.until(`!document.body.dataset.playing`)
}

// Louder is as loud as goes without clipping; the picture's settings change the picture.
func TestLouderAndPicture(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 3), Settings{Classes: []string{"kick"}})
	p := c.open(t, ctx)
	picture := func() string { return p.text(`document.getElementById('hit-picture').toDataURL()`) }
	before := picture()
	p.run(chromedp.SetValue("#look-scale", "linear"), chromedp.Evaluate(`document.getElementById('look-scale').dispatchEvent(new Event('change'))`, nil))
	p.until(`document.getElementById('hit-picture').toDataURL() !== ` + quoted(before))
	p.run(chromedp.Evaluate(`(() => {
		const set = AudioParam.prototype.setValueAtTime;
		AudioParam.prototype.setValueAtTime = function (v, t) { document.body.dataset.gain = Math.max(v, document.body.dataset.gain || 0); return set.call(this, v, t); };
		const gain = document.querySelector('#queue .hearing input'); gain.value = 40; gain.dispatchEvent(new Event('input')); })()`, nil))
	p.press(" ")
	p.until(`document.body.dataset.gain`)
	peak := 0.0
	for _, v := range datatest.Bursts(3)[spacing-132 : spacing+2000] {
		peak = max(peak, float64(v), -float64(v))
	}
	if got := p.number(`document.body.dataset.gain`); got*peak > 1.0001 || got*peak < 0.999 {
		t.Errorf("a hit with peak %.3f is played %.3f times as loud", peak, got)
	}
	p.run(chromedp.Evaluate(`localStorage.clear()`, nil))
}
