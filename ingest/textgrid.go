package ingest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// TextGrid: the text files of Praat.

// parseTextGrid reads Praat's text format, long or short: it consists of the
// free-standing numbers and quoted strings, whatever stands between them
// (Praat manual, TextGrid file formats). The first tier with text in it counts.
func parseTextGrid(text string) ([]mark, []fault) {
	t := &tokens{text: text, line: 1}
	t.string() // "ooTextFile"
	t.string() // "TextGrid"
	t.number() // xmin
	t.number() // xmax
	for range int(min(t.number(), 1000)) {
		kind := t.string()
		t.string() // the tier's name
		t.number()
		t.number()
		marks := t.tier(kind, int(min(t.number(), 1e7)))
		if t.err != nil {
			break
		}
		if len(marks) > 0 {
			return marks, nil
		}
	}
	if t.err != nil {
		return nil, []fault{{t.line, t.err.Error()}}
	}
	return nil, nil
}

// tokens reads the free-standing numbers and quoted strings of a text.
type tokens struct {
	text string
	line int
	err  error
}

// tier reads n intervals or points and returns those that have text.
func (t *tokens) tier(kind string, n int) (marks []mark) {
	for range n {
		var m mark
		m.onset = t.number()
		m.line = t.line
		if kind == "IntervalTier" {
			m.end = t.number()
		}
		m.class = strings.TrimSpace(t.string())
		if t.err == nil && (m.onset < 0 || m.onset > 1e9 || m.end > 1e9) {
			t.err = fmt.Errorf("%v s lies outside any recording", m.onset)
		}
		if t.err != nil {
			return nil
		}
		if m.class != "" {
			marks = append(marks, m)
		}
	}
	return marks
}

// string returns the next quoted string.
func (t *tokens) string() string {
	for t.err == nil {
		w := t.word()
		if strings.HasPrefix(w, `"`) {
			return unquote(w)
		}
	}
	return ""
}

// number returns the next free-standing number.
func (t *tokens) number() float64 {
	for t.err == nil {
		w := t.word()
		if strings.HasPrefix(w, `"`) {
			t.err = fmt.Errorf("text where a number is due")
			break
		}
		if v, err := strconv.ParseFloat(w, 64); err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v
		}
	}
	return 0
}

// word returns the next blank-separated word or quoted string with its quotes.
func (t *tokens) word() string {
	trimmed := strings.TrimLeft(t.text, " \t\r\n")
	t.line += strings.Count(t.text[:len(t.text)-len(trimmed)], "\n")
	t.text = trimmed
	if t.text == "" {
		t.err = fmt.Errorf("the TextGrid ends too early")
		return ""
	}
	end := strings.IndexAny(t.text, " \t\r\n")
	if t.text[0] == '"' {
		end = 1
		for end < len(t.text) && t.text[end] != '"' || strings.HasPrefix(t.text[min(end, len(t.text)):], `""`) {
			if t.text[end] == '"' {
				end++
			}
			end++
		}
		end = min(end+1, len(t.text))
	}
	if end < 0 {
		end = len(t.text)
	}
	w := t.text[:end]
	t.line += strings.Count(w, "\n")
	t.text = t.text[end:]
	return w
}
