// Package console is how a run of prep speaks while it goes on: progress for a
// terminal or a log, and notices for whoever watches from afar, as lines of JSON
// or as workflow commands of GitHub Actions.
package console

import (
	"encoding/json"
	"io"
)

// The formats of a log.
const (
	Text = "text"
	JSON = "json"
)

// writeLine writes v as a line of JSON. A log that cannot be written is no
// reason to stop.
func writeLine(w io.Writer, v any) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.Encode(v)
}
