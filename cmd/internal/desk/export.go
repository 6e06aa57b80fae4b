package desk

import (
	"errors"
	"path"
	"path/filepath"

	"prep/data"
	"prep/data/labelfile"
)

// namedItems returns the items of a recording that bear a name, by onset; the
// end of each is at most the onset of the next.
func (d *Desk) namedItems(recording int) (items []Item) {
	for _, it := range d.items[recording] {
		if it.Class == "" || it.Reject {
			continue
		}
		if n := len(items); n > 0 {
			items[n-1].End = min(items[n-1].End, it.Onset)
			items[n-1].saidEnd = min(items[n-1].saidEnd, it.Onset)
		}
		items = append(items, it)
	}
	return items
}

// Export writes the labels of every recording into a folder, for another
// program: a file a recording, named like it, or one for all. An end that a
// label says is written, else that of the hit. It fails on an unknown format, and
// on a folder that holds anything: an older file there would be read back as if
// it were part of this.
func (d *Desk) Export(dir, format string) (data.Summary, error) {
	sum := data.Summary{Stage: "export labels", Counts: map[string]int{}}
	var all []labelfile.Recording
	for i, r := range d.Recordings() {
		if items := d.namedItems(i); len(items) > 0 {
			all = append(all, d.written(r, items))
			sum.Counts["labels"] += len(items)
		}
	}
	if len(all) == 0 {
		return sum, errors.New("no hit here bears a name")
	}
	sum.Counts["recordings"] = len(all)
	return sum, data.FillFolder(dir, func() error {
		_, err := labelfile.Write(dir, format, all)
		return err
	})
}

// written returns a recording with what is written of it.
func (d *Desk) written(r data.Recording, items []Item) labelfile.Recording {
	w := labelfile.Recording{Recording: r, ByPeople: true,
		Audio: path.Join(filepath.Base(d.set.Path()), "audio", r.ID+".wav")}
	seconds := func(sample int) float64 { return float64(sample) / float64(r.Rate) }
	for _, it := range items {
		end := it.End
		if it.saidEnd > it.Onset {
			end = it.saidEnd
		}
		w.Marks = append(w.Marks, labelfile.Mark{Onset: seconds(it.Onset), End: seconds(end), Class: it.Class, Who: it.Who})
		w.ByPeople = w.ByPeople && it.By == data.ByHuman
	}
	return w
}
