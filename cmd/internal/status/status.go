// Package status says what a set holds, what of it is out of date and why, and which command comes next.
package status

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"prep/cmd/internal/config"
	"prep/cmd/internal/gallery"
	"prep/cmd/internal/report"
	"prep/data"
	"prep/data/disk"
	"prep/data/document"
	"prep/data/work"
	"prep/features/pitch"
	"prep/ingest"
	"prep/train"
)

// Status is what a set holds, and what is to be done with it.
type Status struct {
	Set        string         `json:"set"`
	Recordings int            `json:"recordings"`
	Removed    int            `json:"removed"` // recordings that left the set
	Groups     map[string]int `json:"groups"`  // recordings of each
	Hits       int            `json:"hits"`    // that were found and not rejected
	Classes    map[string]int `json:"classes"` // hits of each
	Unlabelled int            `json:"unlabelled"`
	Copies     int            `json:"copies"`
	Patches    []string       `json:"patches"` // their kinds
	Models     []Model        `json:"models"`
	// Stages are those that have run, and which of them would make something else now.
	Stages []work.Planned `json:"stages"`
	Notes  []string       `json:"notes"` // what looks wrong
	Next   string         `json:"next"`  // the command that comes next, or ""
}

// Model is a model of the set and what it is worth.
type Model struct {
	Name     string  `json:"name"`
	Accuracy float64 `json:"accuracy"`
	Protocol string  `json:"protocol"`
	Stale    string  `json:"stale,omitempty"` // why it is another than one of today
}

// editions returns those of the packages whose names records have.
func editions() work.Editions {
	all := work.Editions(config.Editions())
	all["pitch"], all["document"], all["report"], all["gallery"] = pitch.Edition, document.Edition, report.Edition, gallery.Edition
	return all
}

// Of looks at a set. Commands returns how a stage is run again as it was, "prep segment --set
// beats --onsets snap"; look, how files are compared with what records say. The error is of files
// that cannot be read.
func Of(set *data.Set, look work.Look, commands Commands) (Status, error) {
	s := Status{Set: set.Path(), Groups: map[string]int{}, Classes: map[string]int{}}
	for _, look := range []func(*data.Set) error{s.countRecordings, s.countHits, s.findModels} {
		if err := look(set); err != nil {
			return s, err
		}
	}
	var err error
	if s.Patches, err = set.PatchKinds(); err != nil {
		return s, err
	}
	if s.Stages, err = work.Outdated(set, editions(), look); err != nil {
		return s, err
	}
	s.Notes = append(s.Notes, config.Mistyped(s.Classes)...)
	s.Next = s.next(set, commands)
	return s, nil
}

func (s *Status) countRecordings(set *data.Set) error {
	recordings, err := set.Recordings()
	if err != nil {
		return err
	}
	removed, err := set.Removed()
	s.Recordings, s.Removed = len(recordings), len(removed)
	for _, r := range recordings {
		s.Groups[r.Group]++
	}
	s.Notes = append(s.Notes, ingest.OddGroups(recordings)...)
	return err
}

// countHits counts those of the recordings that are there: what hits.jsonl has of others goes
// when segment runs again.
func (s *Status) countHits(set *data.Set) error {
	hits, err := set.Hits()
	if err != nil {
		return err
	}
	recordings, err := set.Recordings()
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, r := range recordings {
		there[r.ID] = true
	}
	examples, err := set.ExamplesOf(slices.DeleteFunc(hits, func(h data.Hit) bool { return !there[h.Recording] }))
	for _, e := range examples {
		switch {
		case e.Parent != "":
			s.Copies++
			continue
		case e.Class == "":
			s.Unlabelled++
		default:
			s.Classes[e.Class]++
		}
		s.Hits++
	}
	return err
}

func (s *Status) findModels(set *data.Set) error {
	names, err := train.Models(set)
	for _, name := range names {
		r, err := train.ReadReport(train.ModelDir(set, name))
		if err != nil {
			if disk.IsOfMoment(err) {
				return err
			}
			s.Notes = append(s.Notes, fmt.Sprintf("models/%s has no report that can be read: a training that is on its way, or `prep check` says more", name))
			continue
		}
		m := Model{Name: name, Accuracy: r.Accuracy, Protocol: r.Protocol}
		if m.Stale, err = train.Stale(set, name); err != nil {
			return err
		}
		s.Models = append(s.Models, m)
	}
	return err
}

// Text prints the status for a person.
func (s Status) Text(w io.Writer) {
	fmt.Fprintf(w, "%s: %s of %s, %s\n", s.Set, data.Counted(s.Recordings, "recording"), data.Counted(len(s.Groups), "group"), data.Counted(s.Hits, "hit"))
	fmt.Fprintf(w, "  groups: %s\n", listed(s.Groups))
	if s.Removed > 0 {
		fmt.Fprintf(w, "  removed: %s; `prep remove --undo NAME` brings one back\n", data.Counted(s.Removed, "recording"))
	}
	if s.Hits > 0 {
		fmt.Fprintf(w, "  classes: %s; %d without a class\n", cmp.Or(listed(s.Classes), "none"), s.Unlabelled)
	}
	if s.Copies > 0 {
		fmt.Fprintf(w, "  copies: %d, for training only\n", s.Copies)
	}
	if len(s.Patches) > 0 {
		fmt.Fprintf(w, "  patches: %s\n", strings.Join(s.Patches, ", "))
	}
	for _, m := range s.Models {
		fmt.Fprintf(w, "  model %s: accuracy %.3f (%s)\n", m.Name, m.Accuracy, m.Protocol)
		if m.Stale != "" {
			fmt.Fprintf(w, "    out of date: %s\n", m.Stale)
		}
	}
	for _, p := range s.Stages {
		if p.Runs {
			fmt.Fprintf(w, "  out of date: %s (%s)\n", p.Stage, p.Why)
		}
	}
	for _, n := range s.Notes {
		fmt.Fprintf(w, "  note: %s\n", n)
	}
}

// most is how many names a line has.
const most = 12

// listed returns "kick 12, hat 3", the largest first.
func listed(counts map[string]int) string {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	})
	var parts []string
	for _, n := range names[:min(len(names), most)] {
		parts = append(parts, fmt.Sprintf("%s %d", n, counts[n]))
	}
	if len(names) > most {
		parts = append(parts, fmt.Sprintf("and %d more", len(names)-most))
	}
	return strings.Join(parts, ", ")
}
