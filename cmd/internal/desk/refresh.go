package desk

import (
	"cmp"
	"maps"
	"slices"

	"prep/data"
)

// Tally counts items.
type Tally struct {
	Hits     int
	Labelled int // named or rejected by a person
	Rejected int
	Moved    int            // or added, by a person
	Classes  map[string]int // how many bear each
}

// Tally returns the counts of all items as they are now.
func (d *Desk) Tally() Tally {
	t := d.tally
	t.Classes = maps.Clone(t.Classes)
	return t
}

// add counts an item n times.
func (t *Tally) add(it Item, n int) {
	t.Hits += n
	if it.By == data.ByHuman {
		t.Labelled += n
	}
	switch {
	case it.Reject:
		t.Rejected += n
	case it.Class != "":
		if t.Classes[it.Class] += n; t.Classes[it.Class] == 0 {
			delete(t.Classes, it.Class)
		}
	}
	if it.Onset != it.Found && it.By == data.ByHuman && !it.Reject {
		t.Moved += n
	}
}

// count keeps where and tally true when items come in place of others.
func (d *Desk) count(old, now []Item) {
	for _, it := range old {
		d.tally.add(it, -1)
		delete(d.where, it.ID)
	}
	for _, it := range now {
		d.tally.add(it, 1)
		d.where[it.ID] = place{it.Recording, it.Onset}
	}
}

// hear takes in lines that are on disk, and returns what changed. A recording may have
// 100,000 hits: only items near the moments that the lines speak of are made anew.
func (d *Desk) hear(lines []data.Label) Change {
	near := map[int]map[data.Moment]bool{} // by recording
	chains := func() {
		for _, l := range lines {
			if i, ok := d.Index(l.Recording); ok {
				if near[i] == nil {
					near[i] = map[data.Moment]bool{}
				}
				d.pen.journal.moved.addChain(near[i], momentOf(l))
			}
		}
	}
	chains()
	d.pen.journal.absorb(lines)
	chains() // as moves are now, too
	c := Change{Items: []Item{}, Gone: []string{}}
	var looked []Item
	for _, i := range slices.Sorted(maps.Keys(near)) {
		old, now := d.refresh(i, near[i])
		changed, gone := difference(old, now)
		c.Items, c.Gone, looked = append(c.Items, changed...), append(c.Gone, gone...), append(looked, now...)
	}
	c.Focus = focus(lines, looked)
	return c
}

// refresh makes the items anew that are at moments of a recording or that moves or marks join
// with them, and returns those that they replace and them.
func (d *Desk) refresh(recording int, near map[data.Moment]bool) (old, now []Item) {
	j := d.pen.journal
	hits := d.joined(recording, near)
	standing := map[data.Moment]data.Label{}
	for m := range near {
		if l, ok := j.standing(m); ok {
			standing[m] = l
		}
	}
	now = j.itemsOf(recording, d.Recordings()[recording], hits, standing)
	items := d.items[recording]
	at := d.shownAt(recording, hits, near)
	for _, n := range at {
		old = append(old, items[n])
	}
	d.count(old, now)
	samePlace := func(a, b Item) bool { return a.compare(b) == 0 }
	if slices.EqualFunc(old, now, samePlace) {
		for k, n := range at {
			items[n] = now[k]
		}
		return old, now
	}
	for _, n := range slices.Backward(at) {
		items = slices.Delete(items, n, n+1)
	}
	for _, it := range now {
		n, _ := slices.BinarySearchFunc(items, it, Item.compare)
		items = slices.Insert(items, n, it)
	}
	d.items[recording] = items
	return old, now
}

// shownAt returns where the items of hits are among those of a recording, and of moments near
// that are no hits', in their order.
func (d *Desk) shownAt(recording int, hits []data.Hit, near map[data.Moment]bool) (at []int) {
	for _, h := range hits {
		n, _ := slices.BinarySearchFunc(d.items[recording], Item{ID: h.ID, Onset: d.where[h.ID].onset}, Item.compare)
		at = append(at, n)
	}
	items := d.items[recording]
	for m := range near {
		n, _ := slices.BinarySearchFunc(items, Item{Onset: m.Onset}, Item.compare)
		for ; n < len(items) && items[n].Onset == m.Onset; n++ {
			if items[n].Found < 0 {
				at = append(at, n)
			}
		}
	}
	slices.Sort(at)
	return at
}

// spot is a place where labels of an original may be.
type spot struct{ onset, hit int }

// spotsOf returns the spots of the originals of a recording, by onset.
func spotsOf(hits []data.Hit) []spot {
	spots := make([]spot, 0, len(hits))
	for i := range hits {
		at := placesOf(&hits[i])
		spots = append(spots, spot{at[0].Onset, i})
		if at[1] != at[0] {
			spots = append(spots, spot{at[1].Onset, i})
		}
	}
	slices.SortFunc(spots, func(a, b spot) int { return cmp.Or(a.onset-b.onset, a.hit-b.hit) })
	return spots
}

// joined returns the originals that are at moments near, by onset or mark, and adds to near what
// these and moves bring with them, until nothing more comes.
func (d *Desk) joined(recording int, near map[data.Moment]bool) (hits []data.Hit) {
	in, spots := map[int]bool{}, d.spots[recording]
	for left := slices.Collect(maps.Keys(near)); len(left) > 0; left = left[1:] {
		k, _ := slices.BinarySearchFunc(spots, left[0].Onset, func(s spot, onset int) int { return s.onset - onset })
		for ; k < len(spots) && spots[k].onset == left[0].Onset; k++ {
			h := &d.hits[recording][spots[k].hit]
			if in[spots[k].hit] {
				continue
			}
			in[spots[k].hit] = true
			hits = append(hits, *h)
			for _, m := range placesOf(h) {
				left = append(left, d.pen.journal.moved.addChain(near, m)...)
			}
		}
	}
	return hits
}

// difference returns the items of now that old has not, and the IDs that are no more.
func difference(old, now []Item) (changed []Item, gone []string) {
	was := map[string]Item{}
	for _, it := range old {
		was[it.ID] = it
	}
	for _, it := range now {
		if before, ok := was[it.ID]; !ok || before != it {
			changed = append(changed, it)
		}
		delete(was, it.ID)
	}
	return changed, slices.Sorted(maps.Keys(was))
}

// focus returns the IDs of the items that lines speak of, in the order of the lines, each once,
// and no more than are looked at.
func focus(lines []data.Label, items []Item) (ids []string) {
	there := map[data.Moment][]string{}
	for _, it := range items {
		there[it.moment] = append(there[it.moment], it.ID)
	}
	for _, l := range lines {
		ids = append(ids, there[momentOf(l)]...)
		delete(there, momentOf(l))
	}
	return ids[:min(len(ids), focusMost)]
}

// focusMost bounds how many hits a change names as those to look at.
const focusMost = 50
