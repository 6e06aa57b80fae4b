package labelfile

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// writeAudition writes the list of markers that Adobe Audition imports and
// exports, tabs between its columns.
func writeAudition(w io.Writer, r Recording) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "Name\tStart\tDuration\tTime Format\tType\tDescription")
	for _, m := range r.Marks {
		fmt.Fprintf(b, "%s\t%s\t%s\tdecimal\tCue\t\n", cleanName(m.Class), clock(m.Onset), clock(max(m.End-m.Onset, 0)))
	}
	return b.Flush()
}

// auditionUnit returns how many seconds the numbers of a row count, 1 where
// they are clock times: its time format is "48000 Hz" or "decimal".
func auditionUnit(timeFormat string) float64 {
	hz, found := strings.CutSuffix(strings.TrimSpace(timeFormat), " Hz")
	if v, err := strconv.ParseFloat(hz, 64); found && err == nil && v > 0 {
		return 1 / v
	}
	return 1
}
