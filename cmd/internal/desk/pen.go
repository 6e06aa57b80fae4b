package desk

import (
	"slices"

	"prep/data"
)

// pen writes the journal lines of one person.
type pen struct {
	who     string // the name that they bear
	journal *journal
}

// line returns a human line about a moment.
func (p pen) line(m data.Moment) data.Label {
	return data.Label{Recording: m.Recording, Onset: m.Onset, By: data.ByHuman, Who: p.who}
}

// statement returns the line that gives an item's moment m a class. An end
// that a label set before stays.
func (p pen) statement(it Item, m data.Moment, class string) data.Label {
	l := p.remarked(p.line(m), it.moment)
	l.Class = class
	was, _ := p.journal.standing(it.moment)
	if was.End > m.Onset {
		l.End = was.End
	}
	switch {
	case m != it.moment:
		l.Moment, l.From = data.MomentPlaced, was.From
		if was.Moment != data.MomentPlaced {
			l.From = max(it.Found, 0)
		}
	case was.Moment == data.MomentPlaced:
		l.Moment, l.From = was.Moment, was.From
	}
	return l
}

// statements returns the lines that name items. What the same person already
// said is not repeated.
func (p pen) statements(items []Item, class string) ([]data.Label, error) {
	class, err := data.Name(class)
	if err != nil {
		return nil, Refusal{Unclear, err}
	}
	return p.linesOf(items, func(it Item) data.Label { return p.statement(it, it.moment, class) }), nil
}

// linesOf returns the line of each item, less those that would change nothing.
func (p pen) linesOf(items []Item, line func(Item) data.Label) (lines []data.Label) {
	for _, it := range items {
		l := line(it)
		if !sameWord(l, p.journal.human[it.moment]) {
			lines = append(lines, l)
		}
	}
	return lines
}

// rejection returns the line that makes an item no hit. A placed moment stays
// one, so that what it was moved from does not come back.
func (p pen) rejection(it Item) data.Label {
	l := p.remarked(p.line(it.moment), it.moment)
	l.Reject = true
	if was, ok := p.journal.standing(it.moment); ok && was.Moment == data.MomentPlaced {
		l.Moment, l.From = was.Moment, was.From
	}
	return l
}

// silence returns the line after which nothing makes a hit of an item: a
// rejection of what was found, a taking back of what people added.
func (p pen) silence(it Item) data.Label {
	if it.Found >= 0 {
		return p.rejection(it)
	}
	return p.silenceAt(it.moment)
}

// silenceAt returns the line that leaves no class at a moment: a taking back,
// or, where others than people have spoken, a rejection.
func (p pen) silenceAt(m data.Moment) data.Label {
	l := p.line(m)
	others := slices.DeleteFunc(p.journal.at(m), func(l data.Label) bool { return l.By == data.ByHuman })
	l.Reject = len(data.Standing(others)) > 0
	return l
}
