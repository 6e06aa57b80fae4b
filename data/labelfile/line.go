package labelfile

import (
	"bytes"
	"fmt"
	"strings"
)

// Bounds on tables: a line and a cell count of more is no table of labels.
const (
	maxLine  = 1 << 20 // bytes
	maxCells = 256     // in a line; those behind are not looked at
	maxSpan  = 50      // lines that a quoted cell goes over
)

// lines yields the lines of a text, whatever system wrote it.
type lines struct {
	rest string
	n    int // of the line that came last
}

// next returns the next line without its end; ok is false behind the last.
func (l *lines) next() (line string, ok bool) {
	if l.rest == "" {
		return "", false
	}
	l.n++
	end := strings.IndexAny(l.rest, "\r\n")
	if end < 0 {
		line, l.rest = l.rest, ""
		return line, true
	}
	line, rest := l.rest[:end], l.rest[end+1:]
	if l.rest[end] == '\r' && strings.HasPrefix(rest, "\n") {
		rest = rest[1:]
	}
	l.rest = rest
	return line, true
}

// longLine returns an error when a line is too long for a table, before any of
// the file is decoded.
func longLine(raw []byte) error {
	for len(raw) > maxLine {
		end := max(bytes.LastIndexByte(raw[:maxLine], '\n'), bytes.LastIndexByte(raw[:maxLine], '\r'))
		if end < 0 {
			return fmt.Errorf("%w: a line is longer than %d bytes", ErrNoLabels, maxLine)
		}
		raw = raw[end+1:]
	}
	return nil
}

// Quotes are what quotation marks mean in the cells of a table.
const (
	csvQuotes  = iota // a cell in them may hold separators
	tabQuotes         // every cell of words stands in them
	fewQuotes         // a cell stands in them that holds some, doubled
	signQuotes        // they are signs like others
)

// cutter cuts lines into cells.
type cutter struct {
	separator byte // a blank stands for any number of them
	quotes    int
	cells     []string // reused
}

// cut returns the cells of a line, valid until the next call. It is false when a
// quoted cell has no end in the line.
func (c *cutter) cut(line string) ([]string, bool) {
	c.cells = c.cells[:0]
	if c.separator == ' ' {
		c.cutBlanks(line)
		return c.cells, true
	}
	for len(c.cells) < maxCells {
		if c.quotes == csvQuotes && strings.HasPrefix(strings.TrimLeft(line, " "), `"`) {
			cell, rest, ok := cutQuoted(strings.TrimLeft(line, " "), c.separator)
			if !ok {
				return c.cells, false
			}
			c.cells = append(c.cells, cell)
			if rest == "" {
				return c.cells, true
			}
			line = rest[1:]
			continue
		}
		cell, rest, more := strings.Cut(line, string(rune(c.separator)))
		c.cells = append(c.cells, c.unquoted(cell))
		if !more {
			break
		}
		line = rest
	}
	return c.cells, true
}

// cutBlanks cuts a line at blanks and tabs.
func (c *cutter) cutBlanks(line string) {
	for f := range strings.FieldsSeq(line) {
		if len(c.cells) == maxCells {
			return
		}
		c.cells = append(c.cells, f)
	}
}

// unquoted returns a cell as its table's quotation marks have it.
func (c *cutter) unquoted(cell string) string {
	if len(cell) < 2 || cell[0] != '"' || cell[len(cell)-1] != '"' || c.quotes == signQuotes {
		return cell
	}
	inner := cell[1 : len(cell)-1]
	plain := strings.ReplaceAll(inner, `""`, "")
	if strings.Contains(plain, `"`) || c.quotes == fewQuotes && plain == inner {
		return cell
	}
	return strings.ReplaceAll(inner, `""`, `"`)
}

// cutQuoted returns the cell in quotation marks with which a line begins, and
// what stands behind it from the separator on.
func cutQuoted(line string, separator byte) (cell, rest string, ok bool) {
	at := 1
	for {
		i := strings.IndexByte(line[at:], '"')
		if i < 0 {
			return "", "", false
		}
		if at += i + 1; !strings.HasPrefix(line[at:], `"`) {
			break
		}
		at++
	}
	cell = line[1 : at-1]
	if strings.Contains(cell, `""`) {
		cell = strings.ReplaceAll(cell, `""`, `"`)
	}
	if i := strings.IndexByte(line[at:], separator); i >= 0 {
		return cell + strings.TrimRight(line[at:at+i], " "), line[at+i:], true
	}
	return cell + strings.TrimRight(line[at:], " "), "", true
}

// row is a line of a table, or several where a cell goes over them.
type row struct {
	line  int
	text  string
	cells []string
	err   error
}

// rows yields the rows of a text from a place on, empty lines left out.
type rows struct {
	lines
	cutter
}

// next returns the next row; its cells are valid until the call after it.
func (r *rows) next() (row, bool) {
	for {
		line, ok := r.lines.next()
		if !ok {
			return row{}, false
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		out := row{line: r.n, text: line}
		var whole bool
		if out.cells, whole = r.cut(line); !whole {
			out = r.join(out)
		}
		return out, true
	}
}

// join takes the lines that a quoted cell goes over into a row; where its end is
// not near, the row has an error and the lines are rows of their own.
func (r *rows) join(out row) row {
	ahead, whole := r.lines, out.text
	for range maxSpan {
		line, ok := ahead.next()
		if !ok {
			break
		}
		whole += "\n" + line
		if cells, ok := r.cut(whole); ok {
			if len(cells) > maxCells/2 {
				break
			}
			r.lines = ahead
			return row{line: out.line, text: whole, cells: cells}
		}
	}
	out.err = fmt.Errorf("its quotes do not match")
	return out
}
