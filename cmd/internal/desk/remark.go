package desk

import (
	"strings"
	"unicode"

	"prep/data"
)

// maxNote bounds a note, in bytes.
const maxNote = 500

// remark returns the line that keeps a person's remark on an item: whether it is unsure, and a
// note. It repeats what people last said of the moment, by whom they were, so that nothing else
// changes. One item at a time: what stands behind another line of its action could be taken
// for the silence of a move.
func (d *Desk) remark(items []Item, a Act) ([]data.Label, error) {
	note := strings.TrimSpace(a.Note)
	switch {
	case len(items) != 1:
		return nil, refuse(Unclear, "a remark is on one hit at a time")
	case len(note) > maxNote:
		return nil, refuse(Unclear, "a note has at most %d bytes; this one has %d", maxNote, len(note))
	case strings.ContainsFunc(note, unicode.IsControl):
		return nil, refuse(Unclear, "a note is one line of text")
	}
	m := items[0].moment
	l, said := d.pen.journal.human[m]
	if !said {
		l = d.pen.line(m)
	}
	if l.Unsure == a.Unsure && l.Note == note {
		return nil, nil
	}
	l.Act, l.Undoes, l.Unsure, l.Note = "", "", a.Unsure, note
	return []data.Label{l}, nil
}

// end returns the line that says where an item, which must bear a name, ends.
func (d *Desk) end(items []Item, a Act) ([]data.Label, error) {
	if len(items) != 1 || a.Onset == nil {
		return nil, refuse(Unclear, "one hit ends at a time, at a sample")
	}
	it := items[0]
	class, err := data.Name(it.Class)
	if err != nil || it.Reject {
		return nil, refuse(Conflict, "name the hit first: where it ends is kept with its class")
	}
	r := d.Recordings()[it.Recording]
	if most := min(it.Start+samples(r.Rate, mostMs), r.Samples); *a.Onset <= it.Onset || *a.Onset > most {
		return nil, refuse(Unclear, "a hit at sample %d ends behind it, at sample %d at the latest", it.Onset, most)
	}
	l := d.pen.statement(it, it.moment, class)
	l.End = *a.Onset
	return []data.Label{l}, nil
}

// remarked returns a line with the remark that stands at a moment, which is the person's who
// takes it away.
func (p pen) remarked(l data.Label, m data.Moment) data.Label {
	was := p.journal.human[m]
	l.Unsure, l.Note = was.Unsure, was.Note
	return l
}
