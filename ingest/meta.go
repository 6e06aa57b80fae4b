package ingest

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"prep/data/disk"
	"prep/data/labelfile"
)

// The table of recordings: who made each, and whatever else is known of it.

// meta is a table of recordings by the files that its rows name; the zero value
// has none.
type meta struct {
	name   string // the table's own, for reports
	digest string // a hash of its text
	rows   map[string]metaRow
}

// metaRow is what a table says of one recording.
type metaRow struct {
	line         int
	group, class string
	more         map[string]string // other columns that are not empty
}

// Bounds of the table of recordings. What a cell holds becomes part of its
// recording's line in the set.
const (
	maxMetaLine = 1 << 20 // bytes, which hold as many columns at most
	maxCell     = 1 << 12 // bytes
	maxRows     = 1 << 20
)

// The columns that have a meaning here, by what people call them.
var metaColumns = map[string][]string{
	"file":  {"file", "filename", "file_name", "path", "filepath", "file_path", "recording", "audio", "name", "fname", "wav"},
	"group": {"group", "speaker", "person", "performer", "participant", "subject", "voice", "user", "session"},
	"class": {"class", "label", "category"},
}

// readMeta reads the table of recordings.
func (c Config) readMeta() (meta, error) {
	p := c.Labelling.Meta
	if p == "" {
		return meta{}, nil
	}
	b, err := labelfile.Load(p, maxLabelFile)
	if err != nil {
		return meta{}, fmt.Errorf("the table of recordings: %w", err)
	}
	text, err := labelfile.Text(b, c.Labelling.Encoding)
	if err != nil {
		return meta{}, fmt.Errorf("%s: %w", p, err)
	}
	sum := sha256.Sum256([]byte(text))
	m := meta{name: filepath.Base(p), digest: hex.EncodeToString(sum[:16]), rows: map[string]metaRow{}}
	if err := m.read(text); err != nil {
		return meta{}, fmt.Errorf("%s: %w", p, err)
	}
	return m, nil
}

// isMeta reports whether a file is the table of recordings.
func (l *labeller) isMeta(p string) bool {
	if l.meta.rows == nil || filepath.Base(p) != l.meta.name {
		return false
	}
	a, errA := disk.Stat(p)
	b, errB := disk.Stat(l.c.Labelling.Meta)
	return !l.found.met(errA) && !l.found.met(errB) && errA == nil && errB == nil && os.SameFile(a, b)
}

// delimiter returns what parts the columns: what the first line has most of.
func delimiter(text string) rune {
	head, _, _ := strings.Cut(text, "\n")
	return slices.MaxFunc([]rune{',', ';', '\t'}, func(a, b rune) int {
		return strings.Count(head, string(a)) - strings.Count(head, string(b))
	})
}

func (m meta) read(text string) error {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = delimiter(text), -1, true, true
	n := 0
	for line := range strings.Lines(text) {
		if n++; len(line) > maxMetaLine {
			return fmt.Errorf("line %d has %d bytes; %d are allowed", n, len(line), maxMetaLine)
		}
	}
	head, err := r.Read()
	if err == io.EOF {
		return errors.New("the table of recordings is empty")
	}
	if err != nil {
		return err
	}
	at := map[string]int{}
	for what, names := range metaColumns {
		at[what] = slices.IndexFunc(head, func(h string) bool { return slices.Contains(names, strings.ToLower(strings.TrimSpace(h))) })
	}
	if at["file"] < 0 {
		return fmt.Errorf("no column of the table of recordings names the file; it has %s; call one \"file\"", strings.Join(head, ", "))
	}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := r.FieldPos(0)
		if err := m.add(line, head, cells, at); err != nil {
			return err
		}
	}
}

// add takes in a row.
func (m meta) add(line int, head, cells []string, at map[string]int) error {
	row := metaRow{line: line}
	var file string
	for i, cell := range cells {
		cell = norm.NFC.String(strings.TrimSpace(cell))
		switch {
		case i >= len(head):
			return fmt.Errorf("line %d has %d columns, the header has %d", line, len(cells), len(head))
		case len(cell) > maxCell:
			return fmt.Errorf("line %d: %d bytes in the column %.40q; %d are allowed", line, len(cell), head[i], maxCell)
		case i == at["file"]:
			file = path.Clean(filepath.ToSlash(cell))
		case i == at["group"]:
			row.group = cell
		case i == at["class"]:
			row.class = cell
		case cell != "":
			if row.more == nil {
				row.more = map[string]string{}
			}
			row.more[strings.TrimSpace(head[i])] = cell
		}
	}
	if earlier, twice := m.rows[file]; twice {
		return fmt.Errorf("lines %d and %d are both about %s", earlier.line, line, file)
	}
	if len(m.rows) == maxRows {
		return fmt.Errorf("more than %d rows", maxRows)
	}
	m.rows[file] = row
	return nil
}

// find returns the row about a file: that of its path, or of its name alone,
// either with its extension or without.
func (m meta) find(name string) (key string, row metaRow) {
	for _, key := range []string{name, stem(name), path.Base(name), stem(path.Base(name))} {
		if row, ok := m.rows[key]; ok {
			return key, row
		}
	}
	return "", metaRow{}
}

// noteMeta tells which rows and which files did not find each other.
func (l *labeller) noteMeta(takes []take) {
	if l.meta.rows == nil {
		return
	}
	of, without := map[string][]string{}, []string{}
	for _, t := range takes {
		key, _ := l.meta.find(t.name)
		if key == "" {
			without = append(without, t.name)
		} else {
			of[key] = append(of[key], t.name)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(of)) {
		if len(of[key]) > 1 {
			l.note("%s:%d: %s is %d files here, which all get what it says: %s; write their folders into the table",
				l.meta.name, l.meta.rows[key].line, key, len(of[key]), firstOf(of[key]))
		}
	}
	if len(without) > 0 {
		l.note("%d files are not in %s: %s", len(without), l.meta.name, firstOf(without))
	}
	var unused []string
	for _, key := range slices.Sorted(maps.Keys(l.meta.rows)) {
		if of[key] == nil {
			unused = append(unused, key)
		}
	}
	if len(unused) > 0 {
		l.note("%d rows of %s name no file here: %s", len(unused), l.meta.name, firstOf(unused))
	}
}
