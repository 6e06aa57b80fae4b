package studio

import (
	"fmt"
	"time"

	"prep/data"
)

// doing says what a stage does, for who waits at the page.
var doing = map[string]string{"ingest": "Reading recordings", "segment": "Finding hits"}

// told passes steps on, and tells of them in words, not more often than after a pause.
func told(to data.Progress, pause time.Duration, tell func(string)) data.Progress {
	var last time.Time
	return func(s data.Step) {
		to.Report(s)
		what, known := doing[s.Stage]
		if !known || s.Total < 2 || time.Since(last) < pause {
			return
		}
		last = time.Now()
		tell(fmt.Sprintf("%s: %d of %d", what, s.Done, s.Total))
	}
}
