package advice

import (
	"time"

	"prep/cmd/internal/desk"
)

// Stats is how far the labelling is.
type Stats struct {
	Hits     int            `json:"hits"`
	Labelled int            `json:"labelled"` // named or rejected by a person
	Left     int            `json:"left"`
	Rejected int            `json:"rejected"`
	Moved    int            `json:"moved"` // or added: waiting for `prep segment`
	Classes  map[string]int `json:"classes"`
	// PerMinute is the pace of the last five minutes, or 0 before the second label.
	PerMinute float64 `json:"per_minute"`
	// Corrections is how many human statements there were beyond the first of
	// a moment, a labelled hit.
	Corrections float64 `json:"corrections"`
	Undo        int     `json:"undo"` // how many actions can be undone
}

// Count returns the statistics of a desk as it is now.
func Count(d *desk.Desk, pace *Pace) Stats {
	t := d.Tally()
	s := Stats{Hits: t.Hits, Labelled: t.Labelled, Left: t.Hits - t.Labelled, Rejected: t.Rejected, Moved: t.Moved, Classes: t.Classes,
		Undo: d.Undoable(), PerMinute: pace.perMinute(time.Now())}
	if s.Labelled > 0 {
		lines, moments := d.Statements()
		s.Corrections = float64(lines-moments) / float64(s.Labelled)
	}
	return s
}

// Pace is when the labels of a session were given, as far back as it counts.
type Pace struct{ at []time.Time }

// Add notes n labels that were given now.
func (p *Pace) Add(n int) { p.add(n, time.Now()) }

func (p *Pace) add(n int, now time.Time) {
	for range n {
		p.at = append(p.at, now)
	}
}

// paceOver is how far back the pace looks.
const paceOver = 5 * time.Minute

// perMinute returns the pace at a moment, and forgets what is older.
func (p *Pace) perMinute(now time.Time) float64 {
	for len(p.at) > 0 && now.Sub(p.at[0]) > paceOver {
		p.at = p.at[1:]
	}
	if len(p.at) < 2 {
		return 0
	}
	return float64(len(p.at)-1) / max(now.Sub(p.at[0]).Minutes(), 1.0/60)
}
