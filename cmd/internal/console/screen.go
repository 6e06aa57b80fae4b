package console

import (
	"fmt"
	"io"
	"sync"
	"unicode/utf8"

	"prep/data"
)

// Screen writes what is meant to be read, by a person on a terminal or by GitHub's
// runner, which both obey some of what they read: names out of files must not
// command them. It is the one way to standard output and standard error. What would
// do something is written as \uXXXX, which is in JSON the same text: control
// characters but tabs and line breaks, those that turn the direction of writing, the
// colon that begins a line (a workflow command, "::error ::") and the bracket of
// "##[error]".
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
type Screen struct {
	mu   sync.Mutex
	w    io.Writer
	rest []byte // of a character, or a carriage return, whose end is not here yet
	// inside is whether the line has begun with more than space; hashes how many "#"
	// were written last.
	inside bool
	hashes int
}

// NewScreen returns a Screen that writes to w.
func NewScreen(w io.Writer) *Screen { return &Screen{w: w} }

// Raw returns what a Screen writes to, or w itself: for those who obey what they are meant to, and are told
// Safe names.
func Raw(w io.Writer) io.Writer {
	if t, ok := w.(*Screen); ok {
		return t.w
	}
	return w
}

// Write implements io.Writer.
func (t *Screen) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := append(t.rest, p...)
	out := make([]byte, 0, len(text)+16)
	for len(text) > 0 && (utf8.FullRune(text) && (text[0] != '\r' || len(text) > 1)) {
		r, size := utf8.DecodeRune(text)
		if r == '\r' && text[1] == '\n' {
			r, size = '\n', 2
			out = append(out, '\r')
		}
		out = t.add(out, r)
		text = text[size:]
	}
	t.rest = append([]byte(nil), text...)
	if _, err := t.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// add appends a character, or what stands for it.
func (t *Screen) add(out []byte, r rune) []byte {
	obeyed := data.IsControl(r) && r != '\n' && r != '\t' || r == ':' && !t.inside || r == '[' && t.hashes >= 2
	switch r {
	case '\n':
		t.inside = false
	case ' ', '\t':
	default:
		t.inside = true
	}
	t.hashes++
	if r != '#' {
		t.hashes = 0
	}
	if obeyed {
		return fmt.Appendf(out, `\u%04x`, r)
	}
	return utf8.AppendRune(out, r)
}

// Safe returns text as a Screen writes it, for who writes in another way.
func Safe(text string) string {
	var t Screen
	var out []byte
	for _, r := range text {
		out = t.add(out, r)
	}
	return string(out)
}
