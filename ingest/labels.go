package ingest

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Unnamed is the class of a mark that has no text: of an .onsets file, of an
// empty Audacity label. An alias for "" gives such marks another name.
const Unnamed = "hit"

// mark is what a label file says about a moment, in seconds of its recording.
type mark struct {
	line       int
	onset, end float64 // end is 0 where the file gives none
	class      string
}

// fault is a line of a label file that could not be read.
type fault struct {
	line   int
	reason string
}

// parseLabels reads a label file of any kind; the content says which. Lines that
// do not parse come out as faults, the others as marks.
func parseLabels(b []byte) ([]mark, []fault) {
	text, err := decodeText(b)
	if err != nil {
		return nil, []fault{{1, err.Error()}}
	}
	if strings.Contains(text[:min(len(text), 200)], "ooTextFile") {
		return parseTextGrid(text)
	}
	return parseLines(text)
}

// decodeText returns label text as UTF-8: Praat also writes UTF-16, editors put
// a byte-order mark in front.
func decodeText(b []byte) (string, error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		order = binary.BigEndian
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		order = binary.LittleEndian
	default:
		b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
		if bytes.IndexByte(b, 0) >= 0 {
			return "", fmt.Errorf("not text")
		}
		if !utf8.Valid(b) {
			return latin1(b), nil
		}
		return string(b), nil
	}
	units := make([]uint16, 0, len(b)/2)
	for b = b[2:]; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	return string(utf16.Decode(units)), nil
}

// latin1 reads what is not UTF-8 as ISO 8859-1, which never fails.
func latin1(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// What a column of a table holds.
const (
	colOnset = iota
	colEnd
	colDuration
	colClass
	colKinds
)

// columns says where each kind stands in a line; -1 where there is none.
type columns [colKinds]int

// headings are the names of columns, as plain gives them.
var headings = map[string]int{
	"onset": colOnset, "start": colOnset, "time": colOnset, "begin": colOnset, "start time": colOnset, "begin time": colOnset,
	"seconds": colOnset,
	"offset":  colEnd, "end": colEnd, "stop": colEnd, "end time": colEnd,
	"duration": colDuration, "length": colDuration, "delta time": colDuration,
	"label": colClass, "class": colClass, "annotation": colClass, "text": colClass, "name": colClass, "species": colClass,
	"type": colClass, "tag": colClass, "category": colClass, "event label": colClass, "trial type": colClass,
}

// plain returns a column's name in lower case, its words separated by blanks,
// without the unit of seconds: "begin time" for "Begin Time (s)". Of other units
// foreign is true.
func plain(name string) (column string, foreign bool) {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune(" _()[]", r) })
	if last := len(words) - 1; last > 0 {
		switch words[last] {
		case "ms", "msec", "milliseconds", "samples", "frames":
			foreign = true
			fallthrough
		case "s", "sec", "seconds":
			words = words[:last]
		}
	}
	return strings.Join(words, " "), foreign
}

// heading returns the columns that a header line names; ok is false when it is
// none: it names no onset or has a number in it. Onsets in nothing but another
// unit than seconds are an error.
func heading(fields []string) (c columns, ok bool, err error) {
	c = columns{-1, -1, -1, -1}
	for i, f := range fields {
		if _, err := seconds(f); err == nil {
			return c, false, nil
		}
		name, foreign := plain(f)
		kind, known := headings[name]
		switch {
		case !known || c[kind] >= 0:
		case !foreign:
			c[kind] = i
		case kind == colOnset:
			err = fmt.Errorf("times in the column %.40q; they are wanted in seconds", f)
		}
	}
	if c[colOnset] >= 0 {
		return c, true, nil
	}
	return c, false, err
}

// newlines turns the line ends of other systems into this one's.
var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// parseLines reads one label a line: Audacity label tracks, CSV and TSV tables
// with or without a header, Raven selection tables, .onsets lists.
func parseLines(text string) (marks []mark, faults []fault) {
	var head *columns
	first := true
	for i, line := range strings.Split(newlines.Replace(text), "\n") {
		line = strings.TrimRight(line, " \r\t")
		if strings.TrimSpace(line) == "" || line[0] == '\\' {
			continue // Audacity puts a label's frequencies behind a backslash
		}
		fields, err := splitFields(line)
		if line[0] == '#' {
			if c, ok, _ := heading(fields); first && ok && c[colClass] >= 0 {
				head, first = &c, false // of REAPER's markers: "#,Name,Start,End,Length"
			}
			continue
		}
		if first {
			first = false
			c, ok, err := heading(fields)
			if err != nil {
				return nil, []fault{{i + 1, err.Error()}}
			}
			if ok {
				head = &c
				continue
			}
		}
		var m mark
		if err == nil {
			m, err = parseFields(fields, head)
		}
		if err != nil {
			faults = append(faults, fault{i + 1, err.Error()})
			continue
		}
		m.line = i + 1
		marks = append(marks, m)
	}
	return marks, faults
}

// splitFields cuts a line at tabs, else at semicolons or commas, else at blanks.
func splitFields(line string) ([]string, error) {
	if strings.Contains(line, "\t") {
		fields := strings.Split(line, "\t")
		for i, f := range fields {
			fields[i] = unquote(f)
		}
		return fields, nil
	}
	sep := ','
	if before, _, ok := strings.Cut(line, ";"); ok {
		if _, err := seconds(before); err == nil || !strings.Contains(before, ",") {
			sep = ';'
		}
	}
	if !strings.ContainsRune(line, sep) {
		return strings.Fields(line), nil
	}
	r := csv.NewReader(strings.NewReader(line))
	r.Comma, r.TrimLeadingSpace = sep, true
	fields, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("its quotes do not match")
	}
	return fields, nil
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return strings.ReplaceAll(s[1:len(s)-1], `""`, `"`)
	}
	return s
}

// parseFields makes a mark of a line's fields.
func parseFields(fields []string, head *columns) (m mark, err error) {
	c := columns{}
	if head != nil {
		c = *head
	} else {
		c, fields = bare(fields)
	}
	field := func(kind int) string {
		if i := c[kind]; i >= 0 && i < len(fields) {
			return strings.TrimSpace(fields[i])
		}
		return ""
	}
	if m.onset, err = seconds(field(colOnset)); err != nil {
		return m, fmt.Errorf("the onset %w", err)
	}
	if s := field(colEnd); s != "" {
		if m.end, err = seconds(s); err != nil {
			return m, fmt.Errorf("the offset %w", err)
		}
	} else if s := field(colDuration); s != "" {
		if m.end, err = seconds(s); err != nil {
			return m, fmt.Errorf("the duration %w", err)
		}
		m.end += m.onset
	}
	if m.end != 0 && m.end < m.onset {
		return m, fmt.Errorf("it ends at %g s, before it begins at %g s", m.end, m.onset)
	}
	m.class = field(colClass)
	return m, nil
}

// bare returns the columns of a line without a header, which are onset, label
// or onset, offset, label, and its fields with the rest of the line as the label.
func bare(fields []string) (columns, []string) {
	n := 1
	c := columns{0, -1, -1, 1}
	if len(fields) > 1 {
		if _, err := seconds(fields[1]); err == nil {
			n, c = 2, columns{0, 1, -1, 2}
		}
	}
	return c, append(fields[:n:n], strings.Join(fields[n:], " "))
}

// seconds reads a time in seconds, minutes:seconds or hours:minutes:seconds. A
// decimal comma is one of Audacity's in some languages.
func seconds(s string) (float64, error) {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	parts := strings.Split(s, ":")
	last := len(parts) - 1
	v, err := strconv.ParseFloat(parts[last], 64)
	within := last == 0 || v >= 0 && v < 60 // of its minute
	for i, unit := last-1, 60.0; i >= 0 && err == nil; i, unit = i-1, 60*unit {
		var n uint64
		n, err = strconv.ParseUint(parts[i], 10, 32)
		v += unit * float64(n)
	}
	if err != nil || math.IsNaN(v) || last > 2 || !within || strings.ContainsAny(s, "xXpP_") {
		return 0, fmt.Errorf("%.40q is not a time in seconds", s)
	}
	if v < 0 || v > 1e9 {
		return 0, fmt.Errorf("%v s lies outside any recording", v)
	}
	return v, nil
}

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

// sortMarks orders marks by onset, keeping the file's order among equals.
func sortMarks(m []mark) {
	slices.SortStableFunc(m, func(a, b mark) int {
		switch {
		case a.onset < b.onset:
			return -1
		case a.onset > b.onset:
			return 1
		}
		return 0
	})
}
