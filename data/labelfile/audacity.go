package labelfile

import (
	"bufio"
	"fmt"
	"io"
)

// writeAudacity writes a label track: a region a mark, a point where it has no
// end: https://manual.audacityteam.org/man/importing_and_exporting_labels.html
func writeAudacity(w io.Writer, r Recording) error {
	b := bufio.NewWriter(w)
	for _, m := range r.Marks {
		fmt.Fprintf(b, "%s\t%s\t%s\n", micro(m.Onset), micro(max(m.End, m.Onset)), cleanName(m.Class))
	}
	return b.Flush()
}
