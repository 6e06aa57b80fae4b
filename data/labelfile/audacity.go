package labelfile

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// isSpectral says whether a line has the frequencies of the label before it,
// which Audacity writes behind a backslash.
func isSpectral(line string) bool {
	cells := strings.Split(line[:min(len(line), 100)], "\t")
	if len(cells) != 3 || cells[0] != `\` {
		return false
	}
	_, _, low := number(cells[1])
	_, _, high := number(cells[2])
	return low && high
}

// writeAudacity writes a label track: a region a mark, a point where it has no
// end: https://manual.audacityteam.org/man/importing_and_exporting_labels.html
func writeAudacity(w io.Writer, r Recording) error {
	b := bufio.NewWriter(w)
	for _, m := range r.Marks {
		fmt.Fprintf(b, "%s\t%s\t%s\n", micro(m.Onset), micro(max(m.End, m.Onset)), cleanName(m.Class))
	}
	return b.Flush()
}
