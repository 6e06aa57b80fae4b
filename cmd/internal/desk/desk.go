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
	spots [][]spot     // of them, by recording
	left  stamp        // of the journal, as this desk left it
	items [][]Item     // by recording
	where map[string]place
	tally Tally
	last  time.Time // of the last act
	names Names
	// unsure says that the journal may go on behind left with what was not saved.
	unsure bool
}

// place is where an item is in Desk.items: of which recording, and at which onset.
type place struct{ recording, onset int }

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
	d := &Desk{set: set, file: file, where: map[string]place{}, tally: Tally{Classes: map[string]int{}}}
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
	d.items, d.spots = make([][]Item, len(recordings)), make([][]spot, len(recordings))
	for i, r := range recordings {
		d.items[i] = d.pen.journal.itemsOf(i, r, d.hits[i], data.Standing(d.pen.journal.lines[r.ID]))
		d.spots[i] = spotsOf(d.hits[i])
		d.count(nil, d.items[i])
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

// Items returns the items of each recording by onset, as they are now. They stay so whatever
// is done next.
func (d *Desk) Items() [][]Item {
	all := make([][]Item, len(d.items))
	for i, items := range d.items {
		all[i] = slices.Clone(items)
	}
	return all
}

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
		n, _ := slices.BinarySearchFunc(d.items[at.recording], Item{ID: id, Onset: at.onset}, Item.compare)
		items = append(items, d.items[at.recording][n])
	}
	return items, nil
}

// Undoable returns how many acts can be undone.
func (d *Desk) Undoable() int { return len(d.pen.journal.done) }

// Statements returns how many human lines say something, rather than take
// back or remark, and of how many moments.
func (d *Desk) Statements() (lines, moments int) {
	return d.pen.journal.statements, len(d.pen.journal.named)
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
	return d.hear(lines), nil
}

// nextTime returns now, or a nanosecond past last where the clock has not moved.
func nextTime(last, now time.Time) time.Time {
	if now.After(last) {
		return now
	}
	return last.Add(time.Nanosecond)
}
