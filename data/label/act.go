package label

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"prep/data"
)

// request is an action asked for: what to do, and to which items.
type request struct {
	Do        string   `json:"do"`
	IDs       []string `json:"ids"`
	Class     string   `json:"class"`
	Recording string   `json:"recording"` // of "add"
	Onset     *int     `json:"onset"`     // of "add", "move", and "label" of one hit
}

// actError is a request that cannot be done, with its HTTP status.
type actError struct {
	status int
	error
}

func refuse(status int, format string, args ...any) error {
	return actError{status, fmt.Errorf(format, args...)}
}

// act does what is asked and returns what changed.
func (p *Page) act(q request) (update, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	lines, err := p.linesFor(q)
	if err != nil {
		return update{}, err
	}
	if len(lines) == 0 {
		return p.publish(update{Focus: q.IDs}), nil
	}
	if q.Do == "label" || q.Do == "reject" {
		now := time.Now()
		for range lines {
			p.pace = append(p.pace, now)
		}
	}
	return p.write(lines)
}

// linesFor returns the journal lines that an action amounts to.
func (p *Page) linesFor(q request) ([]data.Label, error) {
	if q.Do == "undo" {
		lines := p.journal.undo()
		if lines == nil {
			return nil, refuse(http.StatusConflict, "nothing to undo")
		}
		return lines, nil
	}
	if q.Do == "add" {
		return p.add(q)
	}
	items, err := p.itemsNamed(q.IDs)
	if err != nil {
		return nil, err
	}
	switch {
	case q.Do == "label" && q.Onset != nil, q.Do == "move":
		return p.move(items, q)
	case q.Do == "label":
		return p.name(items, q.Class)
	case q.Do == "reject":
		return p.eachLine(items, p.rejection), nil
	case q.Do == "delete":
		return p.eachLine(items, p.silence), nil
	case q.Do == "merge":
		return p.merge(items)
	}
	return nil, refuse(http.StatusBadRequest, "%q is nothing that can be done", q.Do)
}

func (p *Page) itemsNamed(ids []string) ([]Item, error) {
	if len(ids) == 0 {
		return nil, refuse(http.StatusBadRequest, "which hits? None is named")
	}
	var items []Item
	for _, id := range ids {
		it, ok := p.find(id)
		if !ok {
			return nil, refuse(http.StatusNotFound, "no hit %q here; it may be gone: load the page again", id)
		}
		items = append(items, it)
	}
	return items, nil
}

// line returns a human line about a moment.
func (p *Page) line(m data.Moment) data.Label {
	return data.Label{Recording: m.Recording, Onset: m.Onset, By: data.ByHuman, Who: p.config.Who}
}

// statement returns the line that gives an item's moment m a class. An end
// that a label set before stays.
func (p *Page) statement(it Item, m data.Moment, class string) data.Label {
	l := p.line(m)
	l.Class = class
	if was, ok := p.standing(it.moment); ok && was.End > m.Onset {
		l.End = was.End
	}
	return l
}

func (p *Page) standing(m data.Moment) (data.Label, bool) {
	l, ok := data.Standing(p.journal.at(m))[m]
	return l, ok
}

// at returns the lines about one moment.
func (j *journal) at(m data.Moment) (lines []data.Label) {
	for _, l := range j.lines[m.Recording] {
		if l.Onset == m.Onset {
			lines = append(lines, l)
		}
	}
	return lines
}

// name gives items a class. What the same person already said is not repeated.
func (p *Page) name(items []Item, class string) ([]data.Label, error) {
	class, err := cleanClass(class)
	if err != nil {
		return nil, actError{http.StatusBadRequest, err}
	}
	return p.eachLine(items, func(it Item) data.Label { return p.statement(it, it.moment, class) }), nil
}

// eachLine returns the line of each item, less those that would change nothing.
func (p *Page) eachLine(items []Item, line func(Item) data.Label) (lines []data.Label) {
	for _, it := range items {
		l := line(it)
		if !sameWord(l, p.journal.human[it.moment]) {
			lines = append(lines, l)
		}
	}
	return lines
}

func (p *Page) rejection(it Item) data.Label {
	l := p.line(it.moment)
	l.Reject = true
	return l
}

// silence returns the line after which nothing makes a hit of an item: a
// rejection of what was found, a taking back of what people added.
func (p *Page) silence(it Item) data.Label {
	if it.Found >= 0 {
		return p.rejection(it)
	}
	return p.hush(it.moment)
}

// hush returns the line that leaves no class at a moment: a taking back, or,
// where others than people have spoken, a rejection.
func (p *Page) hush(m data.Moment) data.Label {
	l := p.line(m)
	others := slices.DeleteFunc(p.journal.at(m), func(l data.Label) bool { return l.By == data.ByHuman })
	l.Reject = len(data.Standing(others)) > 0
	return l
}

// move puts an item's onset elsewhere, naming it if a class is given.
func (p *Page) move(items []Item, q request) ([]data.Label, error) {
	if len(items) != 1 || q.Onset == nil {
		return nil, refuse(http.StatusBadRequest, "one hit moves at a time, to an onset")
	}
	it, class := items[0], q.Class
	if class == "" {
		class = it.Class
	}
	class, err := cleanClass(class)
	if err != nil {
		return nil, refuse(http.StatusConflict, "name the hit first: a place is kept with its class")
	}
	to, err := p.freeMoment(it.moment.Recording, *q.Onset, it.ID)
	if err != nil {
		return nil, err
	}
	if to == it.moment {
		return p.name(items, class)
	}
	return []data.Label{p.statement(it, to, class), p.hush(it.moment)}, nil
}

// freeMoment checks that an onset lies in its recording and that no other item
// is there.
func (p *Page) freeMoment(recording string, onset int, self string) (data.Moment, error) {
	m := data.Moment{Recording: recording, Onset: onset}
	i, ok := p.index[recording]
	switch {
	case !ok:
		return m, refuse(http.StatusNotFound, "no recording %q here", recording)
	case onset < 0 || onset >= p.recordings[i].Samples:
		return m, refuse(http.StatusBadRequest, "onset %d does not lie in the %d samples of the recording", onset, p.recordings[i].Samples)
	}
	for _, it := range p.items[i] {
		if it.ID != self && (it.Onset == onset || it.moment == m) {
			return m, refuse(http.StatusConflict, "there is an onset at sample %d already", onset)
		}
	}
	return m, nil
}

// add states a new moment.
func (p *Page) add(q request) ([]data.Label, error) {
	class, err := cleanClass(q.Class)
	if err != nil {
		return nil, actError{http.StatusBadRequest, err}
	}
	if q.Onset == nil {
		return nil, refuse(http.StatusBadRequest, "where? An onset is missing")
	}
	m, err := p.freeMoment(q.Recording, *q.Onset, "")
	l := p.line(m)
	l.Class = class
	return []data.Label{l}, err
}

// merge makes one hit of two neighbours: the earlier onset, the later end.
func (p *Page) merge(items []Item) ([]data.Label, error) {
	if len(items) != 2 || items[0].Recording != items[1].Recording || items[0].ID == items[1].ID {
		return nil, refuse(http.StatusBadRequest, "two hits of one recording merge")
	}
	a, b := items[0], items[1]
	if b.Onset < a.Onset {
		a, b = b, a
	}
	class := a.Class
	if class == "" {
		class = b.Class
	}
	class, err := cleanClass(class)
	if err != nil {
		return nil, refuse(http.StatusConflict, "name the first of them, then merge")
	}
	if longest := a.Start + samples(p.recordings[a.Recording], mostMs); b.Onset >= longest {
		return nil, refuse(http.StatusConflict, "the two lie further apart than a hit is long")
	}
	l := p.statement(a, a.moment, class)
	l.End = max(b.End, a.End)
	return []data.Label{p.silence(b), l}, nil
}

// statusOf returns the HTTP status of an action's error.
func statusOf(err error) int {
	var a actError
	switch {
	case errors.As(err, &a):
		return a.status
	case errors.Is(err, errChanged):
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}
