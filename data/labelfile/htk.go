package labelfile

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"path"
	"strconv"
	"strings"
)

// HTK's label files count in units of 100 ns, and its master label files hold
// those of many recordings: The HTK Book, chapter 6. MIREX uses the same
// extension for tables in seconds.

const htkUnit = 1e-7 // seconds

const masterLabels = "#!MLF!#"

// isHTK knows a master label file by its first line, and others by their
// extension and by times that are whole numbers, of a size that no seconds have
// or before names in HTK's quotes.
func isHTK(in *input) bool {
	if strings.HasPrefix(in.head, masterLabels) {
		return true
	}
	return in.hasExtension(".lab", ".htk") && countsTicks(in.head)
}

// countsTicks says whether the lines begin with two whole numbers, and one of
// them is beyond 10,000 or a name is quoted.
func countsTicks(head string) bool {
	l, large := lines{rest: head}, false
	for {
		line, ok := l.next()
		if !ok {
			return large
		}
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		from, err1 := strconv.ParseUint(f[0], 10, 63)
		to, err2 := strconv.ParseUint(f[1], 10, 63)
		if err1 != nil || err2 != nil && l.rest != "" {
			return false
		}
		large = large || from > 10_000 || to > 10_000 || len(f) > 2 && f[2][0] == '"'
	}
}

// readHTK reads a label file or a master label file.
func readHTK(in *input, out *reading) error {
	out.note("the times count 100 ns, as HTK writes them")
	l, file, extra := lines{rest: in.text()}, "", 0
	for {
		line, ok := l.next()
		if !ok {
			break
		}
		switch line = strings.TrimSpace(line); {
		case line == "" || line == masterLabels || line == "." || line == "///":
			continue
		case strings.HasPrefix(line, `"`) && strings.HasPrefix(in.head, masterLabels):
			file = strings.TrimPrefix(strings.Trim(line, `"`), "*/")
			file = strings.TrimSuffix(file, path.Ext(file))
			continue
		}
		m, more, err := htkMark(line)
		if m.Line, m.File = l.n, file; err != nil {
			out.addFault(l.n, err)
			continue
		}
		if more {
			extra++
		}
		if !out.addMark(m) {
			break
		}
	}
	if extra > 0 {
		out.note("left out: what stands behind the names in %d lines", extra)
	}
	out.sortMarks()
	return nil
}

// htkMark reads a line: start, end, name; more says that something follows.
func htkMark(line string) (m Mark, more bool, err error) {
	from, rest := htkWord(line)
	to, rest := htkWord(rest)
	a, err1 := strconv.ParseUint(from, 10, 63)
	b, err2 := strconv.ParseUint(to, 10, 63)
	if err1 != nil || err2 != nil {
		return m, false, fmt.Errorf("it does not begin with two whole numbers")
	}
	m.Onset, m.End = float64(a)*htkUnit, float64(b)*htkUnit
	if b == 0 {
		m.End = 0
	}
	m.Class, rest = htkWord(rest)
	return m, rest != "", nil
}

// htkWord returns the first word of a line, without its quotes and with its
// escapes undone, and what follows.
func htkWord(line string) (word, rest string) {
	line = strings.TrimLeft(line, " \t")
	quote := byte(0)
	if line != "" && (line[0] == '"' || line[0] == '\'') {
		quote, line = line[0], line[1:]
	}
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && i+1 < len(line):
			i++
			b.WriteByte(line[i])
		case quote == 0 && (c == ' ' || c == '\t'), quote != 0 && c == quote:
			return b.String(), strings.TrimLeft(line[i+1:], " \t")
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}

// htkEscapes keeps quotes and backslashes inside a quoted name.
var htkEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// writeHTK writes start and end in units of 100 ns and the name in quotes.
func writeHTK(w io.Writer, r Recording) error {
	b := bufio.NewWriter(w)
	for _, m := range r.Marks {
		fmt.Fprintf(b, "%d %d \"%s\"\n", ticks(m.Onset), ticks(max(m.End, m.Onset)), htkEscapes.Replace(cleanName(m.Class)))
	}
	return b.Flush()
}

func ticks(seconds float64) int64 { return int64(math.Round(seconds / htkUnit)) }
