//go:build measure

package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestLabelPictures draws the pictures of docs/label.md from a demo's set, of
// which it labels some hits:
//
//	prep demo --set /tmp/demo
//	PREP_LABEL_SET=/tmp/demo PREP_LABEL_PICTURES=../../docs/img go test -tags measure ./cmd/prep -run TestLabelPictures
func TestLabelPictures(t *testing.T) {
	set, dir := os.Getenv("PREP_LABEL_SET"), os.Getenv("PREP_LABEL_PICTURES")
	if set == "" || dir == "" {
		t.Skip("set PREP_LABEL_SET to a demo's set and PREP_LABEL_PICTURES to a folder to draw the pictures")
	}
	l := startLabel(t, "--set", set, "--who", "ada", "-q")
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox,
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	press := func(keys string, mods ...input.Modifier) chromedp.Action {
		return chromedp.ActionFunc(func(ctx context.Context) error {
			for _, k := range keys {
				if err := chromedp.KeyEvent(string(k), chromedp.KeyModifiers(mods...)).Do(ctx); err != nil {
					return err
				}
				time.Sleep(800 * time.Millisecond) // the pace of a person
			}
			return nil
		})
	}
	picture := func(name string) chromedp.Action {
		return chromedp.ActionFunc(func(ctx context.Context) error {
			time.Sleep(4 * time.Second) // until notes are gone
			png, err := screenshot(ctx)
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, name), png, 0o666)
		})
	}
	err := chromedp.Run(ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(l.url),
		chromedp.Poll(`document.body.dataset.shown && document.querySelector('#classes u')`, nil),
		press(kb.Enter+kb.Enter+kb.Enter+kb.Enter+kb.Enter+kb.Enter+kb.Enter+kb.Enter), picture("label-queue.png"),
		press("v"), picture("label-recording.png"),
		press("v["), press("]"), chromedp.Sleep(time.Second), press(kb.ArrowRight+kb.ArrowRight, input.ModifierShift), picture("label-sheet.png"),
		chromedp.EmulateViewport(768, 1024), emulation.SetTouchEmulationEnabled(true), chromedp.Navigate(l.url),
		chromedp.Poll(`document.body.dataset.shown && document.querySelector('#classes u')`, nil), picture("label-tablet.png"))
	if err != nil {
		t.Fatal(err)
	}
}

func screenshot(ctx context.Context) ([]byte, error) {
	var png []byte
	err := chromedp.CaptureScreenshot(&png).Do(ctx)
	return png, err
}
