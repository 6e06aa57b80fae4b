package labelfile

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// columns says where each kind stands in a row, -1 where there is none.
type columns struct {
	at [kinds]int
	// begin is the moment that the end is told from, where it is not the onset:
	// Raven's file offset is another clock than its begin and end.
	begin int
	// units are the seconds that the numbers of a column count.
	units [kinds]float64
	// rest is true where the class is all of the line from its column on.
	rest bool
	// several is true where a cell lists classes.
	several bool
	// whole is true where a row is about a whole recording.
	whole bool
}

func noColumns() columns {
	c := columns{begin: -1}
	for k := range c.at {
		c.at[k], c.units[k] = -1, 1
	}
	return c
}

// uses says whether a column is one of those that are read.
func (c *columns) uses(i int) bool { return i == c.begin || slices.Contains(c.at[:], i) }

// decision is made of a table's header, its profile and what the user says.
type decision struct {
	columns
	head    *header // nil where no line names the columns
	profile *profile
	in      *input
	out     *reading
	commas  bool // stand between the cells
	quiet   bool // the format's own columns are left out without a word
}

// name returns what a column is called in a sentence.
func (d *decision) name(i int) string {
	if d.head != nil && i < len(d.head.names) && d.head.names[i] != "" {
		return fmt.Sprintf("%q", d.head.names[i])
	}
	return strconv.Itoa(i + 1)
}

// decide chooses the columns; an error says why there is no table.
func (d *decision) decide() error {
	rest := d.rest
	d.columns = noColumns()
	d.rest = rest
	if err := d.asked(); err != nil {
		return err
	}
	if d.head != nil {
		d.byName()
	}
	d.byAudioNames()
	if d.at[onsetKind] < 0 && d.head == nil && d.commas && d.profile.hasSplitDecimals() {
		return errors.New("commas stand between its cells and in its numbers, so that nobody can tell which is which; export it with semicolons or tabs")
	}
	if d.at[onsetKind] < 0 {
		d.byNumbers()
	}
	if err := d.chooseClass(); err != nil {
		return err
	}
	if d.at[onsetKind] < 0 {
		if d.at[fileKind] < 0 || d.at[classKind] < 0 {
			return fmt.Errorf("%w: no column holds times", ErrNoLabels)
		}
		d.whole = true
		d.out.note("no column holds times: a row is the class of a whole recording")
	}
	d.tellLeftOut()
	return d.chooseUnits()
}

// asked takes the columns that the user names.
func (d *decision) asked() error {
	o := d.in.opts.Columns
	for k, want := range [kinds]string{o.Onset, o.End, o.Duration, o.Class, o.File, o.Who} {
		if want == "" {
			continue
		}
		i, err := d.find(want)
		if err != nil {
			return err
		}
		d.at[k] = i
	}
	return nil
}

// find returns the column of a name, or of a number from 1.
func (d *decision) find(want string) (int, error) {
	var names []string
	if d.head != nil {
		names = d.head.names
		if i := slices.Index(names, want); i >= 0 {
			return i, nil
		}
		known, _ := columnName(want)
		if i := slices.Index(d.head.known, known); i >= 0 {
			return i, nil
		}
	}
	if n, err := strconv.Atoi(want); err == nil && n >= 1 && n <= max(len(names), len(d.profile.cols)) {
		return n - 1, nil
	}
	if d.head == nil {
		return 0, fmt.Errorf("%w: there is no column %q: no line names the columns, of which there are %d", ErrNoLabels, want, len(d.profile.cols))
	}
	return 0, fmt.Errorf("%w: there is no column %q; there are %s", ErrNoLabels, want, strings.Join(names, ", "))
}

// byName chooses what the header names.
func (d *decision) byName() {
	for _, k := range []kind{onsetKind, fileKind, whoKind} {
		if d.at[k] < 0 {
			d.at[k] = d.named(k)
		}
	}
	if on := d.at[onsetKind]; on >= 0 && d.head.known[on] == "file offset" {
		d.begin = d.named(onsetKind)
	}
	for _, k := range []kind{endKind, durationKind} {
		if d.at[k] < 0 {
			d.at[k] = d.named(k)
		}
	}
	if end := d.at[endKind]; d.at[onsetKind] < 0 && end >= 0 && d.at[durationKind] >= 0 && d.head.known[end] == "offset" {
		d.at[onsetKind], d.at[endKind] = end, -1
		d.out.note("the column %q is the onset, for there is a duration beside it", d.head.names[end])
	}
}

// named returns the surest column of a kind that is not used yet and holds what
// such a column holds; an onset may be one of words, whose rows are all faults.
func (d *decision) named(k kind) int {
	second := -1
	for _, i := range d.head.all(k) {
		c := d.profile.is(i)
		if d.uses(i) || c.filled == 0 && k != endKind && k != durationKind {
			continue
		}
		switch {
		case (k == onsetKind || k == endKind || k == durationKind) && c.words > c.numbers:
			if k == onsetKind && second < 0 {
				second = i
			}
		case k == fileKind && c.numbers > c.words:
		default:
			return i
		}
	}
	return second
}

// byAudioNames takes a column whose cells are names of recordings, unless it is
// named like a class or is all that could be one.
func (d *decision) byAudioNames() {
	words := 0
	for _, c := range d.profile.cols {
		if c.isWords() {
			words++
		}
	}
	for i := range d.profile.cols {
		if d.at[fileKind] >= 0 || d.uses(i) || !d.profile.cols[i].isFiles() || d.out.Format == "audacity" {
			continue
		}
		if d.head == nil && words > 1 || d.head != nil && !d.head.isClass(i) {
			d.at[fileKind] = i
			d.out.note("the recordings are named in the column %s", d.name(i))
		}
	}
}

// byNumbers chooses the onset, and the end or the duration, by what the columns
// hold.
func (d *decision) byNumbers() {
	p, on := d.profile, -1
	if d.head != nil && d.at[fileKind] >= 0 {
		return // the numbers are those of recordings: folds, codes, counts
	}
	for i := range p.cols[:min(len(p.cols), valued)] {
		if d.uses(i) || !p.cols[i].isNumbers() || p.cols[i].numbers*10 < p.rows*3 {
			continue
		}
		if on = i; p.isIndex(i) && d.countsRows(i) {
			d.out.note("left out: the column %s, which counts the rows", d.name(i))
			continue
		}
		break
	}
	if on < 0 {
		return
	}
	if d.at[onsetKind] = on; d.head != nil {
		d.out.note("the onset is in the column %s", d.name(on))
	}
	d.endBehind(on)
}

// countsRows says whether a column that could be an index is one: the next
// column of numbers is no end of it, or has an end of its own.
func (d *decision) countsRows(i int) bool {
	p := d.profile
	if !p.is(i+1).isNumbers() || p.fitOf(i+1, i+1).ascending*10 < p.rows*9 {
		return false
	}
	return !p.isEnd(i, i+1, d.in.src) || p.isEnd(i+1, i+2, d.in.src)
}

// endBehind looks for the end in the column behind the onset: it, or where it is
// a value, the duration behind that, as Sonic Visualiser writes regions.
func (d *decision) endBehind(on int) {
	p := d.profile
	if d.at[endKind] >= 0 || d.at[durationKind] >= 0 || d.uses(on+1) || !p.is(on+1).isNumbers() || p.is(on+1).filled*2 < p.rows && p.is(on+1).words > 0 {
		return
	}
	if p.isEnd(on, on+1, d.in.src) {
		d.at[endKind] = on + 1
		return
	}
	if p.is(on+2).isNumbers() && (p.is(on+3).isWords() || p.width == on+3) && p.fitOf(on, on+2).pairs > 0 && !d.uses(on+2) {
		d.at[durationKind] = on + 2
		d.out.note("the columns are taken as time, value, duration, label, as Sonic Visualiser writes them")
		if d.out.Format == "csv" {
			d.out.Format = "sonic-visualiser"
		}
	}
}
