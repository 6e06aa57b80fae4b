package studio

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"prep/cmd/internal/page"
	"prep/data"
	"prep/data/disk"
	"prep/ingest"
	"prep/ingest/resample"
)

const (
	takesDir   = "takes"
	takesTable = "takes.csv"
	// unfinished ends the name of a take that is being recorded.
	unfinished = ".part"
)

// takes keeps what is recorded and dropped on the page as it came, in the folder takes of the
// set. A table beside it says of each who made it, of what sound, when and by what: that is the
// table that `prep ingest --meta` reads.
type takes struct {
	dir string

	mu   sync.Mutex
	rows []take
	open map[string]bool // the IDs of takes that are being recorded
}

// take is a row of the table.
type take struct{ file, person, sound, date, device, id string }

// columns is the head of the table.
var columns = []string{"file", "person", "sound", "date", "device", "take"}

func (t take) cells() []string {
	return []string{t.file, t.person, t.sound, t.date, t.device, t.id}
}

// openTakes reads the table of a set. A take that was being recorded when its program died
// is ended as it is.
func openTakes(set *data.Set) (*takes, error) {
	t := &takes{dir: set.Path(takesDir), open: map[string]bool{}}
	text, err := disk.ReadFile(filepath.Join(t.dir, takesTable))
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(all) == 0 || !slices.Equal(all[0], columns) {
		return nil, fmt.Errorf("%s/%s: not the table that prep wrote, %s; set it right, or move the folder elsewhere and `prep ingest` it",
			takesDir, takesTable, strings.Join(columns, ","))
	}
	for _, c := range all[1:] {
		r := take{c[0], c[1], c[2], c[3], c[4], c[5]}
		t.rows = append(t.rows, r)
		if err := t.finish(r); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// finish ends a take whose program died.
func (t *takes) finish(r take) error {
	_, err := os.Lstat(t.path(r) + unfinished)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	rec, err := reopen(t.path(r))
	if err != nil {
		return err
	}
	return rec.end()
}

func (t *takes) path(r take) string { return filepath.Join(t.dir, r.file) }

// write writes the table. The caller holds the lock.
func (t *takes) write() error {
	return data.WriteFile(filepath.Join(t.dir, takesTable), func(w io.Writer) error {
		c := csv.NewWriter(w)
		all := [][]string{columns}
		for _, r := range t.rows {
			all = append(all, r.cells())
		}
		return c.WriteAll(all)
	})
}

// add adds a row of a file whose name is free.
func (t *takes) add(r take) error {
	if err := disk.MkdirAll(t.dir); err != nil {
		return err
	}
	t.rows = append(t.rows, r)
	err := t.write()
	if err != nil {
		t.rows = t.rows[:len(t.rows)-1]
	}
	return err
}

// find returns the index of a take, or -1.
func (t *takes) find(id string) int {
	return slices.IndexFunc(t.rows, func(r take) bool { return r.id != "" && r.id == id })
}

// record begins a take, or goes on with one.
func (t *takes) record(p page.Take, now time.Time) (*recorder, error) {
	r, err := rowOf(p, now)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open[p.ID] {
		return nil, errors.New("this take is being recorded already")
	}
	if i := t.find(p.ID); i >= 0 {
		rec, err := reopen(t.path(t.rows[i]))
		if errors.Is(err, fs.ErrNotExist) { // the disk failed before there was one
			rec, err = create(t.path(t.rows[i]), p.Rate)
		}
		if err != nil {
			return nil, err
		}
		return t.hold(rec, p.ID), nil
	}
	r.file = t.free(slug(p.Person) + "-" + slug(p.Sound))
	if err := t.add(r); err != nil {
		return nil, err
	}
	rec, err := create(t.path(r), p.Rate)
	if err != nil {
		return nil, err
	}
	return t.hold(rec, p.ID), nil
}

// hold marks a take as being recorded until its recorder is closed.
func (t *takes) hold(rec *recorder, id string) *recorder {
	t.open[id] = true
	rec.closed = func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.open, id)
		if i := t.find(id); rec.samples == 0 && i >= 0 {
			t.rows = slices.Delete(t.rows, i, i+1) // nothing was recorded
			t.write()
		}
	}
	return rec
}

// rowOf returns the row of a take, without its file.
func rowOf(p page.Take, now time.Time) (take, error) {
	person, err := data.Name(p.Person)
	if err != nil {
		return take{}, fmt.Errorf("who is recorded? %w", err)
	}
	sound := p.Sound
	if sound != "" {
		if sound, err = data.Name(sound); err != nil {
			return take{}, err
		}
	}
	switch {
	case p.ID == "" || len(p.ID) > maxID || strings.ContainsFunc(p.ID, func(r rune) bool { return r <= ' ' || r > '~' }):
		return take{}, errors.New("the take has no ID that can be kept")
	case p.Rate < resample.MinRate || p.Rate > resample.MaxRate:
		return take{}, fmt.Errorf("%d samples a second: %d to %d can be taken in", p.Rate, resample.MinRate, resample.MaxRate)
	}
	return take{person: person, sound: sound, date: now.Format("2006-01-02"), device: plain(p.Device), id: p.ID}, nil
}

// maxID bounds the ID of a take, which a name of an act has room for.
const maxID = 40

// plain returns text on one line, 100 bytes at most.
func plain(text string) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool { return unicode.IsControl(r) || r == ' ' }), " ")
	return strings.ToValidUTF8(text[:min(len(text), 100)], "")
}

// slug returns a name as part of a file's name.
func slug(name string) string {
	parts := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	s := strings.Join(parts, "-")
	if s = strings.ToValidUTF8(s[:min(len(s), 40)], ""); s == "" {
		return "take"
	}
	return s
}

// free returns the first name of a WAV file that is not taken. The caller holds the lock.
func (t *takes) free(stem string) string {
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s-%02d.wav", stem, n)
		_, err := os.Lstat(filepath.Join(t.dir, name))
		if errors.Is(err, fs.ErrNotExist) && !slices.ContainsFunc(t.rows, func(r take) bool { return r.file == name }) {
			return name
		}
	}
}

// keep keeps a file that was dropped on the page.
func (t *takes) keep(name, person string, changed time.Time, content io.Reader) error {
	name = filepath.Base(filepath.FromSlash(strings.ReplaceAll(name, `\`, "/")))
	if name == "" || strings.HasPrefix(name, ".") || name == takesTable || name != plain(name) || !filepath.IsLocal(name) {
		return fmt.Errorf("%q: no name that a file can have here; rename it", name)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, err := os.Lstat(filepath.Join(t.dir, name)); err == nil {
		return fmt.Errorf("%s: a file of this name is here already; rename it", name)
	}
	if err := disk.MkdirAll(t.dir); err != nil {
		return err
	}
	err := data.WriteFile(filepath.Join(t.dir, name), func(w io.Writer) error {
		_, err := io.Copy(w, content)
		return err
	})
	if err != nil || !ingest.IsAudio(name) {
		return err
	}
	r := take{file: name, person: plain(person)}
	if !changed.IsZero() {
		r.date = changed.Format("2006-01-02")
	}
	return t.add(r)
}

// waiting reports whether a take or a file is not in the set, of whose takes the IDs are given.
func (t *takes) waiting(in map[string]bool, err error) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return err != nil || slices.ContainsFunc(t.rows, func(r take) bool { return r.id != "" && !in[r.id] })
}

// any reports whether there is anything to take in.
func (t *takes) any() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.rows) > 0
}
