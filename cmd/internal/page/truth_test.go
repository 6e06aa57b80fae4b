package page

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prep/data"
	"prep/data/datatest"
)

// restarts serves a set's page again and again at one address.
type restarts struct {
	client
	address string
}

// start serves the page, as a new process would.
func (r *restarts) start() {
	r.t.Helper()
	l, err := net.Listen("tcp", r.address)
	check(r.t, err)
	r.server = httptest.NewUnstartedServer(nil)
	r.server.Listener.Close()
	r.server.Listener, r.address = l, l.Addr().String()
	r.page = newPage(r.t, r.set, Config{Settings: Settings{Classes: []string{"kick", "hat"}}, Guard: Guard{testToken, []string{r.address}}})
	r.server.Config.Handler = r.page
	r.server.Start()
}

// stop ends it at once, as a killed process does.
func (r *restarts) stop() {
	r.server.CloseClientConnections()
	r.server.Config.Close()
	r.server.Close()
}

// What cannot be saved is told, shown as it was, kept over a reload and sent once the
// program is there again; nothing is done twice.
func TestWhatIsNotSavedIsToldAndSent(t *testing.T) {
	ctx := browser(t)
	r := &restarts{client: client{t: t, set: datatest.NewBursts(t, 12)}, address: "127.0.0.1:0"}
	r.start()
	p := r.open(t, ctx)
	p.press("1")
	p.saved()
	r.stop()
	p.until(`document.getElementById('saved').textContent === 'offline'`)
	p.press("2")
	p.until(`document.getElementById('saved').textContent === 'NOT SAVED: 1'`)
	p.press("1")
	p.until(`document.getElementById('saved').textContent === 'NOT SAVED: 2'`)
	if got := r.said(); len(got) != 1 {
		t.Errorf("the journal says %q", got)
	}
	rows := `[...document.querySelectorAll('#list .row b')].slice(0, 3).map((b) => b.textContent).join()`
	if got := p.text(rows); got != "kick,no name yet,no name yet" {
		t.Errorf("the page shows %q, want what is on disk", got)
	}
	r.start()
	p.saved()
	if got := r.said(); len(got) != 3 || !strings.HasSuffix(got[1], " hat") || !strings.HasSuffix(got[2], " kick") {
		t.Errorf("after a restart the journal says %q, want two more", got)
	}
	p.until(rows + ` === 'kick,hat,kick'`)

	r.stop()
	p.until(`document.getElementById('saved').textContent === 'offline'`)
	p.press("2")
	p.until(`document.getElementById('saved').textContent === 'NOT SAVED: 1'`)
	kept := p.text(`Object.keys(localStorage).length`)
	if kept != "1" {
		t.Errorf("%s entries are kept, want 1", kept)
	}
	r.start()
	p = r.open(t, browser(t)) // another tab sends it as well as the first
	p.saved()
	if got := r.said(); len(got) != 4 {
		t.Errorf("after a restart, in two tabs, the journal says %q, want one more", got)
	}
	if kept := p.text(`Object.keys(localStorage).length`); kept != "0" {
		t.Errorf("%s entries are left of what is saved", kept)
	}
	r.stop()
}

// An act that is asked for again, because its answer was lost, is done once, by another
// process too.
func TestAnActIsDoneOnce(t *testing.T) {
	set := datatest.NewBursts(t, 4)
	c := serve(t, set, Settings{})
	for _, body := range []string{
		`{"id":"a/1","do":"label","ids":["` + id(1) + `"],"class":"kick"}`,
		`{"id":"a/2","do":"add","recording":"` + firstRecording(t, set) + `","onset":77,"class":"hat"}`,
		`{"id":"a/3","do":"undo"}`,
	} {
		for range 2 {
			if status, text := c.do(http.MethodPost, "/"+testToken+"/act", body); status != http.StatusOK {
				t.Fatalf("%s: %d %s", body, status, text)
			}
		}
	}
	if got := c.said(); len(got) != 3 {
		t.Errorf("the journal says %q, want a line an act", got)
	}
	c.page = newPage(t, set, c.page.config)
	c.server.Config.Handler = c.page
	if status, _ := c.do(http.MethodPost, "/"+testToken+"/act", `{"id":"a/3","do":"undo"}`); status != http.StatusOK || len(c.said()) != 3 {
		t.Errorf("asked again of another process: %d, the journal says %q", status, c.said())
	}
	if status, _ := c.do(http.MethodPost, "/"+testToken+"/act", `{"id":"`+strings.Repeat("x", 65)+`","do":"undo"}`); status != http.StatusBadRequest {
		t.Errorf("an ID of 65 bytes: %d", status)
	}
}

// A page finds its port and token again; a port that is taken is left to who has it.
func TestSessionsLast(t *testing.T) {
	set := datatest.NewBursts(t, 2)
	first, guard, err := Listen(set, 0)
	check(t, err)
	_, other, err := Listen(set, 0)
	check(t, err)
	if other.Token != guard.Token || other.Hosts[0] == guard.Hosts[0] {
		t.Errorf("beside another: %v, first %v", other, guard)
	}
	first.Close()
	set2 := datatest.NewBursts(t, 2)
	one, at, err := Listen(set2, 0)
	check(t, err)
	one.Close()
	again, same, err := Listen(set2, 0)
	check(t, err)
	defer again.Close()
	if same.Token != at.Token || same.Hosts[0] != at.Hosts[0] {
		t.Errorf("again: %v, before %v", same, at)
	}
	if _, _, err := Listen(set, again.Addr().(*net.TCPAddr).Port); err == nil || !strings.Contains(err.Error(), "is taken by another program") {
		t.Errorf("a port that is taken: %v", err)
	}
}

// Nothing is read from or written through a session file that is a link or that others can
// read.
func TestSessionsOfStrangers(t *testing.T) {
	set := datatest.NewBursts(t, 2)
	path, outside := set.Path(SessionFile), filepath.Join(t.TempDir(), "mine")
	token := strings.Repeat("x", 26)
	for _, plant := range []func() error{
		func() error {
			return errors.Join(os.WriteFile(outside, []byte(`{"port":1,"token":"`+token+`"}`), 0o600), os.Symlink(outside, path))
		},
		func() error { return os.WriteFile(path, []byte(`{"port":1,"token":"`+token+`"}`), 0o644) },
	} {
		os.Remove(path)
		if err := plant(); err != nil {
			t.Skip(err)
		}
		l, guard, err := Listen(set, 0)
		check(t, err)
		l.Close()
		if guard.Token == token {
			t.Error("a stranger's token was taken")
		}
		if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() || info.Mode().Perm() != 0o600 {
			t.Errorf("the session file is %v, %v", info.Mode(), err)
		}
	}
	if text, err := os.ReadFile(outside); err != nil || !strings.Contains(string(text), token) {
		t.Errorf("a file outside of the set was written: %q, %v", text, err)
	}
}

// firstRecording returns the first recording of a set.
func firstRecording(t *testing.T, set *data.Set) string {
	t.Helper()
	r, err := set.Recordings()
	check(t, err)
	return r[0].ID
}
