package ingest

import (
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Tables: files with a label a line, whose columns a header names or their number
// gives away.

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

// headings are the names of columns, as columnName gives them.
var headings = map[string]int{
	"onset": colOnset, "start": colOnset, "time": colOnset, "begin": colOnset, "start time": colOnset, "begin time": colOnset,
	"seconds": colOnset,
	"offset":  colEnd, "end": colEnd, "stop": colEnd, "end time": colEnd,
	"duration": colDuration, "length": colDuration, "delta time": colDuration,
	"label": colClass, "class": colClass, "annotation": colClass, "text": colClass, "name": colClass, "species": colClass,
	"type": colClass, "tag": colClass, "category": colClass, "event label": colClass, "trial type": colClass,
}

// columnName returns a column's name in lower case, its words separated by blanks,
// without the unit of seconds: "begin time" for "Begin Time (s)". Of other units
// foreign is true.
func columnName(name string) (column string, foreign bool) {
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
		name, foreign := columnName(f)
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

// table reads a file with a label a line.
type table struct {
	head  *columns // nil where no line names the columns
	begun bool     // the line that could be the header is past
}

// parseLines reads one label a line: Audacity label tracks, CSV and TSV tables
// with or without a header, Raven selection tables, .onsets lists.
func parseLines(text string) (marks []mark, faults []fault) {
	t := table{}
	for i, line := range strings.Split(newlines.Replace(text), "\n") {
		line = strings.TrimRight(line, " \r\t")
		if strings.TrimSpace(line) == "" || line[0] == '\\' {
			continue // Audacity puts a label's frequencies behind a backslash
		}
		fields, err := splitFields(line)
		passed, wrong := t.takeHeader(line, fields)
		if wrong != nil {
			return nil, []fault{{i + 1, wrong.Error()}}
		}
		if passed {
			continue
		}
		m := mark{}
		if err == nil {
			m, err = parseFields(fields, t.head)
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

// takeHeader takes in a line that is a header; passed is true of headers and
// remarks, which hold no label. Onsets in another unit than seconds are an error.
func (t *table) takeHeader(line string, fields []string) (passed bool, err error) {
	remark := line[0] == '#'
	if t.begun {
		return remark, nil
	}
	c, ok, err := heading(fields)
	if remark {
		if ok && c[colClass] >= 0 {
			t.head, t.begun = &c, true // of REAPER's markers: "#,Name,Start,End,Length"
		}
		return true, nil
	}
	if t.begun = true; ok {
		t.head = &c
	}
	return ok, err
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
		c, fields = bareColumns(fields)
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

// bareColumns returns the columns of a line without a header, which are onset, label
// or onset, offset, label, and its fields with the rest of the line as the label.
func bareColumns(fields []string) (columns, []string) {
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
