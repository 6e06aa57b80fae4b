//go:build pictures

package page

import (
	"context"
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
	c.page.config.Embed = embedByThrees
	p := c.open(t, ctx)
	p.press("1231123x12")
	p.saved()
	for _, theme := range []string{"dark", "light"} {
		picture(t, ctx, c, theme)
	}
}

func picture(t *testing.T, ctx context.Context, c client, theme string) {
	for _, width := range []int64{390, 768, 1280, 2560} {
		p := tab{t, ctx}
		p.run(chromedp.EmulateViewport(width, min(width*2, 1100)), chromedp.Navigate(c.server.URL+"/"+testToken+"/"))
		p.until(`document.body.dataset.shown && document.body.dataset.live`)
		p.theme(theme)
		for _, view := range []string{"start", "queue", "recording", "sheet", "map", "play", "names", "help"} {
			p.see(view)
			p.run(chromedp.Sleep(400e6))
			var png []byte
			p.run(chromedp.CaptureScreenshot(&png))
			check(t, os.WriteFile(filepath.Join(os.Getenv("PREP_PICTURES"), fmt.Sprintf("%s-%s-%d.png", view, theme, width)), png, 0o666))
		}
	}
}
