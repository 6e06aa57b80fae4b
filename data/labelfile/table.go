package labelfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Tables: a label a line, whose columns a header names or their numbers give
// away. The columns are decided once a file.

// readTable reads every table, whichever program wrote it.
func readTable(in *input, out *reading) error {
	if err := longLine(in.raw); err != nil {
		return err
	}
	l, err := layoutOf(in.text())
	if err != nil {
		return err
	}
	out.Format = l.format()
	d := decision{head: l.head, in: in, out: out}
	width := 0
	if l.head != nil {
		width = len(l.head.names)
	}
	if d.profile = profileOf(l.ahead(), width); d.profile.rows == 0 {
		return fmt.Errorf("%w: it has no rows", ErrNoLabels)
	}
	l.refine(&d)
	if err := d.decide(); err != nil {
		if errors.Is(err, ErrNoLabels) {
			return err
		}
		out.addFault(1, err)
		return nil
	}
	if l.before > 0 {
		out.note("%d lines before the names of the columns are left out", l.before)
	}
	t := table{layout: l, decision: &d, hertz: -1}
	switch out.Format {
	case "raven", "birdnet":
		t.views = viewsOf(l.head)
	case "audition":
		t.hertz = slices.Index(l.head.known, "time format")
	}
	t.read()
	return t.judge()
}

// ahead returns the rows without taking them.
func (l *layout) ahead() rows {
	r := l.rows
	r.cells = nil
	return r
}

// refine tells tables without a header apart.
func (l *layout) refine(d *decision) {
	d.rest, d.commas = l.separator == ' ', l.separator == ','
	d.quiet = l.head != nil && slices.Contains([]string{"raven", "reaper", "audition", "birdnet"}, d.out.Format)
	if l.head != nil {
		return
	}
	p := d.profile
	switch {
	case l.separator == '\t' && p.width >= 2 && p.width <= 3 && p.isEnd(0, 1, d.in.src):
		d.out.Format = "audacity"
	case p.width == 1:
		d.out.Format = "onsets"
	}
}

// table takes in the rows.
type table struct {
	*layout
	*decision
	bad     int // rows without a time
	integer int // rows between blanks whose time is a whole number
	words   int // in classes
	lists   int // rows with several classes
	views   views
	hertz   int // the column of Audition's time formats, -1 of other tables
}

// read takes the marks of all rows.
func (t *table) read() {
	for {
		r, ok := t.rows.next()
		if !ok {
			return
		}
		switch {
		case t.decision.head == nil && isSpectral(r.text):
			continue
		case r.err != nil:
			t.out.addFault(r.line, r.err)
			continue
		}
		if !t.take(r) {
			return
		}
	}
}

// take takes the marks of a row; false when there are too many.
func (t *table) take(r row) bool {
	m, err := t.mark(r)
	if err != nil {
		if !isRemark(r.text) {
			t.bad++
			t.out.addFault(r.line, err)
		}
		return true
	}
	if t.views.seen(r, m) {
		return true
	}
	if !t.several {
		return t.out.addMark(m)
	}
	if strings.ContainsAny(m.Class, ",;") {
		t.lists++
	}
	for class := range strings.FieldsFuncSeq(m.Class, func(r rune) bool { return r == ',' || r == ';' }) {
		m.Class = class
		if !t.out.addMark(m) {
			return false
		}
	}
	return true
}

// mark makes a mark of a row.
func (t *table) mark(r row) (Mark, error) {
	m := Mark{Line: r.line, Whole: t.whole, Class: t.cell(r, classKind), File: t.cell(r, fileKind), Who: t.cell(r, whoKind)}
	if t.rest && t.at[classKind] >= 0 {
		m.Class = behind(r.text, t.at[classKind])
	}
	if t.whole {
		return m, nil
	}
	var err error
	if m.Onset, err = t.time(r, onsetKind, "onset"); err != nil {
		return m, err
	}
	t.words += len(strings.Fields(m.Class))
	if !strings.ContainsAny(t.cell(r, onsetKind), ".,:") {
		t.integer++
	}
	if t.cell(r, endKind) != "" {
		if m.End, err = t.time(r, endKind, "end"); err != nil {
			return m, err
		}
		if t.begin >= 0 && t.begin < len(r.cells) {
			from, err := seconds(r.cells[t.begin], 1)
			if err != nil {
				return m, fmt.Errorf("the begin: %w", err)
			}
			m.End += m.Onset - from
		}
	} else if t.cell(r, durationKind) != "" {
		if m.End, err = t.time(r, durationKind, "duration"); err != nil {
			return m, err
		}
		m.End += m.Onset
	}
	if t.out.Format == "birdnet" {
		m.Model, m.Who = true, "BirdNET"
	}
	return m, nil
}

// cell returns what stands in a row's column of a kind, "" where there is none.
func (t *table) cell(r row, k kind) string {
	if i := t.at[k]; i >= 0 && i < len(r.cells) {
		return strings.TrimSpace(r.cells[i])
	}
	return ""
}

// time returns the seconds in a row's column of a kind.
func (t *table) time(r row, k kind, name string) (float64, error) {
	unit := t.units[k]
	if t.hertz >= 0 && t.hertz < len(r.cells) {
		unit = auditionUnit(r.cells[t.hertz])
	}
	v, err := seconds(t.cell(r, k), unit)
	if err != nil {
		return 0, fmt.Errorf("the %s: %w", name, err)
	}
	return v, nil
}

// behind returns what stands in a line behind its first n words.
func behind(line string, n int) string {
	const blanks = " \t"
	for range n {
		line = strings.TrimLeft(line, blanks)
		line = line[max(0, indexOr(line, blanks)):]
	}
	return strings.TrimSpace(line)
}

// indexOr returns where one of the characters stands first, or the length.
func indexOr(s, chars string) int {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return i
	}
	return len(s)
}

// judge refuses what turned out to be prose, and puts the marks in order.
func (t *table) judge() error {
	n := len(t.out.Marks)
	rows := n + t.bad
	if t.decision.head == nil {
		share := 2
		if t.separator == ' ' {
			share = 5
		}
		if t.bad*share > rows || t.separator == ' ' && n > 0 && t.integer == n && t.words > 2*n {
			return fmt.Errorf("%w: %d of its %d lines begin with no time of a label", ErrNoLabels, max(t.bad, 1), rows)
		}
	}
	if t.decision.head != nil && n == 0 && t.bad == 0 && len(t.out.Faults) == 0 {
		return fmt.Errorf("%w: it has no rows", ErrNoLabels)
	}
	t.views.tell(t.out)
	if t.lists > 0 {
		t.out.note("%d rows list several classes; each is a label", t.lists)
	}
	if t.out.Format == "raven" && t.begin < 0 && t.out.countFiles() > 1 {
		t.out.note("it is about several files and has no column \"File Offset (s)\": its times are taken from the beginning of each file")
	}
	t.out.sortMarks()
	return nil
}

// countFiles returns how many recordings the marks are about.
func (r *reading) countFiles() int {
	files := map[string]bool{}
	for _, m := range r.Marks {
		files[m.File] = true
	}
	return len(files)
}

// sortMarks puts the marks of each recording in the order of their onsets, and
// tells when they were not.
func (r *reading) sortMarks() {
	type place struct {
		file int
		last float64
	}
	places, sorted := map[string]*place{}, true
	for _, m := range r.Marks {
		p := places[m.File]
		if p == nil {
			p = &place{file: len(places)}
			places[m.File] = p
		}
		sorted = sorted && m.Onset >= p.last
		p.last = m.Onset
	}
	if sorted {
		return
	}
	r.note("the times go back; the labels are sorted")
	slices.SortStableFunc(r.Marks, func(a, b Mark) int {
		return cmp.Or(cmp.Compare(places[a.File].file, places[b.File].file), cmp.Compare(a.Onset, b.Onset))
	})
}
