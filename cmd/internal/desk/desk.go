package desk

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"prep/data"
	"prep/data/disk"
)

// Desk is where the hits of a set are labelled: what was found, joined with
// what the journal says of it. It is the set's only writer while it is in use,
// and for one goroutine at a time.
type Desk struct {
	data.Catalog
	set   *data.Set
	file  string // the journal, below the set: labels.jsonl, or a second labeller's
	pen   pen
	hits  [][]data.Hit // originals, by recording
	left  stamp        // of the journal, as this desk left it
	items [][]Item     // by recording
	where map[string]place
	last  time.Time // of the last act
	names Names
	// unsure says that the journal may go on behind left with what was not saved.
	unsure bool
}

// place is where an item is in Desk.items.
type place struct{ recording, index int }

// New reads a set, which is open for writing if there are to be acts. Who is
// the name that human lines will bear. It fails, naming the line, when a
// manifest or the journal cannot be read.
func New(set *data.Set, who string) (*Desk, error) { return newDesk(set, who, data.LabelsFile) }

// newDesk returns the desk of a journal.
func newDesk(set *data.Set, who, file string) (*Desk, error) {
	recordings, err := set.Recordings()
	if err != nil {
		return nil, err
	}
	d := &Desk{set: set, file: file, where: map[string]place{}}
	if d.Second() {
		for i := range recordings {
			recordings[i].Class = "" // of a folder, which somebody named
		}
	}
	d.Catalog = data.NewCatalog(recordings)
	if d.names, err = ReadNames(set); err != nil {
		return nil, err
	}
	if err := d.readHits(); err != nil {
		return nil, err
	}
	lines, err := data.ReadJournal[data.Label](set.Path(file))
	if err != nil {
		return nil, err
	}
	if d.Second() {
		d.blind(recordings, lines)
	}
	d.pen = pen{who, readJournal(lines)}
	d.left = d.journalStamp()
	d.items = make([][]Item, len(recordings))
	for i := range recordings {
		d.refresh(i)
	}
	return d, nil
}

// readHits reads the originals.
func (d *Desk) readHits() error {
	hits, err := d.set.Hits()
	d.hits = make([][]data.Hit, len(d.Recordings()))
	for _, h := range hits {
		i, ok := d.Index(h.Recording)
		if !ok {
			return fmt.Errorf("%s: hit %s is of recording %q, which is not in %s; run `prep segment` again",
				data.HitsFile, h.ID, h.Recording, data.RecordingsFile)
		}
		if h.Parent == "" {
			d.hits[i] = append(d.hits[i], h)
		}
	}
	return err
}

// Who returns the name that lines of this desk bear.
func (d *Desk) Who() string { return d.pen.who }

// Originals returns the hits of hits.jsonl that are no copies, by recording.
// They do not change while the desk is in use.
func (d *Desk) Originals() [][]data.Hit { return d.hits }

// Items returns the items of each recording by onset, as they are now. An act
// replaces the items of a recording and leaves those returned as they were.
func (d *Desk) Items() [][]Item { return slices.Clone(d.items) }

// Named returns the items with these IDs. It refuses an ID that is not here,
// and none at all.
func (d *Desk) Named(ids []string) ([]Item, error) {
	if len(ids) == 0 {
		return nil, refuse(Unclear, "which hits? None is named")
	}
	var items []Item
	for _, id := range ids {
		at, ok := d.where[id]
		if !ok {
			return nil, refuse(Missing, "no hit %q here; it may be gone: load the page again", id)
		}
		items = append(items, d.items[at.recording][at.index])
	}
	return items, nil
}

// Undoable returns how many acts can be undone.
func (d *Desk) Undoable() int { return len(d.pen.journal.done) }

// Statements returns how many human lines say something, rather than take
// back or remark, and of how many moments.
func (d *Desk) Statements() (lines, moments int) {
	seen, last := map[data.Moment]bool{}, map[data.Moment]data.Label{}
	for _, r := range d.Recordings() {
		for _, l := range d.pen.journal.lines[r.ID] {
			m := momentOf(l)
			if l.By == data.ByHuman && states(l) && !sameName(l, last[m]) {
				lines++
				seen[m] = true
			}
			if l.By == data.ByHuman {
				last[m] = l
			}
		}
	}
	return lines, len(seen)
}

// stamp tells one state of a file from another.
type stamp struct {
	size    int64
	changed time.Time
}

func (d *Desk) journalStamp() stamp {
	info, err := disk.Stat(d.set.Path(d.file))
	if err != nil {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime()}
}

// refresh recomputes the items of a recording and returns those that changed
// and the IDs of those that went.
func (d *Desk) refresh(recording int) (changed []Item, gone []string) {
	old := map[string]Item{}
	for _, it := range d.items[recording] {
		old[it.ID] = it
	}
	now := d.pen.journal.itemsOf(recording, d.Recordings()[recording], d.hits[recording])
	for i, it := range now {
		if was, ok := old[it.ID]; !ok || was != it {
			changed = append(changed, it)
		}
		delete(old, it.ID)
		d.where[it.ID] = place{recording, i}
	}
	for id := range old {
		gone = append(gone, id)
		delete(d.where, id)
	}
	d.items[recording] = now
	return changed, gone
}

// errChanged says that somebody else wrote to the journal.
func (d *Desk) errChanged() error {
	return refuse(Conflict, "%s was changed by another program; nothing was written: stop `prep label` and start it again", d.file)
}

// mend makes the journal what this desk left, where that is not known.
func (d *Desk) mend() error {
	if d.unsure {
		if err := data.CutJournal(d.set.Path(d.file), d.left.size); err != nil {
			return fmt.Errorf("not saved: %w", err)
		}
		d.left, d.unsure = d.journalStamp(), false
	}
	if d.journalStamp() != d.left {
		return d.errChanged()
	}
	return nil
}

// write appends lines as one act, synced, and returns what changed.
func (d *Desk) write(lines []data.Label) (Change, error) {
	if err := d.mend(); err != nil {
		return Change{}, err
	}
	d.last = nextTime(d.last, time.Now())
	for i := range lines {
		lines[i].Time = d.last.UTC().Format(time.RFC3339Nano)
	}
	err := data.AppendLines(d.set.Path(d.file), lines)
	if d.unsure = errors.Is(err, data.ErrUnsure); d.unsure {
		return Change{}, fmt.Errorf("perhaps not saved: %w", err)
	}
	d.left = d.journalStamp()
	if err != nil {
		return Change{}, fmt.Errorf("not saved: %w", err)
	}
	d.pen.journal.absorb(lines)
	return d.changeBy(lines), nil
}

// nextTime returns now, or a nanosecond past last where the clock has not moved.
func nextTime(last, now time.Time) time.Time {
	if now.After(last) {
		return now
	}
	return last.Add(time.Nanosecond)
}

// changeBy refreshes the recordings that lines speak of.
func (d *Desk) changeBy(lines []data.Label) Change {
	c := Change{Items: []Item{}, Gone: []string{}}
	seen := map[int]bool{}
	for _, l := range lines {
		i, ok := d.Index(l.Recording)
		if !ok || seen[i] {
			continue
		}
		seen[i] = true
		items, gone := d.refresh(i)
		c.Items, c.Gone = append(c.Items, items...), append(c.Gone, gone...)
	}
	c.Focus = d.at(lines)
	return c
}

// at returns the IDs of the items that lines speak of, in the order of the lines,
// each once.
func (d *Desk) at(lines []data.Label) (ids []string) {
	there := map[data.Moment][]string{}
	recordings := map[int]bool{}
	for _, l := range lines {
		there[momentOf(l)] = nil
		if i, ok := d.Index(l.Recording); ok {
			recordings[i] = true
		}
	}
	for i := range recordings {
		for _, it := range d.items[i] {
			if of, spoken := there[it.moment]; spoken {
				there[it.moment] = append(of, it.ID)
			}
		}
	}
	for _, l := range lines {
		ids = append(ids, there[momentOf(l)]...)
		delete(there, momentOf(l))
	}
	return ids[:min(len(ids), focusMost)]
}

// focusMost bounds how many hits a change names as those to look at.
const focusMost = 50
