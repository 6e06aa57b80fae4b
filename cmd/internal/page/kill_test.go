package page

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"prep/cmd/internal/desk"
	"prep/data"
	"prep/data/datatest"
)

// servedSet names, in the environment of this test's own program, the set whose page it is to
// serve until it is killed.
const servedSet = "PREP_SERVED_SET"

// serveUntilKilled is a program that does what `prep label` does, and no more.
func serveUntilKilled(dir string) error {
	set, err := data.OpenWriter(dir)
	if err != nil {
		return err
	}
	d, err := desk.New(set, "ada")
	if err != nil {
		return err
	}
	l, guard, err := Listen(set, 0)
	if err != nil {
		return err
	}
	if os.Getenv(servedSick) != "" {
		failAtTimes(set)
	}
	fmt.Println(guard.URL())
	return New(set, d, Config{Settings: Settings{Classes: []string{"kick", "hat"}}, Guard: guard}).Serve(context.Background(), l)
}

// startServer starts that program, with more in its environment, and returns it, with the
// address of its page.
func startServer(t *testing.T, dir string, env ...string) (*exec.Cmd, string) {
	t.Helper()
	return startCommand(t, func() *exec.Cmd { return exec.Command(os.Args[0]) }, append(env, servedSet+"="+dir))
}

func startCommand(t *testing.T, command func() *exec.Cmd, env []string) (*exec.Cmd, string) {
	t.Helper()
	for try := 0; ; try++ {
		c := command()
		c.Env = append(os.Environ(), env...)
		out, err := c.StdoutPipe()
		check(t, err)
		check(t, c.Start())
		lines := bufio.NewScanner(out)
		if lines.Scan() {
			return c, lines.Text()
		}
		c.Wait()
		if try == 20 { // the lock of one that was killed may take a moment
			t.Fatal("the page is not served")
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// A program that is killed again and again while somebody names ten hits a second loses nothing
// that the page called saved, and does nothing twice; the rest is sent when it is back.
// $PREP_KILLS has it killed more often.
func TestKillsLoseNothing(t *testing.T) {
	ctx := browser(t)
	kills := 4
	if n, err := strconv.Atoi(os.Getenv("PREP_KILLS")); err == nil {
		kills = n
		var cancel context.CancelFunc
		ctx, cancel = chromedp.NewContext(browserRoot(t))
		defer cancel()
	}
	set := datatest.NewBursts(t, 2+12*kills)
	dir := set.Path()
	set.Close()
	server, url := startServer(t, dir)
	p := tab{t, ctx}
	p.run(chromedp.EmulateViewport(1280, 720), chromedp.Navigate(url))
	p.until(`document.body.dataset.shown && document.body.dataset.live`)
	p.run(chromedp.Evaluate(`window.pressed = 0; window.presses = setInterval(() => {
		if (window.pressed >= `+strconv.Itoa(1+12*kills)+`) { clearInterval(window.presses); return; }
		document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '1', code: 'Digit1', bubbles: true }));
		window.pressed++;
	}, 100); 0`, nil))
	random := rand.New(rand.NewPCG(7, 11))
	calledSaved := 0
	for range kills {
		time.Sleep(time.Duration(200+random.IntN(1500)) * time.Millisecond)
		saved, _ := strconv.Atoi(p.text(`(() => {
			const text = document.getElementById('saved').textContent, n = /^NOT SAVED: (\d+)$/.exec(text);
			return n ? window.pressed - n[1] : text === 'saved' || text === 'offline' ? window.pressed : 0;
		})()`))
		check(t, server.Process.Kill())
		server.Wait()
		if got := journalLength(t, dir); got < saved {
			t.Errorf("%d acts were called saved, the journal has %d", saved, got)
		}
		calledSaved += min(saved, 1)
		server, _ = startServer(t, dir)
	}
	defer func() { server.Process.Kill(); server.Wait() }()
	deadline := time.Now().Add(time.Minute)
	for p.text(`window.pressed + document.getElementById('saved').textContent`) != strconv.Itoa(1+12*kills)+"saved" && time.Now().Before(deadline) {
		time.Sleep(100 * time.Millisecond)
	}
	p.saved()
	labels, err := data.At(dir).Labels()
	check(t, err)
	type moment struct {
		recording string
		onset     int
	}
	seen := map[moment]bool{}
	for _, l := range labels {
		m := moment{l.Recording, l.Onset}
		if seen[m] || l.Class != "kick" {
			t.Errorf("the journal says %q of %d of %s again", l.Class, l.Onset, l.Recording)
		}
		seen[m] = true
	}
	if len(labels) != 1+12*kills {
		t.Errorf("%d hits were named, the journal has %d lines", 1+12*kills, len(labels))
	}
	t.Logf("%d kills, %d of them while the page said saved; %d acts, %d lines", kills, calledSaved, 1+12*kills, len(labels))
}

func journalLength(t *testing.T, dir string) int {
	t.Helper()
	labels, err := data.At(dir).Labels()
	check(t, err)
	return len(labels)
}
