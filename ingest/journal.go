package ingest

import (
	"slices"

	"prep/data"
)

// The journal: what must be appended so that it says what the label files say.

// labels returns the lines to append to the journal, so that it says what the
// label files say: what is new or different, and a taking back of what imports
// said before and no file says any more. A recording without a label file, or
// with one that has faults, has nothing taken back. A class that a file gives to
// a whole recording is the recording's, unless its path gives it one.
func (in *intake) labels(takes []take, recordings []data.Recording) ([]data.Label, error) {
	journal, err := in.set.Labels()
	if err != nil {
		return nil, err
	}
	said := map[string]map[int]data.Label{}
	for m, l := range data.Standing(slices.DeleteFunc(journal, func(l data.Label) bool { return l.By != data.ByImport })) {
		if said[m.Recording] == nil {
			said[m.Recording] = map[int]data.Label{}
		}
		said[m.Recording][m.Onset] = l
	}
	statements := in.labeller.statements(takes, recordings)
	if in.found.fault != nil {
		return nil, in.found.fault
	}
	var news []data.Label
	counts := map[string]int{}
	for i, r := range recordings {
		s := statements[r.ID]
		if s == nil {
			continue
		}
		news = append(news, s.differences(r.ID, said[r.ID])...)
		for _, l := range s.labels {
			counts[l.Class]++
		}
		if r.Class == "" {
			recordings[i].Class = s.class
		}
	}
	in.labeller.report(takes, recordings, counts)
	return news, nil
}

// statements returns what label files say of each recording, by its ID: the file
// beside it, or else a table of many, or else the markers inside its own.
func (l *labeller) statements(takes []take, recordings []data.Recording) map[string]*statement {
	byID, said := byContent(takes), map[string]*statement{}
	for _, r := range recordings {
		if s := l.sidecar(byID[r.ID], r); s != nil {
			said[r.ID] = s
		}
	}
	ofTables := l.tables(recordings)
	for _, r := range recordings {
		if s := ofTables[r.ID]; s != nil && said[r.ID] == nil {
			said[r.ID] = s
			l.countStatement(s)
		} else if s != nil {
			l.tell("what it says is passed over of recordings that have a label file of their own", s.name)
		}
		for _, t := range byID[r.ID] {
			switch {
			case t.inside == nil:
			case said[r.ID] == nil:
				said[r.ID] = l.markers(t, r)
			default:
				l.tell("the markers inside the file are passed over, for it has other labels", nameBelow(t.root, t.path))
			}
		}
	}
	return said
}

// differences returns what to append for one recording, by onset, where imports
// have said something before.
func (s *statement) differences(id string, said map[int]data.Label) (news []data.Label) {
	for at, l := range s.labels {
		if said[at] != l {
			news = append(news, l)
		}
	}
	for at := range said {
		if _, ok := s.labels[at]; !ok && s.whole {
			news = append(news, data.Label{Recording: id, Onset: at, By: data.ByImport})
		}
	}
	slices.SortFunc(news, func(a, b data.Label) int { return a.Onset - b.Onset })
	return news
}
