package desk

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"

	"prep/data"
	"prep/data/disk"
)

// secondFile returns the file of a second labeller, below a set.
func secondFile(who string) string {
	return path.Join(data.SecondDir, url.PathEscape(who)+data.JournalExt)
}

// NewSecond is New for a second labeller, who sees the hits and what they themselves have said,
// and nothing that others, imports or folders say. What they said before stands at the
// hits that were found since. It refuses a name that labels.jsonl has lines of.
func NewSecond(set *data.Set, who string) (*Desk, error) {
	lines, err := set.Labels()
	if err != nil {
		return nil, err
	}
	if slices.Contains(namesOf(lines), who) {
		return nil, refuse(Conflict, "%s has labelled this set as the first: a second labeller has another name", who)
	}
	if err := disk.MkdirAll(set.Path(data.SecondDir)); err != nil {
		return nil, err
	}
	return newDesk(set, who, secondFile(who))
}

// Second reports whether the desk is a second labeller's.
func (d *Desk) Second() bool { return d.file != data.LabelsFile }

// Seat tells who labels at the desk, and whether as a second labeller.
func (d *Desk) Seat() string {
	if d.Second() {
		return d.Who() + ", second"
	}
	return d.Who()
}

// blind hides what others say of recordings, and has hits bear the moments that the journal speaks
// of, one to one within 10 ms, in place of those of labels.jsonl.
func (d *Desk) blind(recordings []data.Recording, lines []data.Label) {
	marks := data.Marks(lines)
	for i, r := range recordings {
		for k := range d.hits[i] {
			d.hits[i][k].Mark = data.NoMark
		}
		slices.SortFunc(d.hits[i], func(a, b data.Hit) int { return a.Onset - b.Onset })
		at := make([]int, len(d.hits[i]))
		for k, h := range d.hits[i] {
			at[k] = h.Onset
		}
		for _, p := range data.Match(at, onsets(marks[r.ID]), r.Rate.N(sameHit)) {
			d.hits[i][p.A].Mark = marks[r.ID][p.B].Onset
		}
	}
}

// Labeller is somebody who has labelled hits of a set.
type Labeller struct {
	Who    string `json:"who"`
	Second bool   `json:"second"`
	Hits   int    `json:"hits"` // that their last word names or rejects
}

// Labellers returns who has labelled, by name, second labellers last.
func Labellers(set *data.Set) ([]Labeller, error) {
	journals, err := journalsOf(set)
	if err != nil {
		return nil, err
	}
	all := []Labeller{}
	for _, file := range slices.Sorted(maps.Keys(journals)) {
		second := file != data.LabelsFile
		for _, who := range namesOf(journals[file]) {
			n := 0
			for _, marks := range wordsOf(journals[file], who) {
				n += len(marks)
			}
			all = append(all, Labeller{who, second, n})
		}
	}
	return all, nil
}

// journalsOf returns the lines of labels.jsonl and of the second labellers' journals, by file.
func journalsOf(set *data.Set) (map[string][]data.Label, error) {
	lines, err := set.Labels()
	if err != nil {
		return nil, err
	}
	journals := map[string][]data.Label{data.LabelsFile: lines}
	files, err := set.SecondFiles()
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if journals[file], err = data.ReadJournal[data.Label](set.Path(file)); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return journals, nil
}

// saidBy returns the journal that has what a person said: their own, if they are a second labeller.
func saidBy(journals map[string][]data.Label, who string) []data.Label {
	if own, ok := journals[secondFile(who)]; ok {
		return own
	}
	return journals[data.LabelsFile]
}

// namesOf returns the people of a journal, each once, sorted.
func namesOf(lines []data.Label) (names []string) {
	for _, l := range lines {
		if l.By == data.ByHuman {
			names = append(names, l.Who)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
