package desk

import "prep/data"

// Act is something asked for: what to do, and to which items.
type Act struct {
	// ID is the asker's own name of the act, "asker/act": one that is asked for again is not
	// done again.
	ID string `json:"id"`
	// Seat is the Desk.Seat that the asker saw: what was said at one is not written at another.
	Seat      string   `json:"seat"`
	Do        string   `json:"do"` // label, move, reject, delete, merge, add or undo
	IDs       []string `json:"ids"`
	Class     string   `json:"class"`
	Recording string   `json:"recording"` // of "add"
	Onset     *int     `json:"onset"`     // of "add", "move", and "label" of one hit
	// Others are askers whose acts "undo" leaves as they are.
	Others map[string]bool `json:"-"`
}

// Change is what an act changed.
type Change struct {
	Items    []Item   // new ones, and others as they are now
	Gone     []string // the IDs of those that are no more
	Focus    []string // the IDs of those that it was about
	Labelled int      // how many hits it named or rejected
	Undid    string   // the ID of the act that "undo" took back
}

// Do does what is asked, synced to the disk when it returns. The error is a
// Refusal where it cannot be done as things are; in every error nothing that
// was said is lost.
func (d *Desk) Do(a Act) (Change, error) {
	if len(a.ID) > maxID {
		return Change{}, refuse(Unclear, "the ID of an act has at most %d bytes", maxID)
	}
	a.IDs = eachOnce(a.IDs)
	if a.ID != "" && d.pen.journal.acts[a.ID] {
		return d.asItIs(a.IDs), nil
	}
	if a.Seat != "" && a.Seat != d.Seat() {
		return Change{}, refuse(Conflict, "%s labels here now, not %s: nothing was written", d.Seat(), a.Seat)
	}
	lines, undid, err := d.linesFor(a)
	if err != nil {
		return Change{}, err
	}
	for i := range lines {
		lines[i].Act = a.ID
	}
	if len(lines) == 0 {
		return Change{Focus: a.IDs}, nil
	}
	c, err := d.write(lines)
	c.Undid = undid
	if err == nil && (a.Do == "label" || a.Do == "reject") {
		c.Labelled = len(lines)
	}
	return c, err
}

// eachOnce returns IDs without those that were there before: a hit that is named twice
// in an act is one hit.
func eachOnce(ids []string) (once []string) {
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id], once = true, append(once, id)
		}
	}
	return once
}

// maxID bounds what a line of the journal keeps of who asked.
const maxID = 64

// asItIs returns the items that an act was about and that are still there.
func (d *Desk) asItIs(ids []string) Change {
	c := Change{Items: []Item{}, Gone: []string{}, Focus: ids}
	for _, id := range ids {
		if items, err := d.Named([]string{id}); err == nil {
			c.Items = append(c.Items, items...)
		} else {
			c.Gone = append(c.Gone, id)
		}
	}
	return c
}

// linesFor returns the journal lines that an act amounts to,
// and the ID of the act that it takes back, if it does.
func (d *Desk) linesFor(a Act) (lines []data.Label, undid string, err error) {
	switch a.Do {
	case "undo":
		return d.pen.journal.undo(a.Others)
	case "add":
		lines, err = d.add(a)
	default:
		lines, err = d.linesOf(a)
	}
	return lines, "", err
}

// linesOf returns the journal lines that an act about items amounts to.
func (d *Desk) linesOf(a Act) ([]data.Label, error) {
	items, err := d.Named(a.IDs)
	if err != nil {
		return nil, err
	}
	switch {
	case a.Do == "label" && a.Onset != nil, a.Do == "move":
		return d.move(items, a)
	case a.Do == "label":
		return d.pen.statements(items, a.Class)
	case a.Do == "reject":
		return d.pen.linesOf(items, d.pen.rejection), nil
	case a.Do == "delete":
		return d.pen.linesOf(items, d.pen.silence), nil
	case a.Do == "merge":
		return d.merge(items)
	}
	return nil, refuse(Unclear, "%q is nothing that can be done", a.Do)
}

// move puts an item's onset elsewhere, naming it if a class is given.
func (d *Desk) move(items []Item, a Act) ([]data.Label, error) {
	if len(items) != 1 || a.Onset == nil {
		return nil, refuse(Unclear, "one hit moves at a time, to an onset")
	}
	it, class := items[0], a.Class
	if class == "" {
		class = it.Class
	}
	class, err := data.Name(class)
	if err != nil {
		return nil, refuse(Conflict, "name the hit first: a place is kept with its class")
	}
	to, err := d.freeMoment(it.moment.Recording, *a.Onset, it.ID)
	if err != nil {
		return nil, err
	}
	if to == it.moment {
		return d.pen.statements(items, class)
	}
	return []data.Label{d.pen.statement(it, to, class), d.pen.silenceAt(it.moment)}, nil
}

// freeMoment checks that an onset lies in its recording and that no other item
// is there.
func (d *Desk) freeMoment(recording string, onset int, self string) (data.Moment, error) {
	m := data.Moment{Recording: recording, Onset: onset}
	i, ok := d.Index(recording)
	switch {
	case !ok:
		return m, refuse(Missing, "no recording %q here", recording)
	case onset < 0 || onset >= d.Recordings()[i].Samples:
		return m, refuse(Unclear, "onset %d does not lie in the %d samples of the recording", onset, d.Recordings()[i].Samples)
	}
	for _, it := range d.items[i] {
		if it.ID != self && (it.Onset == onset || it.moment == m) {
			return m, refuse(Conflict, "there is an onset at sample %d already", onset)
		}
	}
	return m, nil
}

// add states a new moment.
func (d *Desk) add(a Act) ([]data.Label, error) {
	class, err := data.Name(a.Class)
	if err != nil {
		return nil, Refusal{Unclear, err}
	}
	if a.Onset == nil {
		return nil, refuse(Unclear, "where? An onset is missing")
	}
	m, err := d.freeMoment(a.Recording, *a.Onset, "")
	l := d.pen.line(m)
	l.Class, l.Moment = class, data.MomentPlaced
	return []data.Label{l}, err
}

// merge makes one hit of two neighbours: the earlier onset, the later end.
func (d *Desk) merge(items []Item) ([]data.Label, error) {
	if len(items) != 2 || items[0].Recording != items[1].Recording || items[0].ID == items[1].ID {
		return nil, refuse(Unclear, "two hits of one recording merge")
	}
	a, b := items[0], items[1]
	if b.Onset < a.Onset {
		a, b = b, a
	}
	class := a.Class
	if class == "" {
		class = b.Class
	}
	class, err := data.Name(class)
	if err != nil {
		return nil, refuse(Conflict, "name the first of them, then merge")
	}
	if longest := a.Start + samples(d.Recordings()[a.Recording].Rate, mostMs); b.Onset >= longest {
		return nil, refuse(Conflict, "the two lie further apart than a hit is long")
	}
	l := d.pen.statement(a, a.moment, class)
	l.End = max(b.End, a.End)
	return []data.Label{d.pen.silence(b), l}, nil
}
