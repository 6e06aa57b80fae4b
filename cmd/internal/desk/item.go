package desk

import (
	"cmp"
	"slices"
	"strings"

	"prep/data"
)

// Item is a hit as it is to be seen: a line of hits.jsonl, or a moment that
// only the journal knows, with what the journal says of it now. Positions are
// samples.
type Item struct {
	ID        string `json:"id"` // stays the same when the hit is moved
	Recording int    `json:"rec"`
	Start     int    `json:"start"`
	Onset     int    `json:"onset"` // where people moved it, else where it was found
	End       int    `json:"end"`
	// Found is where hits.jsonl has the onset, or -1 where it has none.
	Found  int    `json:"found"`
	Class  string `json:"class,omitempty"`
	Reject bool   `json:"reject,omitempty"`
	// By is who says so: "human", "import", "model", "folder", or "".
	By  string `json:"by,omitempty"`
	Who string `json:"who,omitempty"`
	// Unsure and Note are people's last remark on it.
	Unsure bool   `json:"unsure,omitempty"`
	Note   string `json:"note,omitempty"`

	moment  data.Moment // what labels of it speak about
	saidEnd int         // where the label that stands says that it ends, or 0
}

// byFolder is the By of a class that the whole recording has.
const byFolder = "folder"

// lead and most are how long before the onset an added hit starts, and how
// long it is, in ms: what segment cuts (docs/set.md).
const (
	leadMs = 3
	mostMs = 49
)

// itemsOf returns the items, by onset, of originals of a recording and of moments that stand
// there: of all, or of some that no moves or marks join with others.
func (j *journal) itemsOf(index int, r data.Recording, hits []data.Hit, standing map[data.Moment]data.Label) []Item {
	shown := map[data.Moment]bool{}
	var items []Item
	for _, h := range hits {
		m, onset := j.momentOfHit(h, standing)
		it := itemOf(index, r, h, onset)
		items = append(items, it.withLabel(m, r, standing).withRemark(j.human[m]))
		for _, at := range []int{h.Onset, h.Mark, m.Onset} {
			shown[data.Moment{Recording: r.ID, Onset: at}] = true
		}
	}
	for m, l := range standing {
		if shown[m] || l.Reject {
			continue
		}
		h := data.Hit{ID: data.HitID(r.ID, j.moved.origin(m).Onset), Start: m.Onset - samples(r.Rate, leadMs), Onset: m.Onset}
		h.End = h.Start + samples(r.Rate, mostMs)
		it := itemOf(index, r, h, m.Onset)
		it.Found = -1
		items = append(items, it.withLabel(m, r, standing).withRemark(j.human[m]))
	}
	slices.SortFunc(items, Item.compare)
	return items
}

// compare orders items by onset, and those of one onset somehow.
func (it Item) compare(other Item) int {
	return cmp.Or(it.Onset-other.Onset, strings.Compare(it.ID, other.ID))
}

func samples(rate data.Rate, ms int) int { return int(rate) * ms / 1000 }

// Extent returns the samples [from, to) that a hit added at the item's onset
// would have: what a picture of it shows.
func (it Item) Extent(rate data.Rate) (from, to int) {
	from = it.Onset - samples(rate, leadMs)
	return from, from + samples(rate, mostMs)
}

// momentOfHit returns the moment that statements about a hit are made at, and
// its onset: where it was moved to, else where a label of it stands or is to
// stand, at its mark if it has one, and the onset that was found.
func (j *journal) momentOfHit(h data.Hit, standing map[data.Moment]data.Label) (m data.Moment, onset int) {
	at := placesOf(&h)
	for _, m := range at {
		if to, ok := j.moved.follow(m); ok {
			return to, to.Onset
		}
	}
	for _, m := range at {
		if _, ok := standing[m]; ok {
			return m, h.Onset
		}
	}
	return at[1], h.Onset
}

// placesOf returns the moments that labels of a hit may be at: its onset, and its mark, which is
// the onset again where it has none.
func placesOf(h *data.Hit) (at [2]data.Moment) {
	at[0] = data.Moment{Recording: h.Recording, Onset: h.Onset}
	at[1] = at[0]
	if h.Mark != data.NoMark {
		at[1].Onset = h.Mark
	}
	return at
}

// itemOf shows a hit at an onset, with the class of its folder.
func itemOf(index int, r data.Recording, h data.Hit, onset int) Item {
	it := Item{ID: h.ID, Recording: index, Onset: onset, Found: h.Onset, Class: r.Class}
	it.Start = max(h.Start+onset-h.Onset, 0)
	it.End = h.End
	if r.Class != "" {
		it.By = byFolder
	}
	return it
}

// withLabel adds what stands at the item's moment.
func (it Item) withLabel(m data.Moment, r data.Recording, standing map[data.Moment]data.Label) Item {
	it.moment = m
	if l, ok := standing[m]; ok {
		it.Class, it.Reject, it.By, it.Who, it.saidEnd = l.Class, l.Reject, l.By, l.Who, l.End
		if l.End > it.Onset {
			it.End = l.End
		}
	}
	it.End = max(min(it.End, it.Start+samples(r.Rate, mostMs), r.Samples), it.Onset+1)
	return it
}

// withRemark adds the remark of the last human line at the item's moment.
func (it Item) withRemark(l data.Label) Item {
	it.Unsure, it.Note = l.Unsure, l.Note
	return it
}
