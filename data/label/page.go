package label

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"prep/data"
)

// Config is who labels, with which classes, and who may ask.
type Config struct {
	Settings
	Who   string   // the name that human lines bear
	Token string   // the first element of every path
	Hosts []string // the values of Host that are answered
}

// Settings are what a user may configure.
type Settings struct {
	// Classes are offered besides those that the set already has, first.
	Classes []string `yaml:"classes" json:"classes"`
	// Keys are letters that name a class, besides the digits: k: kick.
	Keys map[string]string `yaml:"keys" json:"keys"`
}

// reserved are the letters that are commands of the page.
const reserved = "amnouvx"

// Validate says which key or class cannot be.
func (s Settings) Validate() error {
	for _, c := range s.Classes {
		if _, err := cleanClass(c); err != nil {
			return fmt.Errorf("classes: %q: %w", c, err)
		}
	}
	for k, c := range s.Keys {
		if len(k) != 1 || k[0] < 'a' || k[0] > 'z' || strings.Contains(reserved, k) {
			return fmt.Errorf("keys: %q: must be one small letter other than %s, which are commands", k, strings.Join(strings.Split(reserved, ""), " "))
		}
		if _, err := cleanClass(c); err != nil {
			return fmt.Errorf("keys: %s: %w", k, err)
		}
	}
	return nil
}

// Suggest asks a model about hits of one recording: a Suggestion a hit, in
// their order.
type Suggest func(context.Context, []data.Hit) ([]Suggestion, error)

// Suggestion is what a model thinks of a hit: a probability for each class.
// Nil is a hit that it has no opinion of.
type Suggestion map[string]float32

// Page is the labelling page of a set: an http.Handler. It is safe for
// concurrent use and the set's only writer while it runs.
type Page struct {
	set    *data.Set
	config Config
	audio  *audioStore

	drawing sync.Mutex
	drawn   map[data.Moment][]byte // pictures to compare hits by: likeSide x likeSide

	mu         sync.Mutex
	recordings []data.Recording
	index      map[string]int   // of a recording's ID
	named      map[string][]int // recordings by what may name them
	hits       [][]data.Hit     // originals, by recording
	journal    *journal
	left       stamp // of labels.jsonl, as this page left it
	items      [][]Item
	where      map[string]place // of an item's ID
	classes    []string
	guesses    map[string]Suggestion
	version    int
	listeners  map[chan []byte]bool
	last       time.Time   // of the last action
	pace       []time.Time // of this session's labels
}

// New reads a set that is open for writing. It fails, naming the line, when a
// manifest or the journal cannot be read.
func New(set *data.Set, c Config) (*Page, error) {
	p := &Page{set: set, config: c, audio: newAudioStore(set), index: map[string]int{}, named: map[string][]int{}, where: map[string]place{},
		drawn: map[data.Moment][]byte{}, guesses: map[string]Suggestion{}, listeners: map[chan []byte]bool{}}
	var err error
	if p.recordings, err = set.Recordings(); err != nil {
		return nil, err
	}
	for i, r := range p.recordings {
		p.index[r.ID] = i
		for _, name := range namesOf(r) {
			p.named[name] = append(p.named[name], i)
		}
	}
	if err := p.readHits(); err != nil {
		return nil, err
	}
	lines, err := set.Labels()
	if err != nil {
		return nil, err
	}
	p.journal = readJournal(lines)
	p.left = p.journalStamp()
	p.items = make([][]Item, len(p.recordings))
	for i := range p.recordings {
		p.refresh(i)
	}
	p.classes = p.allClasses()
	return p, nil
}

// readHits reads the originals.
func (p *Page) readHits() error {
	hits, err := p.set.Hits()
	p.hits = make([][]data.Hit, len(p.recordings))
	for _, h := range hits {
		i, ok := p.index[h.Recording]
		if !ok {
			return fmt.Errorf("%s: hit %s is of recording %q, which is not in %s; run `prep segment` again",
				data.HitsFile, h.ID, h.Recording, data.RecordingsFile)
		}
		if h.Parent == "" {
			p.hits[i] = append(p.hits[i], h)
		}
	}
	return err
}

// stamp tells one state of a file from another.
type stamp struct {
	size    int64
	changed time.Time
}

func (p *Page) journalStamp() stamp {
	info, err := os.Stat(p.set.Path(data.LabelsFile))
	if err != nil {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime()}
}

// refresh recomputes the items of a recording and returns those that changed
// and the IDs of those that went.
func (p *Page) refresh(recording int) (changed []Item, gone []string) {
	old := map[string]Item{}
	for _, it := range p.items[recording] {
		old[it.ID] = it
	}
	now := p.journal.itemsOf(recording, p.recordings[recording], p.hits[recording])
	for i, it := range now {
		now[i].Guess = p.guess(it.ID)
		was, ok := old[it.ID]
		if !ok || !slices.Equal(was.Guess, now[i].Guess) || !sameItem(was, it) {
			changed = append(changed, now[i])
		}
		delete(old, it.ID)
		p.where[it.ID] = place{recording, i}
	}
	for id := range old {
		gone = append(gone, id)
		delete(p.where, id)
	}
	p.items[recording] = now
	return changed, gone
}

func sameItem(a, b Item) bool {
	return a.Onset == b.Onset && a.Start == b.Start && a.End == b.End && a.Class == b.Class &&
		a.Reject == b.Reject && a.By == b.By && a.Who == b.Who && a.moment == b.moment
}

// guess returns the model's probabilities in the order of the classes.
func (p *Page) guess(id string) []int {
	s, ok := p.guesses[id]
	if !ok || s == nil {
		return nil
	}
	g := make([]int, len(p.classes))
	for i, c := range p.classes {
		g[i] = int(1000*s[c] + 0.5)
	}
	return g
}

// allClasses returns the classes configured, in their order, then those that
// the set or the model has, by name. A class keeps its place in a session.
func (p *Page) allClasses() []string {
	classes := slices.Clone(p.classes)
	if len(classes) == 0 {
		classes = slices.Clone(p.config.Classes)
	}
	var more []string
	for _, items := range p.items {
		for _, it := range items {
			more = append(more, it.Class)
		}
	}
	for _, c := range p.config.Keys {
		more = append(more, c)
	}
	slices.Sort(more)
	for _, c := range slices.Compact(more) {
		if c != "" && !slices.Contains(classes, c) {
			classes = append(classes, c)
		}
	}
	return classes
}

// place is where an item is in Page.items.
type place struct{ recording, index int }

// find returns the item with an ID.
func (p *Page) find(id string) (Item, bool) {
	at, ok := p.where[id]
	if !ok {
		return Item{}, false
	}
	return p.items[at.recording][at.index], true
}

// errChanged says that somebody else wrote to the journal.
var errChanged = errors.New(data.LabelsFile + " was changed by another program; nothing was written: stop `prep label` and start it again")

// write appends lines as one action, synced, and returns what changed on the
// page.
func (p *Page) write(lines []data.Label) (update, error) {
	if p.journalStamp() != p.left {
		return update{}, errChanged
	}
	p.last = later(p.last, time.Now())
	for i := range lines {
		lines[i].Time = p.last.UTC().Format(time.RFC3339Nano)
	}
	err := p.set.AppendLabels(lines...)
	p.left = p.journalStamp()
	if err != nil {
		return update{}, fmt.Errorf("not saved: %w", err)
	}
	p.journal.absorb(lines)
	return p.changed(lines), nil
}

// later returns now, or a nanosecond past last where the clock has not moved.
func later(last, now time.Time) time.Time {
	if now.After(last) {
		return now
	}
	return last.Add(time.Nanosecond)
}

// changed refreshes the recordings that lines speak of.
func (p *Page) changed(lines []data.Label) update {
	u := update{Items: []Item{}, Gone: []string{}}
	seen := map[int]bool{}
	for _, l := range lines {
		i, ok := p.index[l.Recording]
		if !ok || seen[i] {
			continue
		}
		seen[i] = true
		items, gone := p.refresh(i)
		u.Items, u.Gone = append(u.Items, items...), append(u.Gone, gone...)
	}
	for _, l := range lines {
		for _, it := range p.items[p.index[l.Recording]] {
			if it.moment == momentOf(l) && !slices.Contains(u.Focus, it.ID) && len(u.Focus) < focusMost {
				u.Focus = append(u.Focus, it.ID)
			}
		}
	}
	return p.publish(u)
}

// focusMost bounds how many hits an answer names as those to look at.
const focusMost = 50

// cleanClass returns a class's name without space around it, or an error.
func cleanClass(class string) (string, error) {
	class = strings.TrimSpace(class)
	switch {
	case class == "":
		return "", errors.New("which class? The name is empty")
	case len(class) > 64:
		return "", fmt.Errorf("a class's name has at most 64 bytes, this one %d", len(class))
	case strings.ContainsFunc(class, unicode.IsControl):
		return "", errors.New("a class's name has no control characters")
	}
	return class, nil
}
