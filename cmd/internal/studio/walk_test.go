package studio

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"prep/cmd/internal/config"
	"prep/data"
	"prep/data/pcm"
	"prep/data/work"
	"prep/ingest"
)

// performer is a performer of VOPEC who recorded each sound alone, and a take of all of them.
const performer = "../../../../shared/recordings/vopec/ARF"

// walk is a newcomer at the page, with a browser whose microphone plays a file.
type walk struct {
	t      *testing.T
	ctx    context.Context
	file   string // what the microphone hears
	studio *Studio
	pause  time.Duration // before each step, as a person reads and thinks
	steps  int
}

// newWalk serves a new set and opens its page.
func newWalk(t *testing.T, dir string) *walk {
	t.Helper()
	if testing.Short() {
		t.Skip("no browser in short mode")
	}
	if _, err := os.Stat(performer); err != nil {
		t.Skip("no recordings to play to the microphone: ", err)
	}
	set, err := data.Create(dir)
	check(t, err)
	w := open(t, set, true)
	w.until(`document.body.dataset.next`)
	return w
}

// open serves a set and opens its page: at its start, or else at the queue.
func open(t *testing.T, set *data.Set, start bool) *walk {
	t.Helper()
	if testing.Short() {
		t.Skip("no browser in short mode")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("autoplay-policy", "no-user-gesture-required"))
	path := cmp.Or(lookPath("chromium"), lookPath("chromium-browser"), lookPath("google-chrome"))
	if path == "" {
		t.Skip("no Chromium here: the page is not tested in a browser")
	}
	w := &walk{t: t, file: filepath.Join(t.TempDir(), "microphone.wav")}
	var err error
	w.studio, err = Open(work.On(set, nil), config.Default(), Options{Who: "ada", Learn: start, Tell: func(s string) { t.Log(s) }})
	check(t, err)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- w.studio.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
		set.Close()
	})
	options = append(options, chromedp.ExecPath(path),
		chromedp.Flag("use-fake-ui-for-media-stream", true), chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("use-file-for-fake-audio-capture", w.file+"%noloop"))
	all, end := chromedp.NewExecAllocator(context.Background(), options...)
	w.ctx, _ = chromedp.NewContext(all, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(func() { chromedp.Cancel(w.ctx); end() })
	w.do(chromedp.EmulateViewport(1280, 720), chromedp.Navigate(w.studio.URL()))
	w.until(`document.body.dataset.ready`)
	return w
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *walk) do(actions ...chromedp.Action) {
	w.t.Helper()
	check(w.t, chromedp.Run(w.ctx, actions...))
}

func (w *walk) text(js string) (s string) {
	w.t.Helper()
	w.do(chromedp.Evaluate("String("+js+")", &s))
	return s
}

func (w *walk) until(js string) {
	w.t.Helper()
	err := chromedp.Run(w.ctx, chromedp.Poll("!!("+js+")", nil, chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(60*time.Second)))
	if err != nil {
		w.t.Fatalf("%s: %v; the page says %q", js, err, w.text(`document.body.innerText`))
	}
}

// click is a step of the newcomer's.
func (w *walk) click(what string) {
	w.t.Helper()
	time.Sleep(w.pause)
	w.steps++
	w.do(chromedp.Evaluate(what+`.click()`, nil))
}

// button returns what finds a button by the beginning of its words.
func button(words string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('#start button, #play button')].find((b) => b.checkVisibility() && b.innerText.startsWith(%q))`, words)
}

// hears has the microphone play the first seconds of a take, and returns how long they are.
func (w *walk) hears(name string, from, seconds float64) time.Duration {
	w.t.Helper()
	path := filepath.Join(performer, name+"_ARF.wav")
	to := filepath.Join(w.t.TempDir(), "canonical.wav")
	r, err := ingest.Convert(w.t.Context(), path, 44100, to)
	check(w.t, err)
	a, err := data.OpenAudio(to)
	check(w.t, err)
	defer a.Close()
	first := int(from * 44100)
	n := min(r.Samples-first, int(seconds*44100))
	samples := make([]float32, n+44100) // and a second of silence
	check(w.t, a.ReadAt(samples[:n], first))
	check(w.t, pcm.Int16.WriteFile(w.file, data.Clip{Rate: 44100, Samples: samples}))
	return time.Duration(float64(n)/44100*1000+700) * time.Millisecond
}

// record makes a take of a sound, and returns how many hits came of it.
func (w *walk) record(sound, take string, seconds float64) int {
	w.t.Helper()
	long := w.hears(take, 0, seconds)
	before := w.text(`document.body.dataset.taken`)
	w.click(button(sound))
	w.until(`document.body.dataset.recording === '` + sound + `'`)
	time.Sleep(long)
	w.picture("start-recording")
	w.click(button("Stop"))
	w.until(`document.body.dataset.taken && document.body.dataset.taken !== '` + before + `'`)
	var recordings, found, named int
	fmt.Sscan(w.text(`document.body.dataset.taken`), &recordings, &found, &named)
	if recordings != 1 || found == 0 || named != found {
		w.t.Errorf("a take of %s gave %d recordings, %d hits, %d named", sound, recordings, found, named)
	}
	return found
}

// learned waits until the page knows a model of so many sounds, made of all that is named.
func (w *walk) learned(sounds, hits int) {
	w.t.Helper()
	w.until(fmt.Sprintf(`document.getElementById('model-facts').textContent.split(', from ')[0].split(',').length === %d`, sounds))
	deadline := time.Now().Add(30 * time.Second)
	for w.studio.page.Known().Hits != hits && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	if k := w.studio.page.Known(); k.Hits != hits {
		w.t.Fatalf("the model learned from %d hits, want %d", k.Hits, hits)
	}
}

// From an empty folder to a model of one's own that names the next take as it sounds. With
// $PREP_PAUSE, as in 2s, a newcomer rests before each step and records whole takes; $PREP_PICTURES
// is a folder for pictures of the steps.
func TestFromNothingToPlaying(t *testing.T) {
	w := newWalk(t, filepath.Join(t.TempDir(), "mine"))
	if pause, err := time.ParseDuration(os.Getenv("PREP_PAUSE")); err == nil {
		w.pause = pause
		w.walkThrough(t, 12, 11)
		return
	}
	w.walkThrough(t, 4, 8)
}

// picture keeps what is to be seen now, where pictures are wanted.
func (w *walk) picture(name string) {
	w.t.Helper()
	dir := os.Getenv("PREP_PICTURES")
	if dir == "" {
		return
	}
	var png []byte
	w.do(chromedp.CaptureScreenshot(&png))
	check(w.t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o666))
}

func (w *walk) walkThrough(t *testing.T, recordSeconds, playSeconds float64) {
	begun := time.Now()
	if got := w.text(`document.body.dataset.next`); got != "sounds" {
		t.Errorf("the first step is %q", got)
	}
	w.click(button("kick, hat, snare"))
	w.until(`document.body.dataset.next === 'record'`)
	total := 0
	for _, take := range [][2]string{{"kick", "Kick"}, {"hat", "HH"}, {"snare", "Snare"}} {
		n := w.record(take[0], take[1], recordSeconds)
		t.Logf("%s: %d hits", take[0], n)
		total += n
	}
	w.learned(3, total)
	w.picture("start-learned")
	long := w.hears("Freestyle", 0, playSeconds)
	w.click(button("Play"))
	w.until(`document.getElementById('play').checkVisibility()`)
	w.click(button("Listen"))
	time.Sleep(long)
	w.picture("start-play")
	w.click(button("Stop"))
	heard, _ := strconv.Atoi(w.text(`document.body.dataset.heard`))
	right, of := w.agreement()
	t.Logf("%d steps, %.0f s; %d hits heard, %d of %d labelled ones named rightly; name %s ms, 99 %% %s ms, drum %s ms", w.steps, time.Since(begun).Seconds(), heard, right, of,
		w.text(`document.body.dataset.lateName`), w.text(`document.body.dataset.late99`), w.text(`document.body.dataset.lateSound`))
	if of == 0 || 2*right < of {
		t.Errorf("%d of %d hits were named rightly", right, of)
	}
	w.keptAsRecorded(t)
}

// agreement compares what the page heard with the labels of the take, at the shift at which most
// of the two meet: the microphone does not say when it began.
func (w *walk) agreement() (right, of int) {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(performer, "Freestyle_ARF.txt"))
	check(w.t, err)
	called := map[string]string{"Kick": "kick", "HH": "hat", "Snare": "snare"}
	var want, got []moment
	for line := range strings.Lines(string(text)) {
		var from, to float64
		var name string
		if n, _ := fmt.Sscan(line, &from, &to, &name); n == 3 {
			want = append(want, moment{from, called[name]})
		}
	}
	for line := range strings.Lines(w.text(`[...document.querySelectorAll('#play-list li')].map((li) => li.dataset.onset + ' ' + li.dataset.class).join('\n')`)) {
		var m moment
		if _, err := fmt.Sscan(line, &m.onset, &m.class); err == nil {
			got = append(got, m)
		}
	}
	for _, a := range want {
		for _, b := range got {
			if r, n := meet(want, got, b.onset-a.onset); n > of || n == of && r > right {
				right, of = r, n
			}
		}
	}
	return right, of
}

// moment is a hit of a class, in seconds.
type moment struct {
	onset float64
	class string
}

// meet counts the moments of got that lie within 8 ms of one of want, moved by a shift, and those
// of them that bear its class.
func meet(want, got []moment, shift float64) (right, of int) {
	for _, g := range got {
		for _, w := range want {
			if math.Abs(g.onset-w.onset-shift) < 0.008 {
				of++
				if g.class == w.class {
					right++
				}
				break
			}
		}
	}
	return right, of
}

// keptAsRecorded wants what the browser recorded in the set: the takes, in a table that ingest
// reads, and nothing that check finds wrong.
func (w *walk) keptAsRecorded(t *testing.T) {
	t.Helper()
	recordings, err := w.studio.set.Recordings()
	check(t, err)
	if len(recordings) != 3 {
		t.Fatalf("%d recordings, want 3", len(recordings))
	}
	for _, r := range recordings {
		if r.Group != "ada" || r.Meta["sound"] == "" || r.Meta["date"] == "" || r.Meta["device"] == "" || r.Codec == "" || r.Note != "" {
			t.Errorf("kept as %+v", r)
		}
	}
	problems, err := w.studio.set.Check(t.Context(), nil)
	if err != nil || len(problems) > 0 {
		t.Errorf("check finds %v, %v", problems, err)
	}
	if _, err := os.Stat(w.studio.set.Path("models", "ada", "model.json")); err != nil {
		t.Error(err)
	}
}

// lookPath returns where a program is, or "".
func lookPath(name string) string {
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	return path
}
