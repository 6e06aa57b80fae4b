package labelfile

import (
	"fmt"
	"slices"
	"strings"
)

// layout is how a table lies in its text: its rows from the first on.
type layout struct {
	rows
	head   *header
	before int // lines of words in front of the header
}

// Lines that are looked at for a header, and for the separator.
const (
	headLines = 40
	voteLines = 200
)

// separators in the order in which they are tried: a separator that stands
// in the cells of tables of another stands behind it.
var separators = []byte{'\t', ';', ',', ' '}

// isRemark says whether a line is a remark.
func isRemark(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "%") || strings.HasPrefix(line, "//")
}

// layoutOf finds the header and the separator of a table. It fails where no line
// could be a label.
func layoutOf(text string) (*layout, error) {
	given, rest := givenSeparator(text)
	start := lines{rest: rest, n: strings.Count(text[:len(text)-len(rest)], "\n")}
	if l := namedColumns(start, given); l != nil {
		return l, nil
	}
	separator, err := vote(start, given)
	if err != nil {
		return nil, err
	}
	l := &layout{rows: rows{lines: start, cutter: cutter{separator: separator}}}
	l.setQuotes("")
	l.takeWords()
	return l, nil
}

// givenSeparator returns what Excel's "sep=;" line in front says, and the text
// behind it.
func givenSeparator(text string) (byte, string) {
	l := lines{rest: strings.TrimLeft(text, "\ufeff")}
	line, ok := l.next()
	line = strings.Trim(strings.TrimRight(line, " "), `"`)
	if !ok || len(line) != len("sep=;") || !strings.EqualFold(line[:4], "sep=") {
		return 0, text
	}
	return line[4], l.rest
}

// namedColumns returns the layout of a table with a line of known names, nil of
// others. Lines of words may stand in front.
func namedColumns(l lines, given byte) *layout {
	tried := separators
	if given != 0 {
		tried = []byte{given}
	}
	for before := 0; before < headLines; {
		line, ok := l.next()
		if !ok {
			return nil
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		if !isRemark(line) && hasNumber(line, tried) {
			return nil
		}
		var c cutter
		for _, c.separator = range tried {
			cells, whole := c.cut(line)
			if whole && isHeader(cells, c.separator) && (len(cells) > 1 || before == 0) {
				found := &layout{rows: rows{lines: l, cutter: cutter{separator: c.separator}}, head: headerOf(cells), before: before}
				found.setQuotes(line)
				return found
			}
		}
		if !isRemark(line) {
			before++
		}
	}
	return nil
}

// hasNumber says whether a cell of a line is a number.
func hasNumber(line string, tried []byte) bool {
	c := cutter{}
	for _, c.separator = range tried {
		cells, _ := c.cut(line)
		if c.separator == ' ' {
			cells = cells[:min(len(cells), 1)]
		}
		if slices.ContainsFunc(cells, func(s string) bool { _, _, ok := number(s); return ok }) {
			return true
		}
	}
	return false
}

// vote returns the separator that makes cells with numbers of most lines.
func vote(l lines, given byte) (byte, error) {
	if given != 0 {
		return given, nil
	}
	counts, all := [4]int{}, 0
	for all < voteLines {
		line, ok := l.next()
		if !ok {
			break
		}
		if strings.TrimSpace(line) == "" || isRemark(line) || isSpectral(line) {
			continue
		}
		all++
		for i, s := range separators {
			if (s == ' ' || strings.IndexByte(line, s) >= 0) && hasNumber(line, []byte{s}) {
				counts[i]++
			}
		}
	}
	for i, s := range separators {
		if enough := (all + 1) / 2; counts[i] > 0 && counts[i] >= enough {
			return s, nil
		}
	}
	return 0, fmt.Errorf("%w: its lines have no times", ErrNoLabels)
}

// setQuotes sets what quotation marks mean below a header.
func (l *layout) setQuotes(head string) {
	l.quotes = csvQuotes
	if l.separator != '\t' {
		return
	}
	switch {
	case l.head == nil || l.literal():
		l.quotes = signQuotes
	default:
		l.quotes = fewQuotes
	}
	if strings.HasPrefix(head, `"`) {
		l.quotes = tabQuotes
		l.head = headerOf(strings.Split(strings.ReplaceAll(head, `"`, ""), "\t"))
	}
}

// literal is true of tables whose programs know no quotation marks.
func (l *layout) literal() bool { return l.format() == "raven" || l.format() == "audition" }

// takeWords takes a first line whose cells are words nobody knows as the
// header, where below it stand numbers.
func (l *layout) takeWords() {
	ahead := l.rows
	ahead.cells = nil
	first, ok := ahead.next()
	for ok && isRemark(first.text) {
		first, ok = ahead.next()
	}
	if !ok || l.separator == ' ' || first.err != nil || len(first.cells) < 2 {
		return
	}
	for _, c := range first.cells {
		if _, _, ok := number(c); ok {
			return
		}
	}
	h, width := headerOf(first.cells), len(first.cells)
	below := ahead
	below.cells = nil
	if p := profileOf(below, width); p.width == width && slices.ContainsFunc(p.cols, column.isNumbers) {
		l.lines, l.head = ahead.lines, h
		l.setQuotes(first.text)
	}
}

// format returns the kind of table that a header is of.
func (l *layout) format() string {
	if l.head == nil {
		return "csv"
	}
	has := func(names ...string) bool {
		for _, n := range names {
			if !slices.Contains(l.head.known, n) {
				return false
			}
		}
		return true
	}
	switch {
	case has("begin path", "species code"), has("start", "end", "scientific name", "common name", "confidence"):
		return "birdnet"
	case has("selection", "begin time"):
		return "raven"
	case l.head.names[0] == "#" && has("name", "start"):
		return "reaper"
	case has("name", "start", "duration", "time format"):
		return "audition"
	case has("time", "value", "duration", "label"):
		return "sonic-visualiser"
	}
	return "csv"
}
