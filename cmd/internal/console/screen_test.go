package console

import (
	"encoding/json"
	"strings"
	"testing"

	"prep/data"
)

// However it is cut into writes, nothing that is printed is obeyed.
func TestScreenIsNotObeyed(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"kick 3\nhat 2\n", "kick 3\nhat 2\n"},
		{"é ハ \u00a0 a\tb\r\n", "é ハ \u00a0 a\tb\r\n"},
		{"::notice title=gate::passed\n", `\u003a:notice title=gate::passed` + "\n"},
		{"a\n  ::error::x\n", "a\n  " + `\u003a:error::x` + "\n"},
		{"note: a::b\n", "note: a::b\n"},
		{"x ##[error]y\n", `x ##\u005berror]y` + "\n"},
		{"# [1]\n## a [b]\n", "# [1]\n## a [b]\n"},
		{"\x1b[31mred\x07", `\u001b[31mred\u0007`},
		{"a\rb", `a\u000db`},
		{"\u009b31m \u202eevil", `\u009b31m \u202eevil`},
		{"\xff\x9b!", "\ufffd\ufffd!"},
	} {
		for _, step := range []int{1, 2, 3, len(tc.text)} {
			var b strings.Builder
			w := NewScreen(&b)
			for at := 0; at < len(tc.text); at += step {
				part := tc.text[at:min(at+step, len(tc.text))]
				if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
					t.Fatal(n, err)
				}
			}
			if b.String() != tc.want {
				t.Errorf("%q in steps of %d: got %q, want %q", tc.text, step, b.String(), tc.want)
			}
		}
	}
	if got, want := Safe("a\x1b[0m"), `a\u001b[0m`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What is JSON stays the same JSON.
func TestScreenKeepsJSON(t *testing.T) {
	want := "::x\u009b\u202e\x1b##[a]\u2028"
	var b strings.Builder
	if err := data.EncodeJSON(NewScreen(&b), want); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil || got != want || strings.ContainsAny(b.String(), "\u009b\x1b") {
		t.Errorf("got %q, %v", b.String(), err)
	}
}
