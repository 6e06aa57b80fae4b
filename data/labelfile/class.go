package labelfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// errColumns is a table of labels whose class column must be named.
var errColumns = errors.New("labels.columns.class in prep.yaml says which")

// chooseClass chooses the column of the class and tells which.
func (d *decision) chooseClass() error {
	if d.at[classKind] >= 0 {
		return nil
	}
	if d.head == nil {
		d.classBehind()
		return nil
	}
	i := d.namedClass()
	if d.out.Format == "audition" || d.out.Format == "reaper" {
		i = slices.Index(d.head.known, "name")
	}
	if i >= 0 {
		d.at[classKind] = i
		d.several = slices.Contains([]string{"event labels", "labels", "positive labels", "tags"}, d.head.known[i])
		if !d.quiet {
			d.out.note("the class is in the column %q", d.head.names[i])
		}
		return nil
	}
	if d.at[onsetKind] < 0 && d.at[fileKind] >= 0 {
		return fmt.Errorf("%w: it names recordings, but no class and no times", ErrNoLabels)
	}
	switch words := d.unknownWords(); len(words) {
	case 0:
		d.out.note("no column names a class")
	case 1:
		d.at[classKind] = words[0]
		d.out.note("the class is in the column %s, the only one of words", d.name(words[0]))
	default:
		var names []string
		for _, i := range words {
			names = append(names, d.name(i))
		}
		return fmt.Errorf("no column is known to name the class; %s hold words: %w", strings.Join(names, ", "), errColumns)
	}
	return nil
}

// namedClass returns the surest column that is named like a class and holds
// words, else one that is surely named so and holds numbers; else -1.
func (d *decision) namedClass() int {
	var all []int
	for _, i := range d.head.all(classKind) {
		if !d.uses(i) && d.profile.is(i).filled > 0 {
			all = append(all, i)
		}
	}
	for _, i := range all {
		if d.profile.is(i).words > 0 {
			return i
		}
	}
	for _, i := range all {
		if d.head.isClass(i) {
			return i
		}
	}
	return -1
}

// unknownWords returns the columns of words whose names say nothing.
func (d *decision) unknownWords() (found []int) {
	for i := range d.profile.cols {
		known := ""
		if i < len(d.head.known) {
			known = d.head.known[i]
		}
		if !d.uses(i) && d.profile.is(i).isWords() && !slices.Contains(asides, known) && !isKind(known) {
			found = append(found, i)
		}
	}
	return found
}

func isKind(name string) bool {
	for _, names := range headings {
		if slices.Contains(names, name) {
			return true
		}
	}
	return false
}

// classBehind chooses the class of a table without a header: the first column of
// words behind the times, else before them.
func (d *decision) classBehind() {
	last := max(d.at[onsetKind], d.at[endKind], d.at[durationKind])
	for i := last + 1; i < len(d.profile.cols); i++ {
		if !d.uses(i) && d.profile.cols[i].words > 0 {
			d.takeClass(i)
			return
		}
	}
	for i := range d.profile.cols {
		if !d.uses(i) && d.profile.cols[i].isWords() {
			d.takeClass(i)
			return
		}
	}
	if d.out.Format == "audacity" && d.profile.width == last+2 && last > 0 {
		d.at[classKind] = last + 1 // names of Audacity's that are numbers
	}
}

func (d *decision) takeClass(i int) {
	if d.at[classKind] = i; d.rest && d.profile.width > i+1 {
		d.out.note("the class is all that stands behind the times")
	}
}

// tellLeftOut names the columns that are not read.
func (d *decision) tellLeftOut() {
	var left []string
	for i, c := range d.profile.cols {
		behind := d.rest && d.at[classKind] >= 0 && i > d.at[classKind]
		if c.filled > 0 && !d.uses(i) && !behind && !(d.profile.isIndex(i) && d.head == nil) {
			left = append(left, d.name(i))
		}
	}
	if len(left) == 0 || d.quiet {
		return
	}
	if len(left) > 12 {
		left = append(left[:12], fmt.Sprintf("%d more", len(left)-12))
	}
	word := "columns"
	if len(left) == 1 {
		word = "column"
	}
	d.out.note("left out: the %s %s", word, strings.Join(left, ", "))
}

// chooseUnits sets what the numbers count: as the user says, else as the
// columns' names say, else seconds.
func (d *decision) chooseUnits() error {
	for _, k := range []kind{onsetKind, endKind, durationKind} {
		i := d.at[k]
		if i < 0 {
			continue
		}
		unit := d.in.opts.Unit
		if unit == "" && d.head != nil && i < len(d.head.units) {
			unit = d.head.units[i]
		}
		if d.units[k] = unitSeconds(unit, d.in.src); d.units[k] > 0 {
			continue
		}
		if unit == "samples" {
			return fmt.Errorf("the times in the column %s count samples, and of how many a second is not known", d.name(i))
		}
		return fmt.Errorf("the times in the column %s count %s; seconds, milliseconds or samples are wanted, or labels.unit that says s, ms or samples", d.name(i), unit)
	}
	return nil
}
