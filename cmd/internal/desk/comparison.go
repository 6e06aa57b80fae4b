package desk

import (
	"slices"
	"time"

	"prep/data"
)

// sameHit is how far apart two people, or a file and the desk, may place one
// hit. The closest hits that segment keeps apart are 24 ms apart (see
// segment/pick.go); this is less than half of it, so that nothing is near two.
const sameHit = 10 * time.Millisecond

// comparison is a recording here beside a file's account of it.
type comparison struct {
	desk      *Desk
	recording int
	said      account
	counts    map[string]int // what the labels of the file are, by its name
}

// modelLines returns the lines of a model's labels, less those that are here
// already, and counts them.
func (c comparison) modelLines() (lines []data.Label) {
	for _, l := range c.said.labels {
		it, exact := c.itemAt(l.Onset)
		if exact && it.Class == l.Class {
			c.counts["as they were"]++
			continue
		}
		said := c.line(l, it)
		said.By, said.Who = data.ByModel, l.Who
		lines = append(lines, said)
	}
	c.counts["new"] += len(lines)
	return lines
}

// peopleLines returns the lines after which the recording is as the file says, and
// counts them. A statement with the silence of the moment that it moved from
// behind it is a move; other silences come first.
func (c comparison) peopleLines() []data.Label {
	shown := c.desk.namedItems(c.recording)
	from := c.pairs(shown)
	paired := map[string]bool{}
	for _, it := range from {
		paired[it.ID] = true
	}
	var silences, statements []data.Label
	for _, it := range shown {
		switch {
		case paired[it.ID] || !c.said.whole:
		case it.By == data.ByHuman && it.Who != c.desk.pen.who:
			c.counts["kept, said by others"]++
		default:
			c.counts["taken back"]++
			silences = append(silences, c.desk.pen.silence(it))
		}
	}
	for i, l := range c.said.labels {
		it, found := from[i]
		lines, what := c.difference(l, it, found)
		statements = append(statements, lines...)
		c.counts[what]++
	}
	return append(silences, statements...)
}

// pairs returns the shown item that each label of the file is about, by the
// label's index, where there is one.
func (c comparison) pairs(shown []Item) map[int]Item {
	at := make([]int, len(shown))
	for i, it := range shown {
		at[i] = it.Onset
	}
	tolerance := c.desk.Recordings()[c.recording].Rate.N(sameHit)
	from := map[int]Item{}
	for _, p := range data.Match(at, onsets(c.said.labels), tolerance) {
		from[p.B] = shown[p.A]
	}
	return from
}

// difference returns what a label of a file changes, and what to call it. The
// item is the one that it is about, if there is one.
func (c comparison) difference(l data.Label, it Item, found bool) (lines []data.Label, what string) {
	moved := found && c.momentAt(l.Onset) != it.moment
	switch {
	case found && !moved && it.Class == l.Class && sameEnd(l, it):
		return nil, "as they were"
	case moved:
		to := c.desk.pen.statement(it, c.momentAt(l.Onset), l.Class)
		to.End = c.line(l, it).End
		return []data.Label{to, c.desk.pen.silenceAt(it.moment)}, "moved"
	case found:
		return []data.Label{c.line(l, it)}, "changed"
	}
	it, there := c.itemAt(l.Onset)
	said := c.line(l, it)
	if !there {
		said.Moment = data.MomentAnnotated
	}
	return []data.Label{said}, "new"
}

// line returns the journal line that a label of a file amounts to. An end that
// is the item's own anyway is not repeated.
func (c comparison) line(l data.Label, it Item) data.Label {
	said := c.desk.pen.line(c.momentAt(l.Onset))
	said.Class = l.Class
	if !sameEnd(l, it) {
		said.End = l.End
	}
	return said
}

func sameEnd(l data.Label, it Item) bool {
	return l.End == 0 || abs(l.End-it.End) <= 1 || abs(l.End-it.saidEnd) <= 1
}

// momentAt returns the moment at which a statement about an onset is made: that
// of the item there, if there is one.
func (c comparison) momentAt(onset int) data.Moment {
	if it, exact := c.itemAt(onset); exact {
		return it.moment
	}
	return data.Moment{Recording: c.said.recording, Onset: onset}
}

// itemAt returns the item at an onset; programs that keep times as text may be
// a sample off.
func (c comparison) itemAt(onset int) (Item, bool) {
	items := c.desk.items[c.recording]
	i, _ := slices.BinarySearchFunc(items, onset-1, func(it Item, n int) int { return it.Onset - n })
	if i < len(items) && items[i].Onset <= onset+1 {
		return items[i], true
	}
	return Item{}, false
}

func abs(n int) int { return max(n, -n) }
