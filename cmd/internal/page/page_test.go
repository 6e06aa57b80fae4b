package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"prep/cmd/internal/desk"
	"prep/data"
	"prep/data/datatest"
)

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

func newPage(t testing.TB, set *data.Set, c Config) *Page {
	t.Helper()
	d, err := desk.New(set, "ada")
	check(t, err)
	return New(set, d, c)
}

func serve(t testing.TB, set *data.Set, s Settings) client {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	page := newPage(t, set, Config{Settings: s, Guard: Guard{testToken, []string{server.Listener.Addr().String()}}})
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
	r, err := (&http.Client{Timeout: patience}).Do(q)
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

// shows wants the first items to be as in words: "onset class".
func (c client) shows(want []string) {
	c.t.Helper()
	var got []string
	for _, it := range c.items()[:len(want)] {
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

// items returns what the page shows of all recordings.
func (c client) items() []item { return c.state().Items }

func (c client) state() (s state) {
	c.t.Helper()
	_, text := c.do("GET", "/token/state", "")
	check(c.t, json.Unmarshal([]byte(text), &s))
	return s
}

func id(n int) string { return datatest.BurstID(n) }

func TestPageRefusesStrangers(t *testing.T) {
	c := serve(t, datatest.NewBursts(t, 3), Settings{})
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

func TestMalformedRequests(t *testing.T) {
	c := serve(t, datatest.NewBursts(t, 3), Settings{})
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
	if status, text := c.do("GET", "/token/pitch?rec=0000000000000001&from=4410&to=8000", ""); status != 200 || !strings.Contains(text, `"f0":`) {
		t.Errorf("a pitch: %d %s", status, text)
	}
	for _, path := range []string{"audio?rec=nobody&from=0&to=9", "audio?rec=0000000000000001", "audio?rec=0000000000000001&from=9&to=9",
		"audio?rec=0000000000000001&from=0&to=99999999", "peaks?rec=0000000000000001&from=0&to=99&n=0", "thumbs?ids=x",
		"spectrogram?rec=0000000000000001&from=0&to=99&w=9&h=99999", "order?like=x", "peaks?rec=nobody&from=0&to=9&n=1",
		"spectrogram?rec=nobody&from=0&to=9", "spectrogram?rec=0000000000000001&from=0&to=9&w=0&h=1", "pitch?rec=nobody&from=0&to=9",
		"thumbs?ids=" + strings.Repeat(",", 500), "pitch?rec=0000000000000001&from=0&to=99999"} {
		if status, text := c.do("GET", "/token/"+path, ""); status != 400 && status != 404 || !strings.Contains(text, `"error"`) {
			t.Errorf("%s: %d: %s", path, status, text)
		}
	}
	if got := c.said(); got != nil {
		t.Errorf("the journal says %q", got)
	}
}
