package data

import "slices"

// RemovedFile is the journal of recordings that left the set, append-only.
const RemovedFile = "removed.jsonl"

// Removal is one line of removed.jsonl: a person took a recording out of the set, or put it back.
// Its audio and its labels stay where they are.
type Removal struct {
	Recording Recording `json:"recording"` // as it was listed
	Back      bool      `json:"back"`
	Who       string    `json:"who"`
	Time      string    `json:"time"` // RFC 3339
}

// Removals returns the last line of the journal of each recording that it names, in the order of those lines.
func (s *Set) Removals() ([]Removal, error) {
	journal, err := ReadJournal[Removal](s.Path(RemovedFile))
	var last []Removal
	for _, r := range journal {
		last = slices.DeleteFunc(last, func(o Removal) bool { return o.Recording.ID == r.Recording.ID })
		last = append(last, r)
	}
	return last, err
}

// Removed returns the recordings that left the set and are not back, in the order in which they left.
func (s *Set) Removed() (out []Recording, err error) {
	last, err := s.Removals()
	for _, r := range last {
		if !r.Back {
			out = append(out, r.Recording)
		}
	}
	return out, err
}

// AppendRemovals appends to the journal and syncs it before it returns.
func (s *Set) AppendRemovals(r ...Removal) error { return AppendLines(s.Path(RemovedFile), r) }

// ids returns the IDs of recordings.
func ids(recordings []Recording) map[string]bool {
	all := map[string]bool{}
	for _, r := range recordings {
		all[r.ID] = true
	}
	return all
}
