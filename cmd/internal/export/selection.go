package export

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"prep/data"
	"prep/data/pcm"
)

// Config says what of a set is handed out, and how.
type Config struct {
	// Unlabelled brings the hits that nobody has named, in a split of their own. Without it
	// they are left out.
	Unlabelled bool
	// Bits are those of a sample; 0 is 16 where they hold every hit, else floats.
	Bits pcm.Format
	// Gain multiplies all sounds by one number that takes the loudest sample to full scale.
	Gain bool
	// Length, in samples, is that of every sound where it is not 0; the onset is at the same
	// place in each.
	Length int
}

// LongestSound is the largest Length: some seconds, where a hit lasts less than 50 ms.
const LongestSound = 1 << 20

// unlabelled is the folder and the split of the hits that nobody has named.
const unlabelled = "unlabelled"

// errNoHits says that there is nothing to hand out.
var errNoHits = errors.New("no hits to export; run `prep segment` first")

// row is a hit that is handed out.
type row struct {
	data.Example
	Split string
}

// selection is what is handed out of a set.
type selection struct {
	set     *data.Set
	rows    []row
	classes []string // sorted
	catalog data.Catalog
	notes   []string
	leakage string // how many sounds are in two groups, in words
}

// choose returns the hits that every export holds: those with a class, copies in the train
// split alone, and, where c asks for them, the unlabelled, in a split of their own. copies
// false leaves copies out.
func (c Config) choose(set *data.Set, copies bool) (*selection, error) {
	examples, err := set.Examples()
	if err != nil {
		return nil, err
	}
	if len(examples) == 0 {
		return nil, errNoHits
	}
	recordings, err := set.Recordings()
	if err != nil {
		return nil, err
	}
	s := &selection{set: set, catalog: data.NewCatalog(recordings)}
	splits, left := data.Splits(data.CountGroups(examples)), 0
	for _, e := range examples {
		split := splitOf(e, splits)
		switch {
		case e.Parent != "" && (!copies || split != data.Train):
		case e.Class == "" && !c.Unlabelled:
			left++
		default:
			s.rows = append(s.rows, row{e, split})
			s.classes = append(s.classes, e.Class)
		}
	}
	slices.Sort(s.classes)
	s.classes = slices.DeleteFunc(slices.Compact(s.classes), func(c string) bool { return c == "" })
	if left > 0 {
		s.note("%d hits without a class are left out; --unlabelled brings them, apart from the classes", left)
	}
	if len(s.rows) == 0 {
		return nil, errors.New("no hit has a class; label some, or ask for --unlabelled")
	}
	return s, nil
}

// splitOf returns the split of an example: that of its group, or unlabelled.
func splitOf(e data.Example, splits map[string]string) string {
	if e.Class == "" {
		return unlabelled
	}
	if s, ok := splits[e.Group]; ok {
		return s
	}
	return data.Train
}

func (s *selection) note(format string, args ...any) {
	s.notes = append(s.notes, fmt.Sprintf(format, args...))
}

// summary counts the rows by split.
func (s *selection) summary(stage string) data.Summary {
	sum := data.Summary{Stage: stage, Counts: map[string]int{}, Notes: s.notes}
	for _, r := range s.rows {
		sum.Counts[r.Split]++
	}
	return sum
}

// class returns the index of a row's class, -1 for none.
func (s *selection) class(r row) int64 {
	i, ok := slices.BinarySearch(s.classes, r.Class)
	if !ok {
		return -1
	}
	return int64(i)
}

// namedHits is how many hits a note names.
const namedHits = 5

// name returns how notes call some rows.
func (s *selection) name(rows []row) string {
	var names []string
	for _, r := range rows[:min(namedHits, len(rows))] {
		rec, _ := s.catalog.Recording(r.Recording)
		name := fmt.Sprintf("%s at %.3f s", rec.Name, seconds(r.Onset, rec.Rate))
		if r.Parent != "" {
			name += " (copy " + strings.TrimPrefix(r.ID, r.Parent+"+") + ")"
		}
		names = append(names, name)
	}
	if more := len(rows) - namedHits; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), more)
	}
	return strings.Join(names, ", ")
}

// original returns the hit itself, or what it is a copy of.
func (r row) original() string {
	if r.Parent != "" {
		return r.Parent
	}
	return r.ID
}

func seconds(n int, rate data.Rate) float64 { return float64(n) / float64(rate) }
