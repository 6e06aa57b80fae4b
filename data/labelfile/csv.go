package labelfile

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
)

// Tables of commas: ours, Sonic Visualiser's and REAPER's.

// writeRows writes a table of commas, a row a mark.
func writeRows(w io.Writer, r Recording, head []string, row func(i int, m Mark) []string) error {
	c := csv.NewWriter(w)
	c.Write(head)
	for i, m := range r.Marks {
		c.Write(row(i, m))
	}
	c.Flush()
	return c.Error()
}

// endCell writes the end of a mark, "" where it has none.
func endCell(m Mark) string {
	if m.End == 0 {
		return ""
	}
	return micro(m.End)
}

// writeCSV writes a table with onset and end in seconds.
func writeCSV(w io.Writer, r Recording) error {
	return writeRows(w, r, []string{"onset", "end", "label"}, func(_ int, m Mark) []string {
		return []string{micro(m.Onset), endCell(m), m.Class}
	})
}

// writeSonicVisualiser writes a region layer as text; a point has no duration:
// https://www.sonicvisualiser.org/doc/reference/4.5/en/#importexport
func writeSonicVisualiser(w io.Writer, r Recording) error {
	return writeRows(w, r, []string{"TIME", "VALUE", "DURATION", "LABEL"}, func(_ int, m Mark) []string {
		return []string{micro(m.Onset), "0", micro(max(m.End-m.Onset, 0)), m.Class}
	})
}

// writeReaper writes regions and markers as REAPER's list of them exports them.
func writeReaper(w io.Writer, r Recording) error {
	return writeRows(w, r, []string{"#", "Name", "Start", "End", "Length"}, func(i int, m Mark) []string {
		if m.End == 0 {
			return []string{fmt.Sprintf("M%d", i+1), m.Class, clock(m.Onset), "", ""}
		}
		return []string{fmt.Sprintf("R%d", i+1), m.Class, clock(m.Onset), clock(m.End), clock(m.End - m.Onset)}
	})
}

// clock writes a time as minutes:seconds.
func clock(seconds float64) string {
	us := int64(seconds*1e6 + .5)
	return fmt.Sprintf("%d:%02d.%06d", us/60e6, us/1e6%60, us%1e6)
}

// writeOnsets writes the onsets alone, a line each.
func writeOnsets(w io.Writer, r Recording) error {
	b := bufio.NewWriter(w)
	for _, m := range r.Marks {
		fmt.Fprintln(b, micro(m.Onset))
	}
	return b.Flush()
}
