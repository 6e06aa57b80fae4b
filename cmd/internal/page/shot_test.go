//go:build pictures

package page

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"prep/data/datatest"
)

// TestPictures writes a picture of each view at four widths into $PREP_PICTURES, to be looked at.
func TestPictures(t *testing.T) {
	ctx := browser(t)
	c := serve(t, datatest.NewBursts(t, 60), Settings{Classes: []string{"kick", "hat", "snare"}})
	for _, width := range []int64{390, 768, 1280, 2560} {
		p := tab{t, ctx}
		p.run(chromedp.EmulateViewport(width, min(width*2, 1100)), chromedp.Navigate(c.server.URL+"/"+testToken+"/"))
		p.until(`document.body.dataset.shown && document.body.dataset.live`)
		for _, view := range []string{"start", "queue", "recording", "sheet", "map", "play"} {
			p.run(chromedp.Evaluate(`document.querySelector('[data-view=`+view+`]').click()`, nil))
			p.until(`document.getElementById('` + view + `').checkVisibility()`)
			p.run(chromedp.Sleep(400e6))
			var png []byte
			p.run(chromedp.CaptureScreenshot(&png))
			check(t, os.WriteFile(filepath.Join(os.Getenv("PREP_PICTURES"), fmt.Sprintf("%s-%d.png", view, width)), png, 0o666))
		}
	}
}
