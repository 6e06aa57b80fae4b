package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"prep/data"
	"prep/data/corpus"
)

// labelling is `prep label` under way.
type labelling struct {
	url    string
	stop   func()
	ended  chan error
	stdout *bytes.Buffer
}

// sessionMost bounds a session of a test, and with it all that waits for one.
const sessionMost = 2 * time.Minute

// client asks pages, which answer soon.
var client = http.Client{Timeout: 20 * time.Second}

var printedURL = regexp.MustCompile(`http://\S+/`)

// startLabel runs prep label and waits for the address that it prints.
func startLabel(t *testing.T, args ...string) labelling {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), sessionMost)
	r, w := io.Pipe()
	l := labelling{stop: cancel, ended: make(chan error, 1), stdout: new(bytes.Buffer)}
	go func() {
		_, err := execute(ctx, append([]string{"label"}, args...), l.stdout, w)
		w.CloseWithError(err)
		l.ended <- err
	}()
	t.Cleanup(cancel)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if l.url = printedURL.FindString(lines.Text()); l.url != "" {
			go io.Copy(io.Discard, r)
			return l
		}
	}
	t.Fatalf("prep label ended without an address: %v", lines.Err())
	return l
}

// smallSet ingests and segments a small corpus.
func smallSet(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 1, 1, 8
	takes, set := filepath.Join(dir, "takes"), filepath.Join(dir, "set")
	if err := corpus.Write(takes, c); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"ingest", takes}, {"segment"}} {
		if code, err := execute(context.Background(), append(args, "--set", set, "-q"), io.Discard, io.Discard); code != 0 || err != nil {
			t.Fatalf("%v: %d, %v", args, code, err)
		}
	}
	return set
}

// TestLabelSession labels a hit over HTTP, moves it, ends the session, and
// makes hits of what was said.
func TestLabelSession(t *testing.T) {
	set := smallSet(t)
	l := startLabel(t, "--set", set, "--who", "ada", "--json")
	var state struct {
		Items []struct {
			ID    string
			Onset int
		}
	}
	get(t, l.url+"state", &state)
	if len(state.Items) < 6 {
		t.Fatalf("%d items", len(state.Items))
	}
	first := state.Items[0]
	post(t, l.url, `{"do":"label","ids":["`+first.ID+`"],"class":"boots"}`)
	post(t, l.url, `{"do":"move","ids":["`+first.ID+`"],"onset":`+jsonOf(t, first.Onset+44)+`}`)
	if _, err := execute(context.Background(), []string{"segment", "--set", set, "-q"}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "locked") {
		t.Errorf("segment meanwhile: %v", err)
	}
	l.stop()
	select {
	case err := <-l.ended:
		if err != nil {
			t.Errorf("prep label ends with %v", err)
		}
	case <-time.After(sessionMost):
		t.Fatal("prep label does not end")
	}
	if !strings.Contains(l.stdout.String(), `"labelled": 1`) {
		t.Errorf("it says %s", l.stdout)
	}
	if _, err := execute(context.Background(), []string{"segment", "--onsets", "annotation", "--set", set, "-q"}, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	wantMoved(t, set, first.Onset+44)
}

func wantMoved(t *testing.T, dir string, onset int) {
	t.Helper()
	set, err := data.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	examples, err := set.Examples()
	if err != nil {
		t.Fatal(err)
	}
	if e := examples[0]; e.Onset != onset || e.Class != "boots" {
		t.Errorf("the first hit is %q at %d, want boots at %d", e.Class, e.Onset, onset)
	}
}

func get(t *testing.T, url string, v any) {
	t.Helper()
	r, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(v); err != nil {
		t.Fatal(err)
	}
}

func post(t *testing.T, base, body string) {
	t.Helper()
	q, err := http.NewRequest(http.MethodPost, base+"act", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Origin", "http://"+q.URL.Host)
	r, err := client.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(r.Body)
		t.Fatalf("%s: %s: %s", body, r.Status, text)
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestLabelPortTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	_, err = execute(context.Background(), []string{"label", "--set", smallSet(t), "--who", "ada", "--port", port}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "port "+port+" is taken by another program") {
		t.Errorf("%v", err)
	}
}

// A killed page has on disk every action that it answered, and gives the lock
// back.
func TestLabelKilled(t *testing.T) {
	set := smallSet(t)
	ctx, cancel := context.WithTimeout(context.Background(), sessionMost)
	defer cancel()
	cmd := exec.CommandContext(ctx, "prep", "label", "--set", set, "--who", "ada")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stderr).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url := printedURL.FindString(line)
	var state struct{ Items []struct{ ID string } }
	get(t, url+"state", &state)
	for _, it := range state.Items {
		post(t, url, `{"do":"label","ids":["`+it.ID+`"],"class":"boots"}`)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	s, err := data.OpenWriter(set)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	labels, err := s.Labels()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, l := range labels {
		if l.Class == "boots" {
			n++
		}
	}
	if n != len(state.Items) {
		t.Errorf("%d of %d answered labels are on disk", n, len(state.Items))
	}
}

// TestLabelRetrain labels the hits of three voices while the program runs:
// without any model at first, then with pre-labels of one that it trained on
// the labels so far, then of one that it trained on more.
func TestLabelRetrain(t *testing.T) {
	dir := t.TempDir()
	set, takes, config := filepath.Join(dir, "set"), filepath.Join(dir, "takes"), filepath.Join(dir, "prep.yaml")
	c := corpus.Default()
	c.Voices, c.TakesPerVoice, c.HitsPerTake = 3, 1, 8
	err := errors.Join(corpus.Write(takes, c),
		os.WriteFile(config, []byte("ingest: {group_from: '^([^/]+)/'}\ntrain: {folds: 3, epochs: 1}\n"), 0o666))
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"ingest", takes}, {"segment"}} {
		if code, err := execute(context.Background(), append(args, "--config", config, "--set", set, "-q"), io.Discard, io.Discard); code != 0 || err != nil {
			t.Fatalf("%v: %d, %v", args, code, err)
		}
	}
	if err := os.WriteFile(filepath.Join(set, data.LabelsFile), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	l := startLabel(t, "--set", set, "--who", "ada", "--config", config, "--retrain", "10")
	first := itemsOf(t, l.url)
	classes := []string{"boots", "cats"}
	if slices.ContainsFunc(first, func(it labelItem) bool { return it.Guess != nil }) {
		t.Error("there is a guess before anything was learnt")
	}
	notes := notesOf(t, l.url)
	seen := fmt.Sprint(first)
	for n := range 2 {
		for i := n * 10; i < (n+1)*10; i++ {
			it := first[(i%10)*len(first)/10+n] // of all voices
			post(t, l.url, `{"do":"label","ids":["`+it.ID+`"],"class":"`+classes[i%2]+`"}`)
		}
		for _, want := range []string{"Training on ", "The pre-labels are the new model's."} {
			if got := <-notes; !strings.HasPrefix(got, want) {
				t.Fatalf("the page is told %q, want %q", got, want)
			}
		}
		items := itemsOf(t, l.url)
		wantGuesses(t, items)
		now := fmt.Sprint(items)
		if now == seen {
			t.Error("the new model says what the one before said")
		}
		seen = now
	}
}

type labelItem struct {
	ID    string
	Guess []int
}

func itemsOf(t *testing.T, url string) []labelItem {
	t.Helper()
	var state struct{ Items []labelItem }
	get(t, url+"state", &state)
	return state.Items
}

// wantGuesses wants every hit to have a guess, a thousand thousandths over the
// two classes.
func wantGuesses(t *testing.T, items []labelItem) {
	t.Helper()
	for _, it := range items {
		if len(it.Guess) != 2 || it.Guess[0]+it.Guess[1] < 998 || it.Guess[0]+it.Guess[1] > 1002 {
			t.Fatalf("%s: the guess is %v", it.ID, it.Guess)
		}
	}
}

// notesOf returns what the page is told from now on; the channel is closed when
// the session ends.
func notesOf(t *testing.T, url string) <-chan string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), sessionMost)
	t.Cleanup(cancel)
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	notes := make(chan string, 10)
	go func() {
		defer close(notes)
		defer r.Body.Close()
		events := bufio.NewScanner(r.Body)
		for events.Scan() {
			var u struct{ Note string }
			text, _ := strings.CutPrefix(events.Text(), "data: ")
			if json.Unmarshal([]byte(text), &u) == nil && u.Note != "" {
				notes <- u.Note
			}
		}
	}()
	return notes
}
