package label

import (
	"time"

	"prep/data"
)

// Stats is how far the labelling is.
type Stats struct {
	Hits     int            `json:"hits"`
	Labelled int            `json:"labelled"` // named or rejected by a person
	Left     int            `json:"left"`
	Rejected int            `json:"rejected"`
	Moved    int            `json:"moved"` // or added: waiting for `prep segment --onsets annotation`
	Classes  map[string]int `json:"classes"`
	// PerMinute is the pace of the last five minutes, or 0 before the second label.
	PerMinute float64 `json:"per_minute"`
	// Corrections is how many human statements there were beyond the first of
	// a moment, a labelled hit.
	Corrections float64 `json:"corrections"`
	Undo        int     `json:"undo"` // how many actions can be undone
}

// Stats returns how far the labelling is now.
func (p *Page) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stats()
}

// stats counts what the items and the journal say.
func (p *Page) stats() Stats {
	s := Stats{Classes: map[string]int{}, Undo: len(p.journal.done), PerMinute: p.perMinute(time.Now())}
	said, moments := 0, map[data.Moment]bool{}
	for r, items := range p.items {
		for _, it := range items {
			s.count(it)
		}
		for _, l := range p.journal.lines[p.recordings[r].ID] {
			if l.By == data.ByHuman && states(l) {
				said++
				moments[momentOf(l)] = true
			}
		}
	}
	if s.Labelled > 0 {
		s.Corrections = float64(said-len(moments)) / float64(s.Labelled)
	}
	s.Left = s.Hits - s.Labelled
	return s
}

func (s *Stats) count(it Item) {
	s.Hits++
	if it.By == data.ByHuman {
		s.Labelled++
	}
	switch {
	case it.Reject:
		s.Rejected++
	case it.Class != "":
		s.Classes[it.Class]++
	}
	if it.Onset != it.Found && it.By == data.ByHuman && !it.Reject {
		s.Moved++
	}
}

// paceOver is how far back the pace looks.
const paceOver = 5 * time.Minute

// perMinute returns the pace at a moment, and forgets what is older.
func (p *Page) perMinute(now time.Time) float64 {
	for len(p.pace) > 0 && now.Sub(p.pace[0]) > paceOver {
		p.pace = p.pace[1:]
	}
	if len(p.pace) < 2 {
		return 0
	}
	return float64(len(p.pace)-1) / max(now.Sub(p.pace[0]).Minutes(), 1.0/60)
}
