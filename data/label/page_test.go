package label

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"prep/data"
	"prep/data/datatest"
)

const (
	testRate = data.Rate(44100)
	spacing  = 4410 // samples between the hits of a test set
)

// newSet makes a set of one recording a 500 hits: bursts that decay, of two
// pitches in turn.
func newSet(t testing.TB, hits int) *data.Set {
	t.Helper()
	c := datatest.Contents{Audio: map[string][]float32{}}
	for first := 0; first < hits; first += 500 {
		id := fmt.Sprintf("%016x", first+1)
		n := min(500, hits-first)
		c.Audio[id] = fiveHundred()[:(n+1)*spacing]
		c.Recordings = append(c.Recordings, data.Recording{ID: id, Name: fmt.Sprintf("take-%03d.wav", first/500), Group: "ada", Rate: testRate})
		for i := range n {
			at := (i + 1) * spacing
			c.Hits = append(c.Hits, data.Hit{ID: data.HitID(id, at), Recording: id, Start: at - 132, Onset: at, End: at + 2000,
				Offset: at + 1800, Found: data.FoundDetected, Mark: data.NoMark, Confidence: 1})
		}
	}
	return datatest.NewSet(t, c)
}

// fiveHundred is the audio of a full recording; shorter ones are its beginning.
var fiveHundred = sync.OnceValue(func() []float32 { return bursts(500) })

func bursts(n int) []float32 {
	x := make([]float32, n*spacing+spacing)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		for k := range 2000 {
			tone := math.Sin(2 * math.Pi * float64(200+600*(i%2)) * float64(k) / float64(testRate))
			x[(i+1)*spacing+k] = float32(0.5 * math.Exp(-float64(k)/400) * (tone + 0.2*r.NormFloat64()))
		}
	}
	return x
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// client talks to a page as its own script would.
type client struct {
	t      testing.TB
	server *httptest.Server
	set    *data.Set
	page   *Page
}

const testToken = "token"

func serve(t testing.TB, set *data.Set, s Settings) client {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	page, err := New(set, Config{Settings: s, Who: "ada", Token: testToken, Hosts: []string{server.Listener.Addr().String()}})
	check(t, err)
	server.Config.Handler = page
	server.Start()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return client{t, server, set, page}
}

func (c client) do(method, path, body string, headers ...string) (int, string) {
	c.t.Helper()
	q, err := http.NewRequest(method, c.server.URL+path, strings.NewReader(body))
	check(c.t, err)
	if method == http.MethodPost {
		q.Header.Set("Origin", c.server.URL)
	}
	for i := 0; i < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			q.Host = headers[i+1]
		}
	}
	r, err := http.DefaultClient.Do(q)
	check(c.t, err)
	defer r.Body.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(r.Body)
	check(c.t, err)
	return r.StatusCode, b.String()
}

// act does an action that must succeed, given as JSON with ' for ".
func (c client) act(body string) update {
	c.t.Helper()
	status, text := c.do("POST", "/token/act", strings.ReplaceAll(body, "'", `"`))
	if status != http.StatusOK {
		c.t.Fatalf("%s: %d %s", body, status, text)
	}
	var u update
	check(c.t, json.Unmarshal([]byte(text), &u))
	return u
}

// said returns the journal as words: "onset class" with "-" for taken back and
// "x" for rejected.
func (c client) said() (words []string) {
	c.t.Helper()
	labels, err := c.set.Labels()
	check(c.t, err)
	for _, l := range labels {
		word := l.Class
		if l.Reject {
			word = "x"
		} else if word == "" {
			word = "-"
		}
		words = append(words, fmt.Sprintf("%d %s", l.Onset, word))
	}
	return words
}

func id(n int) string { return data.HitID("0000000000000001", n*spacing) }

func TestPageRefusesStrangers(t *testing.T) {
	c := serve(t, newSet(t, 3), Settings{})
	const body = `{"do":"undo"}`
	for _, tc := range []struct {
		name, method, path string
		headers            []string
		want               int
	}{
		{"the page", "GET", "/token/", nil, 200},
		{"its state", "GET", "/token/state", nil, 200},
		{"no token", "GET", "/", nil, 403},
		{"another token", "GET", "/tokem/state", nil, 403},
		{"another host", "GET", "/token/state", []string{"Host", "evil.example"}, 403},
		{"another origin", "GET", "/token/state", []string{"Origin", "http://evil.example"}, 403},
		{"another site", "GET", "/token/state", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"an action", "POST", "/token/act", nil, 409},
		{"an action without origin", "POST", "/token/act", []string{"Origin", ""}, 403},
		{"an action of another origin", "POST", "/token/act", []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"an action of no origin", "POST", "/token/act", []string{"Origin", "null"}, 403},
		{"nothing", "GET", "/token/nothing", nil, 404},
		{"a file above", "GET", "/token/../doc.go", nil, 404},
		{"a file above, encoded", "GET", "/token/%2e%2e/doc.go", nil, 404},
		{"a file of the system", "GET", "/token//etc/passwd", nil, 404},
		{"a file of the system, encoded", "GET", "/token/..%2f..%2fetc%2fpasswd", nil, 404},
		{"the set's journal", "GET", "/token/labels.jsonl", nil, 404},
		{"audio by a path", "GET", "/token/audio?rec=../labels.jsonl&from=0&to=9", nil, 404},
		{"an unknown method", "DELETE", "/token/state", []string{"Origin", ""}, 403},
		{"no host", "GET", "/token/state", []string{"Host", "localhost"}, 403},
	} {
		if status, text := c.do(tc.method, tc.path, body, tc.headers...); status != tc.want {
			t.Errorf("%s: %d, want %d: %s", tc.name, status, tc.want, text)
		}
	}
}

func TestActionsAreLines(t *testing.T) {
	for _, tc := range []struct {
		name    string
		actions []string
		want    []string // the journal
		classes []string // of the first items then: "onset class"
	}{
		{"name", []string{`{'do':'label','ids':['1'],'class':'kick'}`}, []string{"4410 kick"}, []string{"4410 kick", "8820 ", "13230 "}},
		{"the same again", []string{`{'do':'label','ids':['1'],'class':'kick'}`, `{'do':'label','ids':['1'],'class':'kick'}`},
			[]string{"4410 kick"}, []string{"4410 kick", "8820 ", "13230 "}},
		{"reject", []string{`{'do':'reject','ids':['2']}`}, []string{"8820 x"}, []string{"4410 ", "8820 x", "13230 "}},
		{"name many", []string{`{'do':'label','ids':['1','3'],'class':'hat'}`}, []string{"4410 hat", "13230 hat"},
			[]string{"4410 hat", "8820 ", "13230 hat"}},
		{"move", []string{`{'do':'label','ids':['1'],'class':'kick'}`, `{'do':'move','ids':['1'],'onset':4454}`},
			[]string{"4410 kick", "4454 kick", "4410 -"}, []string{"4454 kick", "8820 ", "13230 "}},
		{"name and move", []string{`{'do':'label','ids':['1'],'class':'kick','onset':4366}`},
			[]string{"4366 kick", "4410 -"}, []string{"4366 kick", "8820 ", "13230 "}},
		{"move twice and back", []string{`{'do':'label','ids':['1'],'class':'kick'}`, `{'do':'move','ids':['1'],'onset':4454}`,
			`{'do':'move','ids':['1'],'onset':4490}`, `{'do':'move','ids':['1'],'onset':4410}`},
			[]string{"4410 kick", "4454 kick", "4410 -", "4490 kick", "4454 -", "4410 kick", "4490 -"},
			[]string{"4410 kick", "8820 ", "13230 "}},
		{"delete", []string{`{'do':'delete','ids':['1']}`}, []string{"4410 x"}, []string{"4410 x", "8820 ", "13230 "}},
		{"delete what was moved", []string{`{'do':'label','ids':['1'],'class':'kick','onset':4366}`, `{'do':'delete','ids':['1']}`},
			[]string{"4366 kick", "4410 -", "4366 x"}, []string{"4366 x", "8820 ", "13230 "}},
		{"add and delete", []string{`{'do':'add','recording':'0000000000000001','onset':100,'class':'kick'}`,
			`{'do':'delete','ids':['0000000000000001-000000100']}`},
			[]string{"100 kick", "100 -"}, []string{"4410 ", "8820 ", "13230 "}},
		{"add and move", []string{`{'do':'add','recording':'0000000000000001','onset':100,'class':'kick'}`,
			`{'do':'move','ids':['0000000000000001-000000100'],'onset':200}`},
			[]string{"100 kick", "200 kick", "100 -"}, []string{"200 kick", "4410 ", "8820 "}},
		{"merge", []string{`{'do':'label','ids':['1'],'class':'kick'}`, `{'do':'add','recording':'0000000000000001','onset':5000,'class':'hat'}`,
			`{'do':'merge','ids':['1','0000000000000001-000005000']}`},
			[]string{"4410 kick", "5000 hat", "5000 -", "4410 kick"}, []string{"4410 kick", "8820 ", "13230 "}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := serve(t, newSet(t, 3), Settings{})
			for _, a := range tc.actions {
				c.act(expand(a))
			}
			if got := c.said(); !reflect.DeepEqual(got, tc.want) {
				t.Errorf("the journal says %q, want %q", got, tc.want)
			}
			c.shows(tc.classes)
			// A page that starts anew sees the same, and can undo all of it.
			again := client{t, c.server, c.set, reopened(t, c.set)}
			again.shows(tc.classes)
			undoAll(t, again.page)
			again.shows([]string{"4410 ", "8820 ", "13230 "})
			if l := data.Standing(journalOf(t, c.set)); len(l) != 0 {
				t.Errorf("after all is undone %v stands", l)
			}
		})
	}
}

// expand writes '1' for the ID of the first hit.
func expand(action string) string {
	for n := 1; n <= 3; n++ {
		action = strings.ReplaceAll(action, fmt.Sprintf("'%d'", n), "'"+id(n)+"'")
	}
	return action
}

func journalOf(t testing.TB, set *data.Set) []data.Label {
	labels, err := set.Labels()
	check(t, err)
	return labels
}

func reopened(t testing.TB, set *data.Set) *Page {
	p, err := New(set, Config{Who: "ada", Token: testToken})
	check(t, err)
	return p
}

func undoAll(t testing.TB, p *Page) {
	for n := len(p.journal.done); n > 0; n-- {
		if _, err := p.act(request{Do: "undo"}); err != nil {
			t.Fatal(err)
		}
		if len(p.journal.done) != n-1 {
			t.Fatalf("undo leaves %d actions of %d", len(p.journal.done), n)
		}
	}
}

// shows wants the first items to be as in words: "onset class".
func (c client) shows(want []string) {
	c.t.Helper()
	var got []string
	for _, it := range c.page.items[0][:len(want)] {
		word := it.Class
		if it.Reject {
			word = "x"
		}
		got = append(got, fmt.Sprintf("%d %s", it.Onset, word))
	}
	if !reflect.DeepEqual(got, want) {
		c.t.Errorf("the page shows %q, want %q", got, want)
	}
}

// Random actions: whatever was done, undoing all of it leaves what stood, and a
// reopened page is the same page.
func TestUndoIsTheInverse(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 0))
		set := newSet(t, 3)
		first := []data.Label{{Recording: "0000000000000001", Onset: spacing, Class: "snare", By: data.ByImport},
			{Recording: "0000000000000001", Onset: 2*spacing + 30, Class: "hat", By: data.ByImport},
			{Recording: "0000000000000001", Onset: 3 * spacing, Class: "hat", By: data.ByHuman, Who: "ben", Time: "2026-01-01T00:00:00Z"}}
		check(t, set.AppendLabels(first...))
		p := reopened(t, set)
		before, undoable := data.Standing(first), len(p.journal.done)
		for range 15 {
			it := p.items[0][r.IntN(len(p.items[0]))]
			at := it.Onset + r.IntN(200) - 100
			q := []request{{Do: "label", IDs: []string{it.ID}, Class: []string{"kick", "hat"}[r.IntN(2)]},
				{Do: "move", IDs: []string{it.ID}, Onset: &at}, {Do: "reject", IDs: []string{it.ID}}, {Do: "undo"},
				{Do: "delete", IDs: []string{it.ID}}, {Do: "add", Recording: first[0].Recording, Onset: &at, Class: "kick"}}[r.IntN(6)]
			if q.Do == "undo" && len(p.journal.done) == undoable {
				continue
			}
			if _, err := p.act(q); err != nil && statusOf(err) != http.StatusConflict {
				t.Fatalf("seed %d: %+v: %v", seed, q, err)
			}
			again := reopened(t, set)
			if !reflect.DeepEqual(again.items, p.items) {
				t.Fatalf("seed %d: after %+v a reopened page shows\n%v, not\n%v", seed, q, again.items, p.items)
			}
		}
		for len(p.journal.done) > undoable {
			_, err := p.act(request{Do: "undo"})
			check(t, err)
		}
		if got := data.Standing(journalOf(t, set)); !equalWords(got, before) {
			t.Errorf("seed %d: after all is undone %v stands, not %v", seed, got, before)
		}
	}
}

// Saying by hand what stood before is no undo: undo takes that back too.
func TestUndoTakesBackCorrections(t *testing.T) {
	c := serve(t, newSet(t, 3), Settings{})
	for _, class := range []string{"kick", "hat", "kick"} {
		c.act(expand(`{'do':'label','ids':['1'],'class':'` + class + `'}`))
	}
	for _, want := range []string{"4410 hat", "4410 kick", "4410 "} {
		c.act(`{'do':'undo'}`)
		c.shows([]string{want})
		client{t, c.server, c.set, reopened(t, c.set)}.shows([]string{want})
	}
}

// An undo names what it takes back, and a line that another program wrote
// without a time is where undo ends.
func TestUndoSaysWhatItUndoes(t *testing.T) {
	set := newSet(t, 3)
	c := serve(t, set, Settings{})
	c.act(expand(`{'do':'label','ids':['1','2'],'class':'kick'}`))
	c.act(`{'do':'undo'}`)
	lines := journalOf(t, set)
	for i, l := range lines {
		if want := []string{"", "", lines[0].Time, lines[0].Time}[i]; l.Undoes != want || l.Time == lines[0].Time != (i < 2) {
			t.Errorf("line %d: %+v, want it to undo %q", i, l, want)
		}
	}
	c.act(expand(`{'do':'label','ids':['3'],'class':'kick'}`))
	check(t, set.AppendLabels(data.Label{Recording: "0000000000000001", Onset: spacing, Class: "hat", By: data.ByHuman, Who: "ben"}))
	again := client{t, c.server, set, reopened(t, set)}
	again.shows([]string{"4410 hat", "8820 ", "13230 kick"})
	if _, err := again.page.act(request{Do: "undo"}); statusOf(err) != http.StatusConflict {
		t.Errorf("undo reaches behind a line without a time: %v", err)
	}
}

// A hit that a label was attached to is named where that label is, also once it
// has been taken back.
func TestNamedAtTheMark(t *testing.T) {
	set := newSet(t, 2)
	hits, err := set.Hits()
	check(t, err)
	hits[0].Mark = spacing + 30
	check(t, set.WriteHits(hits))
	c := serve(t, set, Settings{})
	c.act(expand(`{'do':'label','ids':['1'],'class':'kick'}`))
	c.act(expand(`{'do':'label','ids':['2'],'class':'hat'}`))
	if got, want := c.said(), []string{"4440 kick", "8820 hat"}; !reflect.DeepEqual(got, want) {
		t.Errorf("the journal says %q, want %q", got, want)
	}
	c.shows([]string{"4410 kick", "8820 hat"})
}

func equalWords(a, b map[data.Moment]data.Label) bool {
	if len(a) != len(b) {
		return false
	}
	for m, l := range a {
		if !sameWord(l, b[m]) {
			return false
		}
	}
	return true
}

// Where an import stands, a moved moment is rejected, so that reading the label
// file again does not bring it back.
func TestMovingWhatWasImported(t *testing.T) {
	set := newSet(t, 2)
	check(t, set.AppendLabels(data.Label{Recording: "0000000000000001", Onset: spacing, Class: "snare", By: data.ByImport}))
	c := serve(t, set, Settings{})
	c.act(expand(`{'do':'move','ids':['1'],'onset':4454}`))
	if got, want := c.said(), []string{"4410 snare", "4454 snare", "4410 x"}; !reflect.DeepEqual(got, want) {
		t.Errorf("the journal says %q, want %q", got, want)
	}
	c.shows([]string{"4454 snare", "8820 "})
	c.act(`{'do':'undo'}`)
	c.shows([]string{"4410 snare", "8820 "})
}

func TestMalformedRequests(t *testing.T) {
	c := serve(t, newSet(t, 3), Settings{})
	for _, tc := range []struct {
		body string
		want int
	}{
		{``, 400}, {`{`, 400}, {`[]`, 400}, {`{"do":"fly","ids":["` + id(1) + `"]}`, 400}, {`{"du":"label"}`, 400},
		{`{"do":"label"}`, 400}, {`{"do":"label","ids":["nobody"],"class":"kick"}`, 404},
		{`{"do":"label","ids":["` + id(1) + `"],"class":" "}`, 400},
		{`{"do":"label","ids":["` + id(1) + `"],"class":"a\nb"}`, 400},
		{`{"do":"move","ids":["` + id(1) + `"],"onset":4500}`, 409}, // it has no class yet
		{`{"do":"label","ids":["` + id(1) + `"],"class":"a","onset":-1}`, 400},
		{`{"do":"label","ids":["` + id(1) + `"],"class":"a","onset":99999999}`, 400},
		{`{"do":"label","ids":["` + id(1) + `"],"class":"a","onset":8820}`, 409}, // another hit is there
		{`{"do":"add","class":"a","onset":5}`, 404}, {`{"do":"merge","ids":["` + id(1) + `"]}`, 400}, {`{"do":"undo"}`, 409},
	} {
		if status, text := c.do("POST", "/token/act", tc.body); status != tc.want || !strings.Contains(text, `"error"`) {
			t.Errorf("%s: %d, want %d: %s", tc.body, status, tc.want, text)
		}
	}
	for _, path := range []string{"audio?rec=nobody&from=0&to=9", "audio?rec=0000000000000001", "audio?rec=0000000000000001&from=9&to=9",
		"audio?rec=0000000000000001&from=0&to=99999999", "peaks?rec=0000000000000001&from=0&to=99&n=0", "thumbs?ids=x",
		"spectrogram?rec=0000000000000001&from=0&to=99&w=9&h=99999", "order?like=x", "pitch?rec=0000000000000001&from=0&to=99999"} {
		if status, text := c.do("GET", "/token/"+path, ""); status != 400 && status != 404 || !strings.Contains(text, `"error"`) {
			t.Errorf("%s: %d: %s", path, status, text)
		}
	}
	if got := c.said(); got != nil {
		t.Errorf("the journal says %q", got)
	}
}

func TestJournalEditedByHand(t *testing.T) {
	set := newSet(t, 3)
	c := serve(t, set, Settings{})
	c.act(expand(`{'do':'label','ids':['1'],'class':'kick'}`))
	nonsense := "not a line\n"
	f, err := os.OpenFile(set.Path(data.LabelsFile), os.O_APPEND|os.O_WRONLY, 0)
	check(t, err)
	_, err = f.WriteString(nonsense)
	check(t, err)
	f.Close()
	was, err := os.ReadFile(set.Path(data.LabelsFile))
	check(t, err)
	if status, text := c.do("POST", "/token/act", `{"do":"reject","ids":["`+id(2)+`"]}`); status != 409 || !strings.Contains(text, "another program") {
		t.Errorf("%d %s", status, text)
	}
	if now, _ := os.ReadFile(set.Path(data.LabelsFile)); !bytes.Equal(now, was) {
		t.Error("the journal was written")
	}
	if status, _ := c.do("GET", "/token/state", ""); status != 200 {
		t.Errorf("the page is not shown any more: %d", status)
	}
	if _, err := New(set, Config{}); err == nil || !strings.Contains(err.Error(), "labels.jsonl:2: ") {
		t.Errorf("opening it: %v", err)
	}
}

// An edit that keeps the length is an edit too.
func TestJournalEditedInPlace(t *testing.T) {
	set := newSet(t, 3)
	c := serve(t, set, Settings{})
	c.act(expand(`{'do':'label','ids':['1'],'class':'kick'}`))
	text, err := os.ReadFile(set.Path(data.LabelsFile))
	check(t, err)
	check(t, os.WriteFile(set.Path(data.LabelsFile), bytes.Replace(text, []byte("kick"), []byte("clap"), 1), 0o666))
	check(t, os.Chtimes(set.Path(data.LabelsFile), time.Time{}, time.Now().Add(time.Second)))
	if status, text := c.do("POST", "/token/act", `{"do":"reject","ids":["`+id(2)+`"]}`); status != 409 {
		t.Errorf("%d %s", status, text)
	}
}

func TestAudioIsExact(t *testing.T) {
	c := serve(t, newSet(t, 3), Settings{})
	want := append(make([]float32, 10), bursts(3)[:spacing+500]...)
	_, text := c.do("GET", fmt.Sprintf("/token/audio?rec=0000000000000001&from=-10&to=%d", spacing+500), "")
	got := make([]float32, len(text)/4)
	check(t, binary.Read(strings.NewReader(text), binary.LittleEndian, got))
	if !reflect.DeepEqual(got, want) {
		t.Error("the samples are not those of the recording")
	}
	for _, to := range []int{2000, 4 * spacing} { // sample by sample, and by blocks
		_, text = c.do("GET", fmt.Sprintf("/token/peaks?rec=0000000000000001&from=0&to=%d&n=10", to), "")
		pairs := make([]float32, len(text)/4)
		check(t, binary.Read(strings.NewReader(text), binary.LittleEndian, pairs))
		lo, hi := extremes(bursts(3)[:to])
		if gotLo, gotHi := extremes(pairs); len(pairs) != 20 || gotLo != lo || gotHi != hi {
			t.Errorf("peaks to %d: %d values from %g to %g, want 20 from %g to %g", to, len(pairs), gotLo, gotHi, lo, hi)
		}
	}
}

func TestSpectrogramShowsTheTone(t *testing.T) {
	c := serve(t, newSet(t, 3), Settings{})
	for n, hz := range map[int]float64{1: 200, 2: 800} {
		_, text := c.do("GET", fmt.Sprintf("/token/spectrogram?rec=0000000000000001&from=%d&to=%d&w=1&h=128", n*spacing-1800, n*spacing+2400), "")
		best := 0
		for row := range 128 {
			if text[row] > text[best] {
				best = row
			}
		}
		got := melHz(mel(lowHz) + (mel(highHz)-mel(lowHz))*(float64(best)+0.5)/128)
		if math.Abs(got-hz) > 45 {
			t.Errorf("hit %d: the loudest row is at %.0f Hz, want %.0f", n, got, hz)
		}
	}
	if _, text := c.do("GET", "/token/thumbs?ids="+id(1)+","+id(2), ""); len(text) != 2*thumbSide*thumbSide {
		t.Errorf("two thumbnails are %d bytes", len(text))
	}
}

func TestOrders(t *testing.T) {
	c := serve(t, newSet(t, 6), Settings{})
	var ids []string
	_, text := c.do("GET", "/token/order?like="+id(2), "")
	check(t, json.Unmarshal([]byte(text), &ids))
	if len(ids) != 6 || ids[0] != id(2) || ids[1] != id(4) && ids[1] != id(6) {
		t.Errorf("most like hit 2 are %v", ids)
	}
	for n := 1; n <= 5; n += 2 {
		c.act(fmt.Sprintf(`{'do':'label','ids':['%s'],'class':'low'}`, id(n)))
	}
	c.act(fmt.Sprintf(`{'do':'label','ids':['%s'],'class':'low'}`, id(2))) // a high one
	_, text = c.do("GET", "/token/order?unlike=low", "")
	check(t, json.Unmarshal([]byte(text), &ids))
	if len(ids) != 4 || ids[0] != id(2) {
		t.Errorf("least like its class are %v", ids)
	}
}

func TestKappa(t *testing.T) {
	var labels []data.Label
	say := func(who, class string, onset int) {
		labels = append(labels, data.Label{Recording: "r", Onset: onset, Class: class, Reject: class == "", By: data.ByHuman, Who: who})
	}
	// Cohen's textbook table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: kappa 0.4.
	n := 0
	for pair, count := range map[[2]string]int{{"y", "y"}: 20, {"y", ""}: 5, {"", "y"}: 10, {"", ""}: 15} {
		for range count {
			n += 1000
			say("a", "other", n) // said and corrected
			say("a", pair[0], n)
			say("b", pair[1], n+3)
		}
	}
	g, err := Agree(labels, "a", "b", 10)
	check(t, err)
	if math.Abs(g.Kappa-0.4) > 1e-12 || g.Moments != 50 || g.Observed != 0.7 || len(g.Differ) != 2 || g.Differ[0].Count != 10 {
		t.Errorf("%+v", g)
	}
	if _, err := Agree(labels, "a", "nobody", 10); err == nil || !strings.Contains(err.Error(), "names a, b") {
		t.Errorf("nobody: %v", err)
	}
}

// Four classes, against sklearn 1.9.1: cohen_kappa_score of the labels that
// this table of counts stands for.
func TestKappaOfManyClasses(t *testing.T) {
	g, left := Agreement{}, map[[2]string]int{}
	for i, row := range [][]int{{20, 3, 1, 0}, {2, 15, 4, 1}, {0, 5, 10, 2}, {1, 0, 0, 6}} {
		for j, n := range row {
			left[[2]string{fmt.Sprint(i), fmt.Sprint(j)}] = n
			g.Moments += n
		}
	}
	g.measure(left)
	if want := 0.6225879682179342; math.Abs(g.Kappa-want) > 1e-12 {
		t.Errorf("kappa %v, want %v", g.Kappa, want)
	}
}

func TestSettings(t *testing.T) {
	for _, tc := range []struct {
		s  Settings
		ok bool
	}{
		{Settings{}, true},
		{Settings{Classes: []string{"kick"}, Keys: map[string]string{"k": "kick"}}, true},
		{Settings{Keys: map[string]string{"u": "kick"}}, false},
		{Settings{Keys: map[string]string{"kk": "kick"}}, false},
		{Settings{Classes: []string{""}}, false},
	} {
		if err := tc.s.Validate(); (err == nil) != tc.ok {
			t.Errorf("%v: %v", tc.s, err)
		}
	}
}

// The first time, with every hit to be drawn.
func BenchmarkMostLike(b *testing.B) {
	p, err := New(newSet(b, 10000), Config{Who: "ada", Token: testToken})
	check(b, err)
	for b.Loop() {
		clear(p.drawn)
		w := httptest.NewRecorder()
		check(b, p.serveOrder(w, httptest.NewRequest("GET", "/token/order?like="+id(2), nil)))
	}
}
