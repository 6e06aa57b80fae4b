package label

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"prep/data"
)

// Said is what a file from another program says about one recording.
type Said struct {
	Recording string       // its ID
	Labels    []data.Label // by onset; of each only Onset, End, Class, By and Who count
	Whole     bool         // whether all of the file could be read
}

// shown returns the hits of a recording that bear a name, as the page shows
// them, by onset; the end of each is at most the onset of the next.
func (p *Page) shown(recording int) (items []Item) {
	for _, it := range p.items[recording] {
		if it.Class == "" || it.Reject {
			continue
		}
		if n := len(items); n > 0 {
			items[n-1].End = min(items[n-1].End, it.Onset)
		}
		items = append(items, it)
	}
	return items
}

// written is one recording with what a format writes of it.
type written struct {
	data.Recording
	set   string // the name of the set's directory
	items []Item
}

func (w written) seconds(sample int) float64 { return float64(sample) / float64(w.Rate) }

// Export writes the labels of every recording into a folder, for another
// program: a file a recording, named like it, or one for all. It fails on an
// unknown format, and on a folder that holds anything: an older file there
// would be read back as if it were part of this.
func (p *Page) Export(dir, format string) (data.Summary, error) {
	sum := data.Summary{Stage: "export labels", Counts: map[string]int{}}
	save, ok := formats[format]
	if !ok {
		return sum, fmt.Errorf("%q is no format of labels; there are %s", format, strings.Join(Formats(), ", "))
	}
	if there, err := os.ReadDir(dir); err == nil && len(there) > 0 {
		return sum, fmt.Errorf("%s: the folder is not empty; name a new one, or remove it first", dir)
	}
	var all []written
	for i, r := range p.recordings {
		if items := p.shown(i); len(items) > 0 {
			all = append(all, written{r, filepath.Base(p.set.Path()), items})
			sum.Counts["labels"] += len(items)
		}
	}
	if len(all) == 0 {
		return sum, errors.New("no hit here bears a name")
	}
	sum.Counts["recordings"] = len(all)
	return sum, save(dir, all)
}

// stems returns file names for recordings: theirs without the extension, or
// with it where two differ in nothing else.
func stems(all []written) []string {
	count := map[string]int{}
	names := make([]string, len(all))
	for i, r := range all {
		names[i] = strings.TrimSuffix(r.Name, path.Ext(r.Name))
		count[names[i]]++
	}
	for i, r := range all {
		if count[names[i]] > 1 {
			names[i] = r.Name
		}
	}
	return names
}

// saveEach writes a file a recording.
func saveEach(dir, extension string, all []written, write func(io.Writer, written) error) error {
	for i, name := range stems(all) {
		local, err := filepath.Localize(name + extension)
		if err != nil {
			return fmt.Errorf("recording %q: its name leads out of the folder", name)
		}
		if err := data.WriteFile(filepath.Join(dir, local), func(w io.Writer) error { return write(w, all[i]) }); err != nil {
			return err
		}
	}
	return nil
}

// Find returns the recording that a file of another program is about: by its
// ID, its name or its aliases, with or without folders and extension.
func (p *Page) Find(name string) (data.Recording, error) {
	for _, key := range []string{name, path.Base(name)} {
		switch found := p.named[key]; {
		case len(found) == 1:
			return p.recordings[found[0]], nil
		case len(found) > 1:
			return data.Recording{}, fmt.Errorf("%d recordings have this name; put it into their folder", len(found))
		}
	}
	return data.Recording{}, errors.New("no recording here has this name")
}

// namesOf returns what a recording may be called, each once.
func namesOf(r data.Recording) []string {
	keys := []string{r.ID}
	for _, name := range append([]string{r.Name}, r.Aliases...) {
		for _, n := range []string{name, path.Base(name)} {
			keys = append(keys, n, strings.TrimSuffix(n, path.Ext(n)))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// sameHit is how far apart a label of a file and one of the page may be to be
// about one hit: a quarter of the shortest time between two hits.
const sameHit = 10 * time.Millisecond

// Import takes in what files of other programs say, as one action, which undo
// takes back: they are said by the page's person. A file speaks for its whole
// recording: where it has a label no longer, what stood there is taken back,
// unless another person said it or the file could not be read to its end.
// Labels by a model are said by the model and take nothing back.
func (p *Page) Import(all []Said) (data.Summary, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := data.Summary{Stage: "import labels", Counts: map[string]int{}}
	var people, models []data.Label
	for _, s := range all {
		i, ok := p.index[s.Recording]
		if !ok {
			return sum, fmt.Errorf("no recording %q here", s.Recording)
		}
		sum.Counts["recordings"]++
		sum.Counts["labels"] += len(s.Labels)
		if len(s.Labels) > 0 && s.Labels[0].By == data.ByModel {
			models = append(models, p.guessed(i, s, sum.Counts)...)
			continue
		}
		people = append(people, p.differences(i, s, sum.Counts)...)
	}
	for _, lines := range [][]data.Label{people, models} {
		if len(lines) == 0 {
			continue
		}
		if _, err := p.write(lines); err != nil {
			return sum, err
		}
	}
	sum.Unchanged = len(people)+len(models) == 0
	return sum, nil
}

// guessed returns the lines of a model's labels, less those that the page shows
// already, and counts them.
func (p *Page) guessed(recording int, s Said, counts map[string]int) (lines []data.Label) {
	for _, l := range s.Labels {
		it, exact := p.itemAt(recording, l.Onset)
		if exact && it.Class == l.Class {
			counts["as they were"]++
			continue
		}
		said := p.fromFile(l, it, p.momentAt(recording, l.Onset))
		said.By, said.Who = data.ByModel, l.Who
		lines = append(lines, said)
	}
	counts["new"] += len(lines)
	return lines
}

// differences returns the lines after which a recording is as a file says, and
// counts them. A statement with the silence of the moment that it moved from
// behind it is a move; other silences come first.
func (p *Page) differences(recording int, s Said, counts map[string]int) []data.Label {
	shown := p.shown(recording)
	from := map[int]Item{} // the shown item of a label of the file
	paired := map[string]bool{}
	onsetsShown := make([]int, len(shown))
	for i, it := range shown {
		onsetsShown[i] = it.Onset
	}
	for _, pair := range data.Match(onsetsShown, onsets(s.Labels), p.recordings[recording].Rate.N(sameHit)) {
		from[pair.B] = shown[pair.A]
		paired[shown[pair.A].ID] = true
	}
	var silences, statements []data.Label
	for _, it := range shown {
		switch {
		case paired[it.ID] || !s.Whole:
		case it.By == data.ByHuman && it.Who != p.config.Who:
			counts["kept, said by others"]++
		default:
			counts["taken back"]++
			silences = append(silences, p.silence(it))
		}
	}
	for i, l := range s.Labels {
		it, found := from[i]
		lines, what := p.difference(recording, l, it, found)
		statements = append(statements, lines...)
		counts[what]++
	}
	return append(silences, statements...)
}

// difference returns what a label of a file changes, and what to call it. The
// item is the one that it is about, if there is one.
func (p *Page) difference(recording int, l data.Label, it Item, found bool) (lines []data.Label, what string) {
	at := p.momentAt(recording, l.Onset)
	switch moved := found && at != it.moment; {
	case found && !moved && it.Class == l.Class && sameEnd(l, it):
		return nil, "as they were"
	case moved:
		return []data.Label{p.fromFile(l, it, at), p.hush(it.moment)}, "moved"
	case found:
		return []data.Label{p.fromFile(l, it, at)}, "changed"
	}
	it, _ = p.itemAt(recording, l.Onset)
	return []data.Label{p.fromFile(l, it, at)}, "new"
}

// fromFile returns the line that a label of a file amounts to at a moment. An
// end that is the item's own anyway is not repeated.
func (p *Page) fromFile(l data.Label, it Item, at data.Moment) data.Label {
	said := p.line(at)
	said.Class = l.Class
	if !sameEnd(l, it) {
		said.End = l.End
	}
	return said
}

func sameEnd(l data.Label, it Item) bool { return l.End == 0 || abs(l.End-it.End) <= 1 }

// momentAt returns the moment at which a statement about an onset is made: that
// of the item there, if there is one.
func (p *Page) momentAt(recording, onset int) data.Moment {
	if it, exact := p.itemAt(recording, onset); exact {
		return it.moment
	}
	return data.Moment{Recording: p.recordings[recording].ID, Onset: onset}
}

// itemAt returns the item at an onset; programs that keep times as text may be
// a sample off.
func (p *Page) itemAt(recording, onset int) (Item, bool) {
	items := p.items[recording]
	i, _ := slices.BinarySearchFunc(items, onset-1, func(it Item, n int) int { return it.Onset - n })
	if i < len(items) && items[i].Onset <= onset+1 {
		return items[i], true
	}
	return Item{}, false
}

func abs(n int) int { return max(n, -n) }
